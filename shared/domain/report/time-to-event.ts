import { DAY_MS, HOUR_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { INCIDENCE_DAYS, type Incidence, type ReportFigures, type TimeTo } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { isLeakage } from '../referral/end-reasons.ts';
import { type Cause, CompetingTimes } from '../statistics/competing-risks.ts';
import { SurvivalTimes } from '../statistics/survival.ts';
import type { CountedReferral } from './counted-referral.ts';
import { isWithinDays } from './periods.ts';
import { ValuesByGroup } from './values-by-group.ts';

const COHORT_DAYS = 90;
const BOOKED: Cause = 0;
const LEAKED: Cause = 1;

/**
 * The figures "time to a stop" (Kaplan-Meier, for each clock) and "cumulative incidence" (Aalen-Johansen: the share of
 * referrals booked, and leaked, by a day) of section 9 of the domain contract. Open cases are censored. Times are kept
 * once for all scopes, by group.
 */
export class TimeToEvent {
  readonly #asOf: Instant;
  readonly #stops = new Map<ClockKind, { stopped: ValuesByGroup; censored: ValuesByGroup }>(
    CLOCK_KINDS.map((kind) => [kind, { stopped: new ValuesByGroup(), censored: new ValuesByGroup() }]),
  );
  readonly #fates: [Cause, ValuesByGroup][] = [
    [BOOKED, new ValuesByGroup()],
    [LEAKED, new ValuesByGroup()],
    [null, new ValuesByGroup()],
  ];

  constructor(asOf: Instant) {
    this.#asOf = asOf;
  }

  /** @param referral not voided @param group number of its group */
  add(referral: CountedReferral, group: number): void {
    const asOf = this.#asOf;
    for (const { kind, startedAt, stoppedAt, endedAt } of referral.clocks) {
      if (!isWithinDays(startedAt, asOf, COHORT_DAYS)) continue;
      const times = this.#stops.get(kind);
      if (stoppedAt !== null) times?.stopped.add(stoppedAt - startedAt, group);
      else times?.censored.add(Math.min(asOf, endedAt ?? asOf) - startedAt, group);
    }
    if (!isWithinDays(referral.receivedAt, asOf, COHORT_DAYS)) return;
    const { at, cause } = fateOf(referral, asOf);
    this.#fates.find(([each]) => each === cause)?.[1].add(at - referral.receivedAt, group);
  }

  /** @param members by group number 1 if the group belongs to the scope */
  figures(members: Uint8Array): Pick<ReportFigures, 'timeTo' | 'incidence'> {
    const timeTo = [...this.#stops].map(([kind, { stopped, censored }]) => {
      const survival = new SurvivalTimes();
      stopped.forMembers(members, (time) => survival.add(time, true));
      censored.forMembers(members, (time) => survival.add(time, false));
      return [kind, timeToOf(survival)] as const;
    });
    const fates = new CompetingTimes();
    for (const [cause, times] of this.#fates) times.forMembers(members, (time) => fates.add(time, cause));
    const shares = fates.incidenceAt(INCIDENCE_DAYS.map((day) => day * DAY_MS));
    const byDay = (pick: 'first' | 'second'): Incidence =>
      Object.fromEntries(INCIDENCE_DAYS.map((day, index) => [day, shares[index]?.[pick] ?? null])) as Incidence;
    return {
      timeTo: Object.fromEntries(timeTo) as Record<ClockKind, TimeTo>,
      incidence: { n: fates.n, scheduled: byDay('first'), leaked: byDay('second') },
    };
  }
}

/**
 * What happened first: booked or seen, leaked, another end, or nothing yet; the last two censor. At one instant a booking
 * comes before an end.
 */
function fateOf({ bookedAt, endedAt, endReason }: CountedReferral, asOf: Instant): { at: Instant; cause: Cause } {
  if (bookedAt !== null && (endedAt === null || bookedAt <= endedAt)) return { at: bookedAt, cause: BOOKED };
  if (endedAt !== null && isLeakage(endReason)) return { at: endedAt, cause: LEAKED };
  return { at: Math.min(asOf, endedAt ?? asOf), cause: null };
}

function timeToOf(times: SurvivalTimes): TimeTo {
  const hoursAt = (survival: number): number | null => {
    const time = times.timeAt(survival);
    return time === null ? null : time / HOUR_MS;
  };
  return { n: times.n, events: times.events, medianHours: hoursAt(0.5), p90Hours: hoursAt(0.1) };
}
