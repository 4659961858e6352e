import type { Instant } from '../../contracts/instant.ts';
import { INCIDENCE_DAYS, type Incidence, type ReportFigures, type TimeTo } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { CompetingTimes } from '../statistics/competing-risks.ts';
import { SurvivalTimes } from '../statistics/survival.ts';
import { type Counted, isWithinDays } from './counted.ts';
import { isLeakage } from './leakage.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const COHORT_DAYS = 90;

/**
 * How long things take, with open cases counted as what they are, censored: for each clock the time to its stop
 * (Kaplan-Meier), for referrals the share that is booked, and that leaks, by a day (Aalen-Johansen).
 */
export class Times {
  readonly #asOf: Instant;
  readonly #stops = new Map<ClockKind, SurvivalTimes>(CLOCK_KINDS.map((kind) => [kind, new SurvivalTimes()]));
  readonly #fates = new CompetingTimes();

  constructor(asOf: Instant) {
    this.#asOf = asOf;
  }

  /** A referral that isn't voided. */
  add(referral: Counted): void {
    const asOf = this.#asOf;
    for (const { kind, startedAt, stoppedAt, endedAt } of referral.clocks) {
      if (!isWithinDays(startedAt, asOf, COHORT_DAYS)) continue;
      const until = stoppedAt ?? Math.min(asOf, endedAt ?? asOf);
      this.#stops.get(kind)?.add(until - startedAt, stoppedAt !== null);
    }
    if (isWithinDays(referral.receivedAt, asOf, COHORT_DAYS)) this.#addFate(referral);
  }

  /** What came first: booked or seen, leaked, another end, or none of them yet. */
  #addFate({ receivedAt, bookedAt, endedAt, endReason }: Counted): void {
    if (bookedAt !== null && (endedAt === null || bookedAt <= endedAt)) {
      this.#fates.add(bookedAt - receivedAt, 0);
    } else if (endedAt !== null && isLeakage(endReason)) {
      this.#fates.add(endedAt - receivedAt, 1);
    } else {
      this.#fates.add((endedAt ?? this.#asOf) - receivedAt, null);
    }
  }

  figures(): Pick<ReportFigures, 'timeTo' | 'incidence'> {
    const timeTo = CLOCK_KINDS.map((kind) => [kind, timeToOf(this.#stops.get(kind) ?? new SurvivalTimes())] as const);
    const shares = this.#fates.incidenceAt(INCIDENCE_DAYS.map((day) => day * DAY_MS));
    const byDay = (pick: 'first' | 'second'): Incidence =>
      Object.fromEntries(INCIDENCE_DAYS.map((day, index) => [day, shares?.[index]?.[pick] ?? null])) as Incidence;
    return {
      timeTo: Object.fromEntries(timeTo) as Record<ClockKind, TimeTo>,
      incidence: { n: this.#fates.n, scheduled: byDay('first'), leaked: byDay('second') },
    };
  }
}

function timeToOf(times: SurvivalTimes): TimeTo {
  const hoursAt = (survival: number): number | null => {
    const time = times.timeAt(survival);
    return time === null ? null : time / HOUR_MS;
  };
  return { n: times.n, events: times.events, medianHours: hoursAt(0.5), p90Hours: hoursAt(0.1) };
}
