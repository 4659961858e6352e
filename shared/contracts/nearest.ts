import { distance } from 'fastest-levenshtein';

/** A longer word is no misspelled name of the contract, and is not worth comparing. */
const LONGEST = 64;
/** How many of its characters may be wrong. */
const WRONG_SHARE = 0.4;
const NEGATIONS = ['in', 'un', 'non', 'not', 'dis'];
/** A shorter part could be that of anything. */
const SHORTEST_PART = 3;

/**
 * The known word that somebody probably meant: it differs in case or separators, in a few characters, or it is the only
 * one of which the word is the beginning or end, or that is the word's own beginning or end. Null: none is that near.
 */
export function nearest(word: string, known: readonly string[], wrongShare = WRONG_SHARE): string | null {
  if (word.length > LONGEST) return null;
  const meant = plain(word);
  if (meant === '') return null;
  const same = known.find((each) => plain(each) === meant);
  if (same !== undefined) return same;
  const [best] = known
    .filter((each) => !isOpposite(plain(each), meant))
    .map((each) => ({ each, wrong: distance(plain(each), meant), length: Math.max(plain(each).length, meant.length) }))
    .filter(({ wrong, length }) => wrong <= length * wrongShare)
    .sort((a, b) => a.wrong - b.wrong);
  return best?.each ?? onlyPart(meant, known);
}

/** `; did you mean warnBefore?`, or nothing where no word is near. */
export function didYouMean(word: unknown, known: readonly string[]): string {
  const meant = meantBy(word, known);
  return meant === null ? '' : `; did you mean ${meant}?`;
}

/** `did you mean urgent? Expected ...`, or `expected ...` where no word is near. The list, which may be long, comes last. */
export function expectedWord(word: unknown, known: readonly string[], expected: string): string {
  const meant = meantBy(word, known);
  return meant === null ? `expected ${expected}` : `did you mean ${meant}? Expected ${expected}`;
}

function meantBy(word: unknown, known: readonly string[]): string | null {
  const meant = typeof word === 'string' ? nearest(word, known) : null;
  return meant === word ? null : meant;
}

function onlyPart(meant: string, known: readonly string[]): string | null {
  const isPart = (long: string, short: string): boolean =>
    short.length >= SHORTEST_PART && (long.startsWith(short) || long.endsWith(short));
  const [only, ...others] = known.filter(
    (each) => !isOpposite(plain(each), meant) && (isPart(plain(each), meant) || isPart(meant, plain(each))),
  );
  return only !== undefined && others.length === 0 ? only : null;
}

/** `inactive` is no misspelling of `active`. */
const isOpposite = (one: string, other: string): boolean =>
  NEGATIONS.some((not) => one === not + other || other === not + one);

const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
