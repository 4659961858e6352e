import { formatInstant } from '../../contracts/instant.ts';
import type { ClockFigures, PeriodFigures } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind, type Outcome } from '../../contracts/vocabulary.ts';
import type { Proportion } from '../statistics/proportions.ts';
import { comparison } from './comparison.ts';
import { changedBack, controlChart } from './control-chart.ts';
import type { CountedClock, CountedReferral } from './counted-referral.ts';
import { countUp, toCounts } from './counts.ts';
import { LOOKBACK, type ReportPeriod, TRAILING } from './periods.ts';

/** A clock that fell due before `asOf` has been decided, so that none is running. */
const OUTCOMES = ['met', 'missed', 'lost', 'excluded'] as const satisfies Outcome[];
const PERIODS = LOOKBACK + 1;

type Tally = Record<(typeof OUTCOMES)[number], number>;

/** All of a clock's figures but those that need to know where its referrals belong. */
type AttainmentFigures = Omit<ClockFigures, 'where'>;

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

  figures(period: Pick<ReportPeriod, 'edges'>): Record<ClockKind, AttainmentFigures> {
    const starts = period.edges.slice(1).map(formatInstant);
    const entries = CLOCK_KINDS.map((kind) => [kind, this.#figuresOf(kind, starts)] as const);
    return Object.fromEntries(entries) as Record<ClockKind, AttainmentFigures>;
  }

  /** @param starts when each period began, the report's own first, then back */
  #figuresOf(kind: ClockKind, starts: readonly string[]): AttainmentFigures {
    const own = this.#tally(kind, 0);
    const before = Array.from({ length: LOOKBACK }, (_, index) => this.#tally(kind, LOOKBACK - index));
    const trailing = before.slice(-TRAILING);
    const shares = before.map(toProportion);
    const chart = controlChart(toProportion(own), shares);
    const since = chart.signal === null ? null : changedBack(toProportion(own), shares, chart.signal);
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
      ...chart,
      since: since === null ? null : (starts[since] ?? null),
      history: historyOf(before, starts),
    };
  }
}

/** The periods before, oldest first, from the first in which anything fell due. */
function historyOf(before: readonly Tally[], starts: readonly string[]): PeriodFigures[] {
  const first = before.findIndex((tally) => all(tally) > 0);
  if (first === -1) return [];
  return before.slice(first).map((tally, index) => ({
    from: starts[before.length - first - index] ?? '',
    met: tally.met,
    all: all(tally),
  }));
}

/** Where the counts of a kind and a period begin. */
function placeOf(kind: ClockKind, back: number): number {
  return (CLOCK_KINDS.indexOf(kind) * PERIODS + back) * OUTCOMES.length;
}
