import { distance } from 'fastest-levenshtein';
import type { Directory } from '../../contracts/config.ts';
import { byCodePoint } from '../code-point.ts';

/** By practice id the names that it goes by. */
export type PracticeNames = Map<string, Set<string>>;

type Practices = ReadonlyMap<string, Directory['practices'][number]>;

/** What is written in more than one way. */
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
/** Legal forms, titles and little words: two names that differ in these only are one. */
const NO_WORD = new Set(['the', 'of', 'and', 'at', 'for', 'llc', 'llp', 'inc', 'pc', 'pa', 'pllc', 'ltd', 'md', 'do']);
/** Words of so many letters may differ by one letter, and by two: a slip of the pen, not another name. */
const ONE_SLIP = 5;
const TWO_SLIPS = 9;

/**
 * Pairs of practice names that read like one: the same words but for case, accents, order, usual abbreviations, legal
 * forms and slips of the pen. Numbers and short words have to be the same: "Ward 1" isn't "Ward 2". Names that the
 * directory knows as one practice's, by name or alias, are no pair.
 * @returns each pair sorted, pairs sorted; a name twice where two practices go by it
 */
export function nearDuplicates(names: PracticeNames, practices: Practices): [string, string][] {
  const entries = [...names].flatMap(([practiceId, own]) =>
    [...own].map((name): Entry => {
      const words = wordsOf(name);
      return { name, practiceId, words: words.toSorted(), letters: words.join('') };
    }),
  );
  const pairs = new Map<string, [string, string]>();
  const compare = (group: readonly Entry[], isAlike: (one: Entry, other: Entry) => boolean): void => {
    group.forEach((one, index) => {
      for (const other of group.slice(index + 1)) {
        if (one.name === other.name && one.practiceId === other.practiceId) continue;
        if (!isAlike(one, other) || isKnownAsOne(one, other, practices)) continue;
        const pair = [one.name, other.name].sort(byCodePoint) as [string, string];
        pairs.set(JSON.stringify(pair), pair);
      }
    });
  };
  for (const group of Map.groupBy(entries, ({ words }) => words.length).values()) {
    compare(group, (one, other) => sameWords(one.words, other.words));
  }
  // The same letters, cut into words otherwise.
  const lettered = entries.filter(({ letters }) => letters !== '');
  for (const group of Map.groupBy(lettered, ({ letters }) => letters).values()) compare(group, () => true);
  return [...pairs.values()].sort(([a, b], [c, d]) => byCodePoint(a, c) || byCodePoint(b, d));
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
  if (length < ONE_SLIP || Math.abs(a.length - b.length) > 2 || /\d/.test(a + b)) return false;
  return distance(a, b) <= (length >= TWO_SLIPS ? 2 : 1);
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

/** Whether the directory has both as names of one practice, whatever id they came under. */
function isKnownAsOne(one: Named, other: Named, practices: Practices): boolean {
  if (one.name === other.name) return false;
  return [...practices.values()].some(({ name, aliases = [] }) => {
    const isKnown = (text: string): boolean => text === name || aliases.includes(text);
    return isKnown(one.name) && isKnown(other.name);
  });
}
