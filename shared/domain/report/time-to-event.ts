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

/** How long ago a clock may have started, and a referral may have been received. */
const CLOCK_DAYS = 90;
const REFERRAL_DAYS = 180;
const BOOKED: Cause = 0;
const LEAKED: Cause = 1;

/**
 * The figures "time to a stop" (Kaplan-Meier, for each clock) and "cumulative incidence" (Aalen-Johansen: the share of
 * referrals booked, and leaked, by a day) (docs/domain.md#9-22). Open cases are censored, and of a day to
 * which no referral has been followed nothing is said. Times are kept once for all scopes, by group.
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
  /** By group number the earliest receipt among those of `#fates`. */
  readonly #earliest: Instant[] = [];

  constructor(asOf: Instant) {
    this.#asOf = asOf;
  }

  /** @param referral not voided @param group number of its group */
  add(referral: CountedReferral, group: number): void {
    const asOf = this.#asOf;
    for (const { kind, startedAt, stoppedAt, endedAt } of referral.clocks) {
      if (!isWithinDays(startedAt, asOf, CLOCK_DAYS)) continue;
      const times = this.#stops.get(kind);
      if (stoppedAt !== null) times?.stopped.add(stoppedAt - startedAt, group);
      else times?.censored.add(Math.min(asOf, endedAt ?? asOf) - startedAt, group);
    }
    if (!isWithinDays(referral.receivedAt, asOf, REFERRAL_DAYS)) return;
    const { at, cause } = fateOf(referral, asOf);
    this.#fates.find(([each]) => each === cause)?.[1].add(at - referral.receivedAt, group);
    this.#earliest[group] = Math.min(referral.receivedAt, this.#earliest[group] ?? referral.receivedAt);
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
    const followed = this.#asOf - this.#earliestOf(members);
    const byDay = (pick: 'first' | 'second'): Incidence => {
      const rates = INCIDENCE_DAYS.map((day, index) => [
        day,
        day * DAY_MS <= followed ? (shares[index]?.[pick] ?? null) : null,
      ]);
      return Object.fromEntries(rates) as Incidence;
    };
    return {
      timeTo: Object.fromEntries(timeTo) as Record<ClockKind, TimeTo>,
      incidence: { n: fates.n, scheduled: byDay('first'), leaked: byDay('second') },
    };
  }

  #earliestOf(members: Uint8Array): Instant {
    let earliest = Number.POSITIVE_INFINITY;
    this.#earliest.forEach((receivedAt, group) => {
      if (members[group] === 1) earliest = Math.min(earliest, receivedAt);
    });
    return earliest;
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
