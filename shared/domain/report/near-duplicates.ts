import { distance } from 'fastest-levenshtein';
import type { Practice } from '../../contracts/config.ts';
import type { NamedPractice } from '../../contracts/report.ts';
import { byCodePoint } from '../code-point.ts';

/** The names that each practice goes by, by practice id. */
export type PracticeNames = Map<string, Set<string>>;

/** Words that are written in more than one way. */
const SAME_WORD: Record<string, string> = {
  assoc: 'associates',
  associate: 'associates',
  center: 'ctr',
  centre: 'ctr',
  clinics: 'clinic',
  dr: 'doctor',
  fam: 'family',
  grp: 'group',
  hosp: 'hospital',
  med: 'medicine',
  medical: 'medicine',
  mt: 'mount',
  phys: 'physicians',
  saint: 'st',
};
/** Legal forms, titles and small words: two names that differ only in these read like one. */
const NO_WORD = new Set(['the', 'of', 'and', 'at', 'for', 'llc', 'llp', 'inc', 'pc', 'pa', 'pllc', 'ltd', 'md', 'do']);
/** Words of at least this many letters may differ by one letter, or by two: that is a typing error, not another name. */
const ONE_TYPO_LENGTH = 5;
const TWO_TYPOS_LENGTH = 9;

/** Two practices that may be one. */
export type PracticePair = [NamedPractice, NamedPractice];

/**
 * The near-duplicates of the figure "audit" (docs/domain.md#figure-audit): pairs of practices whose names read like one. They
 * have the same words except for case, accents, order, usual abbreviations, legal forms and typing errors. Numbers and
 * short words must be the same: "Ward 1" isn't "Ward 2". Names that the directory knows as one practice's, by name or
 * alias, make no pair, nor does one name that is anybody's alias.
 * @returns each pair sorted by name, then id, and so are the pairs
 */
export function nearDuplicates(names: PracticeNames, practices: ReadonlyMap<string, Practice>): PracticePair[] {
  const entries = [...names].flatMap(([id, own]) =>
    [...own].map((name): Entry => {
      const words = wordsOf(name);
      return { id, name, words: words.toSorted(), letters: words.join('') };
    }),
  );
  const pairs = new Map<string, PracticePair>();
  const keep = (one: Entry, other: Entry): void => {
    if (isKnownAsOne(one, other, practices)) return;
    const pair = [one, other].map(({ id, name }) => ({ id, name })).sort(byName) as PracticePair;
    pairs.set(JSON.stringify(pair), pair);
  };
  for (const candidates of Map.groupBy(entries, ({ words }) => words.length).values()) {
    for (const [one, other] of pairsOf(candidates)) if (sameWords(one.words, other.words)) keep(one, other);
  }
  // Names with the same letters may be divided into words differently.
  const lettered = entries.filter(({ letters }) => letters !== '');
  for (const candidates of Map.groupBy(lettered, ({ letters }) => letters).values()) {
    for (const [one, other] of pairsOf(candidates)) keep(one, other);
  }
  return [...pairs.values()].sort(([a, b], [c, d]) => byName(a, c) || byName(b, d));
}

const byName = (a: NamedPractice, b: NamedPractice): number => byCodePoint(a.name, b.name) || byCodePoint(a.id, b.id);

/** Every two of the candidates that are two practices: the names of one id harm no figure. */
function* pairsOf(candidates: readonly Entry[]): Generator<[Entry, Entry]> {
  for (const [index, one] of candidates.entries()) {
    for (const other of candidates.slice(index + 1)) {
      if (one.id !== other.id) yield [one, other];
    }
  }
}

function wordsOf(name: string): string[] {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’.]/g, '');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !NO_WORD.has(word))
    .map((word) => SAME_WORD[word] ?? word);
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.every((word, index) => sameWord(word, b[index] ?? ''));
}

function sameWord(a: string, b: string): boolean {
  if (a === b) return true;
  const length = Math.min(a.length, b.length);
  if (length < ONE_TYPO_LENGTH || Math.abs(a.length - b.length) > 2 || /\d/.test(a + b)) return false;
  return distance(a, b) <= (length >= TWO_TYPOS_LENGTH ? 2 : 1);
}

interface Entry extends NamedPractice {
  /** Sorted. */
  words: string[];
  letters: string;
}

/** Whether the directory has both as names of one practice, whatever ids they came under. */
function isKnownAsOne(one: NamedPractice, other: NamedPractice, practices: ReadonlyMap<string, Practice>): boolean {
  return [...practices.values()].some(({ name, aliases = [] }) => {
    const isKnown = (text: string): boolean => text === name || aliases.includes(text);
    return one.name === other.name ? aliases.includes(one.name) : isKnown(one.name) && isKnown(other.name);
  });
}
