import type { ClockFigures } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind, type Outcome } from '../../contracts/vocabulary.ts';
import type { Proportion } from '../statistics/proportions.ts';
import { comparison } from './comparison.ts';
import { controlChart } from './control-chart.ts';
import type { CountedClock, CountedReferral } from './counted-referral.ts';
import { countUp, toCounts } from './counts.ts';
import { LOOKBACK, TRAILING } from './periods.ts';

/** A clock that fell due before `asOf` has been decided, so that none is running. */
const OUTCOMES = ['met', 'missed', 'lost', 'excluded'] as const satisfies Outcome[];
const PERIODS = LOOKBACK + 1;

type Tally = Record<(typeof OUTCOMES)[number], number>;

const all = ({ met, missed, lost }: Tally): number => met + missed + lost;
const rate = (tally: Tally): number | null => (all(tally) === 0 ? null : tally.met / all(tally));
const toProportion = (tally: Tally): Proportion => ({ x: tally.met, n: all(tally) });

/**
 * The figures "attainment of a clock", "beside it", "signal" and "exclusions" (docs/domain.md#figure-attainment): how many of the
 * clocks that fell due in a period were met.
 */
export class Attainment {
  /** By kind, by periods back, by outcome: 4 bytes each, since an organization may have thousands of scopes. */
  readonly #counts = new Uint32Array(CLOCK_KINDS.length * PERIODS * OUTCOMES.length);
  readonly #excludedBy = new Map<ClockKind, Map<string, number>>();

  /** Takes voided referrals as well: their clocks are excluded, and exclusions must show. */
  add(referral: CountedReferral): void {
    for (const clock of referral.clocks) this.#addClock(clock, referral);
  }

  #addClock({ kind, dueBack, outcome }: CountedClock, { isVoided, endReason }: CountedReferral): void {
    if (dueBack === null || outcome === 'running') return;
    const place = placeOf(kind, dueBack) + OUTCOMES.indexOf(outcome);
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    if (outcome !== 'excluded' || dueBack !== 0) return;
    const excludedBy = this.#excludedBy.get(kind) ?? new Map<string, number>();
    this.#excludedBy.set(kind, excludedBy);
    countUp(excludedBy, isVoided ? 'voided' : String(endReason));
  }

  #tally(kind: ClockKind, back: number): Tally {
    const place = placeOf(kind, back);
    const [met = 0, missed = 0, lost = 0, excluded = 0] = this.#counts.subarray(place, place + OUTCOMES.length);
    return { met, missed, lost, excluded };
  }

  figures(): Record<ClockKind, ClockFigures> {
    const entries = CLOCK_KINDS.map((kind) => [kind, this.#figuresOf(kind)] as const);
    return Object.fromEntries(entries) as Record<ClockKind, ClockFigures>;
  }

  #figuresOf(kind: ClockKind): ClockFigures {
    const own = this.#tally(kind, 0);
    const before = Array.from({ length: LOOKBACK }, (_, index) => this.#tally(kind, LOOKBACK - index));
    const trailing = before.slice(-TRAILING);
    const sum = (of: (tally: Tally) => number): number => trailing.reduce((total, tally) => total + of(tally), 0);
    return {
      all: all(own),
      ...own,
      excludedBy: toCounts(this.#excludedBy.get(kind) ?? new Map()),
      attainment: rate(own),
      prior: rate(this.#tally(kind, 1)),
      trailing: trailing.map(rate),
      trailingAll: trailing.map(all),
      trailingExcluded: sum(({ excluded }) => excluded),
      // A Wilson interval of the pooled periods alone would flag half of all stable weeks.
      ...comparison(toProportion(own), { x: sum(({ met }) => met), n: sum(all) }),
      ...controlChart(toProportion(own), before.map(toProportion)),
    };
  }
}

/** Where the counts of a kind and a period begin. */
function placeOf(kind: ClockKind, back: number): number {
  return (CLOCK_KINDS.indexOf(kind) * PERIODS + back) * OUTCOMES.length;
}
