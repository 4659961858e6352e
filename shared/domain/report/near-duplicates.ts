import { distance } from 'fastest-levenshtein';
import type { Practice } from '../../contracts/config.ts';
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

/**
 * The near-duplicates of the figure "audit" (domain contract, section 9): pairs of practice names that read like one. They
 * have the same words except for case, accents, order, usual abbreviations, legal forms and typing errors. Numbers and
 * short words must be the same: "Ward 1" isn't "Ward 2". Names that the directory knows as one practice's, by name or
 * alias, are not a pair.
 * @returns each pair sorted, pairs sorted; a pair is one name twice if two practices go by it
 */
export function nearDuplicates(names: PracticeNames, practices: ReadonlyMap<string, Practice>): [string, string][] {
  const entries = [...names].flatMap(([practiceId, own]) =>
    [...own].map((name): Entry => {
      const words = wordsOf(name);
      return { name, practiceId, words: words.toSorted(), letters: words.join('') };
    }),
  );
  const pairs = new Map<string, [string, string]>();
  const keep = (one: Entry, other: Entry): void => {
    if (isKnownAsOne(one, other, practices)) return;
    const pair = [one.name, other.name].sort(byCodePoint) as [string, string];
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
  return [...pairs.values()].sort(([a, b], [c, d]) => byCodePoint(a, c) || byCodePoint(b, d));
}

/** Every two of the candidates, except one name that stands twice under one id. */
function* pairsOf(candidates: readonly Entry[]): Generator<[Entry, Entry]> {
  for (const [index, one] of candidates.entries()) {
    for (const other of candidates.slice(index + 1)) {
      if (one.name !== other.name || one.practiceId !== other.practiceId) yield [one, other];
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

interface Named {
  name: string;
  practiceId: string;
}

interface Entry extends Named {
  /** Sorted. */
  words: string[];
  letters: string;
}

/** Whether the directory has both as names of one practice, whatever ids they came under. */
function isKnownAsOne(one: Named, other: Named, practices: ReadonlyMap<string, Practice>): boolean {
  if (one.name === other.name) return false;
  return [...practices.values()].some(({ name, aliases = [] }) => {
    const isKnown = (text: string): boolean => text === name || aliases.includes(text);
    return isKnown(one.name) && isKnown(other.name);
  });
}
