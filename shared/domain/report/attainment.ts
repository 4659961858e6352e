import type { ClockFigures } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { comparison } from './comparison.ts';
import type { CountedClock, CountedReferral } from './counted-referral.ts';
import { countUp, toCounts } from './counts.ts';
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

/**
 * The figures "attainment of a clock", "beside it" and "exclusions" (domain contract, section 9): how many of the clocks
 * that fell due in a period were met.
 */
export class Attainment {
  /** By kind, then by period: the 8 before, oldest first, and the report's own. */
  readonly #tallies = new Map<ClockKind, Tally[]>(
    CLOCK_KINDS.map((kind) => [kind, Array.from({ length: TRAILING + 1 }, none)]),
  );
  readonly #excludedBy = new Map<ClockKind, Map<string, number>>(CLOCK_KINDS.map((kind) => [kind, new Map()]));

  /** Takes voided referrals as well: their clocks are excluded, and exclusions must show. */
  add(referral: CountedReferral): void {
    for (const clock of referral.clocks) this.#addClock(clock, referral);
  }

  #addClock({ kind, duePeriod, outcome }: CountedClock, { isVoided, endReason }: CountedReferral): void {
    const tally = duePeriod === null ? undefined : this.#tallies.get(kind)?.[duePeriod];
    // A clock that fell due before `asOf` has been decided.
    if (!tally || outcome === 'running') return;
    tally[outcome] += 1;
    const excludedBy = this.#excludedBy.get(kind);
    if (outcome === 'excluded' && duePeriod === TRAILING && excludedBy) {
      countUp(excludedBy, isVoided ? 'voided' : String(endReason));
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
    const current = { x: own.met, n: all(own) };
    const pooled = { x: sum(({ met }) => met), n: sum(all) };
    return {
      all: current.n,
      ...own,
      excludedBy: toCounts(this.#excludedBy.get(kind) ?? new Map()),
      attainment: rate(own),
      prior: rate(before.at(-1) ?? none()),
      trailing: before.map(rate),
      trailingAll: before.map(all),
      trailingExcluded: sum(({ excluded }) => excluded),
      // A Wilson interval of the pooled periods alone would flag half of all stable weeks.
      ...comparison(current, pooled),
    };
  }
}
