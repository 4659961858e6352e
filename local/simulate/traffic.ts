import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { type Delivery, deliver, recordingLag, type Times } from './chronicle.ts';
import { localTime } from './local-time.ts';
import { STORIES } from './practices.ts';
import type { Profile } from './profile.ts';
import type { Random } from './random.ts';
import { SOURCES } from './sources.ts';
import { ORGANIZATION_ZONE } from './zone.ts';

/** What arrives in addition to the referrals' events: liaisons' contacts, heartbeats, orphans, repetitions. */

/** Each practice hears from its liaison every month or two; some ask something, most get an answer. */
export function practiceTraffic({ from, until }: Times, { practices }: Profile, random: Random): Delivery[] {
  const local = localTime(ORGANIZATION_ZONE);
  return practices
    .filter(({ id }) => id !== STORIES.fresh)
    .flatMap(({ id, liaisonId }) => {
      const deliveries: Delivery[] = [];
      const by = liaisonId ?? 'liaison-1';
      const say = (type: 'practice.contacted' | 'practice.feedback', at: Instant, data: object) =>
        deliveries.push(
          deliver({
            id: `crm-${id}-${deliveries.length + 1}`,
            source: 'urn:example:crm',
            type,
            subject: id,
            at: local.afterWork(at, random.int(0, 400)),
            lag: recordingLag(random),
            data,
          }),
        );
      for (let at = from + random.between(0, 50) * DAY_MS; at < until; at += random.between(25, 60) * DAY_MS) {
        say('practice.contacted', at, { by, channel: random.pick(['visit', 'phone', 'email']) });
        if (!random.chance(0.2)) continue;
        const topic = random.pick(['waiting times', 'late notes', 'whom to call', 'referral form']);
        say('practice.feedback', at + HOUR_MS, { topic, status: 'open', by });
        if (random.chance(0.7))
          say('practice.feedback', at + random.between(2, 12) * DAY_MS, { topic, status: 'answered', by });
      }
      return deliveries;
    });
}

/** Whether a delivery doesn't come because its feed went quiet before the end. */
export function isLost({ arrival, event }: Delivery, until: Instant, { quietDays }: Profile): boolean {
  if (event.type === 'feed.heartbeat') return false;
  return arrival > until - (quietDays[event.source]?.events ?? 0) * DAY_MS;
}

/** A heartbeat of every feed each day at 04:00, as long as the feed isn't down. */
export function heartbeats({ from, until }: Times, { quietDays }: Profile): Delivery[] {
  const local = localTime(ORGANIZATION_ZONE);
  return Object.values(SOURCES).flatMap((feed) => {
    const deliveries: Delivery[] = [];
    const end = until - (quietDays[feed]?.heartbeats ?? 0) * DAY_MS;
    for (let day = local.day(from) + 1; local.at(day, 240) <= end; day += 1) {
      const at = local.at(day, 240);
      deliveries.push(
        deliver({ id: `heartbeat-${day}`, source: feed, type: 'feed.heartbeat', subject: feed, at, lag: 0, data: {} }),
      );
    }
    return deliveries;
  });
}

/** Appointments and visits of referrals that were never sent: usually one for 400 referrals, and two at least. */
export function orphans(
  referrals: number,
  { ways, orphans: fewest }: Profile,
  { from, until }: Times,
  random: Random,
): Delivery[] {
  return Array.from({ length: Math.max(fewest, Math.round((referrals / 400) * ways.lapses)) }, (_, index) => {
    const subject = `R-9${String(index + 1).padStart(5, '0')}`;
    const at = localTime(ORGANIZATION_ZONE).afterWork(random.between(from, until - 3 * DAY_MS), random.int(0, 300));
    const appointmentId = `A-9${index + 1}`;
    const startsAt = formatInstant(at + 2 * DAY_MS);
    const one = { source: SOURCES.scheduling, subject, entity: `Appointment/${appointmentId}` };
    return [
      deliver({
        ...one,
        id: `${subject}-01`,
        type: 'appointment.scheduled',
        at,
        lag: recordingLag(random),
        data: { appointmentId, startsAt },
      }),
      deliver({
        ...one,
        id: `${subject}-02`,
        type: 'visit.completed',
        at: at + 2 * DAY_MS,
        lag: 0,
        data: { appointmentId },
      }),
    ];
  }).flat();
}

/** Makes one `referral.received` in 150 arrive two to five days late. Until then its other events are orphans. */
export function delayReferral(deliveries: Delivery[], random: Random): void {
  const [first] = deliveries;
  if (!first || !random.chance(1 / 150)) return;
  const arrival = first.at + Math.round(random.between(2, 5) * 24 * 60) * MINUTE_MS;
  deliveries[0] = resent(first, arrival);
}

/** Sends one event in 400, at least three, again within a day, as a sender does that got no answer. */
export function repetitions(deliveries: Delivery[], until: Instant, random: Random): Delivery[] {
  if (deliveries.length === 0) return [];
  return Array.from({ length: Math.max(3, Math.round(deliveries.length / 400)) }, () => {
    const delivery = random.pick(deliveries);
    return resent(delivery, Math.min(until, delivery.arrival + Math.ceil(random.between(1, 1440)) * MINUTE_MS));
  });
}

function resent({ at, event }: Delivery, arrival: Instant): Delivery {
  return { at, arrival, event: { ...event, recordedtime: formatInstant(arrival) } };
}
