import type { ClockFigures, MostMissed } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';
import { MIN_MEMBERS } from './comparison.ts';
import { directionOf } from './control-chart.ts';
import type { CountedReferral } from './counted-referral.ts';
import type { Group } from './groups.ts';

/** In this period and in the 26 before it: how many fell due, and how many of these weren't met. */
const COUNTS = 4;
const PER_GROUP = CLOCK_KINDS.length * COUNTS;
const FIRST_GROUPS = 64;
/** With fewer misses than this over what was expected, a change is nowhere in particular. */
const FEWEST_MORE = 2;

interface Tally {
  due: number;
  misses: number;
  dueBefore: number;
  missesBefore: number;
}

type Changed = Pick<ClockFigures, 'centre' | 'signal'>;

/**
 * Where promises are missed: the site or the specialty that adds most to what was expected, for each clock that got worse.
 * It counts by group, 160 bytes each, since any group may belong to several scopes.
 */
export class Misses {
  #counts = new Uint32Array(FIRST_GROUPS * PER_GROUP);

  /** @param referral not voided @param group number of its group */
  add({ clocks }: CountedReferral, group: number): void {
    const start = group * PER_GROUP;
    while (this.#counts.length < start + PER_GROUP) {
      const larger = new Uint32Array(2 * this.#counts.length);
      larger.set(this.#counts);
      this.#counts = larger;
    }
    for (const { kind, dueBack, outcome } of clocks) {
      if (dueBack === null || outcome === 'excluded' || outcome === 'running') continue;
      const place = start + CLOCK_KINDS.indexOf(kind) * COUNTS + (dueBack === 0 ? 0 : 2);
      this.#counts[place] = (this.#counts[place] ?? 0) + 1;
      if (outcome !== 'met') this.#counts[place + 1] = (this.#counts[place + 1] ?? 0) + 1;
    }
  }

  /**
   * Where a clock that got worse was missed most; null if it didn't, if nothing stands out, or if there is only one site
   * and one specialty to look at.
   * @param groups those of the scope
   */
  most(kind: ClockKind, { centre, signal }: Changed, groups: readonly Group[]): MostMissed | null {
    if (centre === null || directionOf(signal) !== 'worse') return null;
    const more = ({ misses, expected }: MostMissed): number => misses - expected;
    const [most] = [
      ...this.#missesBy('site', kind, centre, groups).map(([site, counts]) => ({ site, ...counts })),
      ...this.#missesBy('specialty', kind, centre, groups).map(([specialty, counts]) => ({ specialty, ...counts })),
    ].sort((a, b) => more(b) - more(a));
    return most !== undefined && more(most) >= FEWEST_MORE ? most : null;
  }

  /** What was missed and what was expected of each site or specialty, by name; nothing if there is only one. */
  #missesBy(
    dimension: 'site' | 'specialty',
    kind: ClockKind,
    centre: number,
    groups: readonly Group[],
  ): [string, { misses: number; expected: number }][] {
    const tallies = new Map<string | null, Tally>();
    for (const group of groups) {
      const counted = this.#tallyOf(group, kind);
      if (counted.due + counted.dueBefore === 0) continue;
      const tally = tallies.get(group[dimension]);
      tallies.set(group[dimension], tally === undefined ? counted : added(tally, counted));
    }
    if (tallies.size < 2) return [];
    return [...tallies]
      .flatMap(([name, { due, misses, dueBefore, missesBefore }]): [string, { misses: number; expected: number }][] => {
        if (name === null) return [];
        const usual = dueBefore >= MIN_MEMBERS ? missesBefore / dueBefore : 1 - centre;
        return [[name, { misses, expected: due * usual }]];
      })
      .sort(([a], [b]) => byCodePoint(a, b));
  }

  #tallyOf({ number }: Group, kind: ClockKind): Tally {
    const place = number * PER_GROUP + CLOCK_KINDS.indexOf(kind) * COUNTS;
    const [due = 0, misses = 0, dueBefore = 0, missesBefore = 0] = this.#counts.subarray(place, place + COUNTS);
    return { due, misses, dueBefore, missesBefore };
  }
}

const added = (a: Tally, b: Tally): Tally => ({
  due: a.due + b.due,
  misses: a.misses + b.misses,
  dueBefore: a.dueBefore + b.dueBefore,
  missesBefore: a.missesBefore + b.missesBefore,
});
