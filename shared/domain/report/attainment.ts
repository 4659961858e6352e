import type { ClockFigures } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { comparison } from './comparison.ts';
import { type CountedReferral, countUp, toCounts } from './counted-referral.ts';
import { TRAILING } from './periods.ts';

interface Tally {
  met: number;
  missed: number;
  lost: number;
  excluded: number;
}

const none = (): Tally => ({ met: 0, missed: 0, lost: 0, excluded: 0 });
const all = ({ met, missed, lost }: Tally): number => met + missed + lost;
const rate = (tally: Tally): number | null => (all(tally) === 0 ? null : tally.met / all(tally));

/** Attainment of each clock: of those that fell due in a period, how many were met in time. */
export class Attainment {
  /** By kind, then by period: the 8 before, oldest first, and the report's own. */
  readonly #tallies = new Map<ClockKind, Tally[]>(
    CLOCK_KINDS.map((kind) => [kind, Array.from({ length: TRAILING + 1 }, none)]),
  );
  readonly #excludedBy = new Map<ClockKind, Map<string, number>>(CLOCK_KINDS.map((kind) => [kind, new Map()]));

  /** Voided referrals too: their clocks are excluded, and an exclusion must show. */
  add({ clocks, isVoided, endReason }: CountedReferral): void {
    for (const { kind, window, outcome } of clocks) {
      const tally = window === null ? undefined : this.#tallies.get(kind)?.[window];
      // What fell due before `asOf` is decided.
      if (!tally || outcome === 'running') continue;
      tally[outcome] += 1;
      const excludedBy = this.#excludedBy.get(kind);
      if (outcome === 'excluded' && window === TRAILING && excludedBy) {
        countUp(excludedBy, isVoided ? 'voided' : String(endReason));
      }
    }
  }

  figures(): Record<ClockKind, ClockFigures> {
    const entries = CLOCK_KINDS.map((kind) => [kind, this.#figuresOf(kind)] as const);
    return Object.fromEntries(entries) as Record<ClockKind, ClockFigures>;
  }

  #figuresOf(kind: ClockKind): ClockFigures {
    const tallies = this.#tallies.get(kind) ?? [];
    const own = tallies[TRAILING] ?? none();
    const before = tallies.slice(0, TRAILING);
    const sum = (of: (tally: Tally) => number): number => before.reduce((total, tally) => total + of(tally), 0);
    const week = { x: own.met, n: all(own) };
    const pooled = { x: sum(({ met }) => met), n: sum(all) };
    return {
      all: week.n,
      ...own,
      excludedBy: toCounts(this.#excludedBy.get(kind) ?? new Map()),
      attainment: rate(own),
      prior: rate(before.at(-1) ?? none()),
      trailing: before.map(rate),
      trailingAll: before.map(all),
      trailingExcluded: sum(({ excluded }) => excluded),
      // A Wilson interval of the pooled periods alone would flag half of all stable weeks.
      ...comparison(week, pooled),
    };
  }
}
