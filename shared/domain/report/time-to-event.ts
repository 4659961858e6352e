import { DAY_MS, HOUR_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { INCIDENCE_DAYS, type Incidence, type ReportFigures, type TimeTo } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { type Cause, CompetingTimes } from '../statistics/competing-risks.ts';
import { SurvivalTimes } from '../statistics/survival.ts';
import { type CountedReferral, isWithinDays } from './counted-referral.ts';
import { isLeakage } from './leakage.ts';
import { ValuesByGroup } from './values-by-group.ts';

const COHORT_DAYS = 90;
const BOOKED: Cause = 0;
const LEAKED: Cause = 1;

/**
 * How long things take, with open cases counted as what they are, censored: for each clock the time to its stop
 * (Kaplan-Meier), for referrals the share that is booked, and that leaks, by a day (Aalen-Johansen). Kept once for all
 * scopes, by place.
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

  /** @param place number of its place; it isn't voided */
  add(referral: CountedReferral, place: number): void {
    const asOf = this.#asOf;
    for (const { kind, startedAt, stoppedAt, endedAt } of referral.clocks) {
      if (!isWithinDays(startedAt, asOf, COHORT_DAYS)) continue;
      const rows = this.#stops.get(kind);
      if (stoppedAt !== null) rows?.stopped.add(stoppedAt - startedAt, place);
      else rows?.censored.add(Math.min(asOf, endedAt ?? asOf) - startedAt, place);
    }
    if (!isWithinDays(referral.receivedAt, asOf, COHORT_DAYS)) return;
    const { at, cause } = fateOf(referral, asOf);
    this.#fates.find(([of]) => of === cause)?.[1].add(at - referral.receivedAt, place);
  }

  /** @param members by place whether it belongs to the scope */
  figures(members: Uint8Array): Pick<ReportFigures, 'timeTo' | 'incidence'> {
    const timeTo = [...this.#stops].map(([kind, { stopped, censored }]) => {
      const times = new SurvivalTimes();
      stopped.forMembers(members, (time) => times.add(time, true));
      censored.forMembers(members, (time) => times.add(time, false));
      return [kind, timeToOf(times)] as const;
    });
    const fates = new CompetingTimes();
    for (const [cause, rows] of this.#fates) rows.forMembers(members, (time) => fates.add(time, cause));
    const shares = fates.incidenceAt(INCIDENCE_DAYS.map((day) => day * DAY_MS));
    const byDay = (pick: 'first' | 'second'): Incidence =>
      Object.fromEntries(INCIDENCE_DAYS.map((day, index) => [day, shares[index]?.[pick] ?? null])) as Incidence;
    return {
      timeTo: Object.fromEntries(timeTo) as Record<ClockKind, TimeTo>,
      incidence: { n: fates.n, scheduled: byDay('first'), leaked: byDay('second') },
    };
  }
}

/** What came first: booked or seen, leaked, another end (which censors), or none of them yet. Booked before an end. */
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
