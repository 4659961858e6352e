import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Chronicle } from './chronicle.ts';
import { isWeekday } from './local-time.ts';
import { SPECIALTIES } from './organization.ts';
import { close, contact, mark } from './steps.ts';

/** The part of a story with appointments, which are booked, moved, missed or kept, and with the note that follows. */

interface Booking {
  id: string;
  startsAt: Instant;
}

const entity = (booking: Booking) => ({ entity: `Appointment/${booking.id}` });

export function careFor(story: Chronicle, until: Instant): void {
  const { random } = story;
  contact(story, 4, random.chance(0.97));
  if (random.chance(0.25)) story.work(14);
  if (random.chance(0.35)) story.say('appointment.offered', {});
  let booking = book(story, 1);
  story.notify('scheduled');
  if (random.chance(0.02)) mistakenBooking(story);
  for (let round = 2; round <= 5; round += 1) {
    booking = reschedule(story, booking, round);
    const missed = attend(story, booking, until);
    if (missed === null) return;
    if (!random.chance(0.4)) {
      giveUp(story, missed);
      return;
    }
    story.work(14);
    contact(story, 2, true);
    booking = book(story, round * 10);
  }
}

/** The median number of days to the first free date. */
const LEAD_DAYS = { routine: 17, urgent: 2.2, asap: 0.6, stat: 0.5 };

function slot(story: Chronicle, from: Instant): Instant {
  const { random, local } = story;
  let day = local.day(from) + Math.floor(random.skewed(LEAD_DAYS[story.referral.priority], 0.6));
  while (!isWeekday(day)) day += 1;
  const startsAt = local.at(day, 8 * 60 + 30 * random.int(0, 16));
  return startsAt > from + HOUR_MS ? startsAt : slot(story, from + DAY_MS / 4);
}

function book(story: Chronicle, number: number): Booking {
  const { random } = story;
  const booking = { id: `A-${story.referral.number}-${number}`, startsAt: slot(story, story.now) };
  story.say(
    'appointment.scheduled',
    {
      appointmentId: booking.id,
      startsAt: formatInstant(booking.startsAt),
      ...(random.chance(0.08) ? { patientChoice: true } : {}),
    },
    entity(booking),
  );
  return booking;
}

function reschedule(story: Chronicle, booking: Booking, round: number): Booking {
  const { random } = story;
  if (!random.chance(0.09)) return booking;
  story.now = story.local.afterWork(story.now + random.next() * (booking.startsAt - story.now - HOUR_MS), 0);
  if (story.now >= booking.startsAt) story.now = booking.startsAt - HOUR_MS;
  const keepsId = random.chance(0.5);
  const next = {
    id: keepsId ? booking.id : `A-${story.referral.number}-${round * 10 + 1}`,
    startsAt: slot(story, Math.max(story.now, booking.startsAt)),
  };
  story.say(
    'appointment.rescheduled',
    {
      appointmentId: next.id,
      startsAt: formatInstant(next.startsAt),
      ...(keepsId ? {} : { previousAppointmentId: booking.id }),
      ...(random.chance(0.5) ? { patientChoice: true } : {}),
    },
    entity(next),
  );
  return next;
}

type Missed = 'no_show_not_rescheduled' | 'cancelled_not_rescheduled';

/** The outcome of one appointment; null if nothing has to be booked again. */
function attend(story: Chronicle, booking: Booking, until: Instant): Missed | null {
  const { random } = story;
  if (random.chance(0.13)) {
    const notice = random.next() * (booking.startsAt - story.now);
    story.now += notice;
    const by = random.weighted({ patient: 62, practice: 33, system: 5 });
    story.say('appointment.cancelled', { appointmentId: booking.id, by }, entity(booking));
    return 'cancelled_not_rescheduled';
  }
  story.now = booking.startsAt;
  if (random.chance(noShowRate(story, booking, until))) {
    story.now += random.int(20, 240) * MINUTE_MS;
    story.say('appointment.no_show', { appointmentId: booking.id }, entity(booking));
    story.notify('no_show', 0.6);
    return 'no_show_not_rescheduled';
  }
  // No outcome is recorded, and attendance is never inferred. The site is asked, and records it days later.
  const forgotten = random.chance(0.05);
  if (forgotten && random.chance(0.3)) return null;
  if (!forgotten && random.chance(0.85))
    story.say('visit.arrived', { appointmentId: booking.id }, { at: story.now - 8 * MINUTE_MS });
  story.now += random.int(15, 60) * MINUTE_MS;
  if (random.chance(0.012)) mistakenNoShow(story, booking);
  story.say('visit.completed', random.chance(0.95) ? { appointmentId: booking.id } : {}, {
    ...entity(booking),
    ...(forgotten ? { lag: random.int(4, 12) * DAY_MS } : {}),
  });
  story.notify('seen', 0.4);
  note(story);
  return null;
}

/**
 * Between 8 and 23% (PMC11149957, Dantas 2018), by site and specialty. A site's rate may change in the last 12 weeks.
 */
function noShowRate(story: Chronicle, booking: Booking, until: Instant): number {
  const [first, last] = story.referral.site.noShow;
  const elapsed = Math.min(1, Math.max(0, 1 - (until - booking.startsAt) / (12 * 7 * DAY_MS)));
  const rate = first + (last - first) * elapsed + SPECIALTIES[story.referral.specialty].noShow;
  return Math.min(0.23, Math.max(0.08, rate));
}

function giveUp(story: Chronicle, reason: Missed): void {
  const { random } = story;
  contact(story, random.int(0, 2), false);
  if (!random.chance(0.9)) return;
  story.wait(random.int(7, 24));
  close(story, reason, 'attempts');
}

/** Half of the notes arrive within a week, some never: 62-81% arrive (O'Malley 2011). */
function note(story: Chronicle): void {
  const { random, pace } = story;
  const seenAt = story.now;
  const documentId = `D-${story.referral.number}`;
  const day = (median: number, spread: number) => seenAt + random.skewed(median * Math.max(0.2, pace), spread) * DAY_MS;
  if (random.chance(0.08)) story.say('note.interim_received', { documentId: `${documentId}-i` }, { at: day(1, 0.5) });
  if (!random.chance(SPECIALTIES[story.referral.specialty].noteRate)) {
    // A signed note has not been received yet.
    if (random.chance(0.35)) story.say('note.signed', { documentId }, { at: day(3, 0.6) });
    if (random.chance(0.08)) mark(story, 'note');
    if (random.chance(0.7)) {
      story.wait(random.int(15, 40));
      story.say('referral.closed', { reason: 'completed_in_network' });
    }
    return;
  }
  // Clocks of two systems differ: a note can precede the end of its visit.
  const receivedAt = random.chance(0.01) ? seenAt - 5 * MINUTE_MS : day(5.5, 0.9);
  if (random.chance(0.5)) story.say('note.signed', { documentId }, { at: seenAt + (receivedAt - seenAt) * 0.6 });
  story.say('note.received', { documentId }, { at: receivedAt, entity: `DocumentReference/${documentId}` });
  story.now = Math.max(seenAt, receivedAt);
  if (random.chance(0.2)) story.say('note.acknowledged', { documentId }, { at: story.later(12) });
  if (random.chance(0.8)) close(story, 'completed_in_network', random.chance(0.9) ? documentId : undefined);
}

/** A no-show that was entered by mistake and is taken back by its id. */
function mistakenNoShow(story: Chronicle, booking: Booking): void {
  const at = story.now - 5 * MINUTE_MS;
  const id = story.say('appointment.no_show', { appointmentId: booking.id }, { at, ...entity(booking) });
  const source = story.deliveries.find(({ event }) => event.id === id)?.event.source as string;
  story.say('event.retracted', { source, id }, { at: at + story.random.int(10, 600) * MINUTE_MS, source });
}

/** A booking on the wrong referral: the whole appointment is taken back. */
function mistakenBooking(story: Chronicle): void {
  const booking = { id: `A-${story.referral.number}-99`, startsAt: slot(story, story.now) };
  const at = story.now + MINUTE_MS;
  const id = story.say(
    'appointment.scheduled',
    { appointmentId: booking.id, startsAt: formatInstant(booking.startsAt) },
    { at, ...entity(booking) },
  );
  const source = story.deliveries.find(({ event }) => event.id === id)?.event.source as string;
  const takenBack = at + story.random.int(30, 1500) * MINUTE_MS;
  story.say('event.retracted', { source, ...entity(booking) }, { at: takenBack, source });
}
