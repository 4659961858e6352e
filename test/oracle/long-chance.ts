/** Chance by seed: the same seed gives the same history on every machine. */

export interface Chance {
  /** A number from 0 inclusive to 1 exclusive. */
  next(): number;
  /** Whether something that happens in this share of cases does. */
  happens(share: number): boolean;
  /** A number between two others, whole if `whole` is used. */
  between(low: number, high: number): number;
  whole(low: number, high: number): number;
  /** One of the list, each as likely. */
  one<T>(list: readonly T[]): T;
}

export function chanceOf(seed: number): Chance {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  // mulberry32: small, and good enough for stories
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + next() * (high - low);
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));
  return {
    next,
    between,
    whole,
    happens: (share) => next() < share,
    one: <T>(list: readonly T[]) => list[whole(0, list.length - 1)] as T,
  };
}
