import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { type Booking, book, changeProvider, entity, move, restate } from './bookings.ts';
import type { Chronicle } from './chronicle.ts';
import { automaticNoShow, mistakenBooking, mistakenNoShow } from './mishaps.ts';
import { SPECIALTIES } from './organization.ts';
import { driftedTo } from './profile.ts';
import { close, contact, mark, refuse } from './steps.ts';

/** The part of a story with appointments, which are booked, moved, missed or kept, and with the note that follows. */

export function careFor(story: Chronicle): void {
  const { random } = story;
  contact(story, 4, story.keeps(0.97));
  if (random.chance(0.25)) story.work(14);
  // The clock warns three business days before the eighth.
  const warned = story.referral.receivedAt + 8 * DAY_MS;
  if (story.now > warned && random.chance(0.2)) mark(story, 'scheduled', warned);
  if (random.chance(0.35)) story.say('appointment.offered', {});
  let booking = book(story, 1);
  story.notify('scheduled');
  if (random.chance(0.02)) mistakenBooking(story);
  for (let round = 2; round <= 5; round += 1) {
    if (random.chance(0.04)) booking = changeProvider(story, round);
    booking = move(story, booking, round);
    const missed = attend(story, booking);
    if (missed === null) return;
    if (!story.keeps(0.4)) {
      giveUp(story, missed);
      return;
    }
    story.work(14);
    contact(story, 2, true);
    booking = book(story, round * 10);
  }
}

type Missed = 'no_show_not_rescheduled' | 'cancelled_not_rescheduled';

/** The outcome of one appointment; null if nothing has to be booked again. */
function attend(story: Chronicle, booking: Booking): Missed | null {
  const { random } = story;
  if (random.chance(0.13) && !cancel(story, booking)) return 'cancelled_not_rescheduled';
  story.now = Math.max(story.now, booking.startsAt);
  if (random.chance(noShowRate(story, booking))) {
    story.now += random.int(20, 240) * MINUTE_MS;
    story.say('appointment.no_show', { appointmentId: booking.id }, entity(booking));
    story.notify('no_show', 0.6);
    if (random.chance(0.08)) restate(story, booking, story.now);
    // The clock warns at its start, and is late a week on.
    if (random.chance(0.08)) mark(story, 'rebook', story.later(3));
    return 'no_show_not_rescheduled';
  }
  keep(story, booking);
  return null;
}

/** Returns whether the appointment was reinstated, as one is that was cancelled by mistake. */
function cancel(story: Chronicle, booking: Booking): boolean {
  const { random } = story;
  story.now += Math.max(0, random.next() * (booking.startsAt - story.now));
  const by = random.weighted({ patient: 62, practice: 33, system: 5 });
  story.say('appointment.cancelled', { appointmentId: booking.id, by }, entity(booking));
  if (random.chance(0.05) && story.now < booking.startsAt - 2 * HOUR_MS) {
    story.say(booking.type, booking.data, { at: story.now + random.int(2, 60) * MINUTE_MS, ...entity(booking) });
    return true;
  }
  if (random.chance(0.05)) restate(story, booking, booking.startsAt);
  return false;
}

/** The patient comes. */
function keep(story: Chronicle, booking: Booking): void {
  const { random } = story;
  // No outcome is recorded, and attendance is never inferred. The site is asked, and records it days later.
  const forgotten = story.lapses(0.05);
  if (forgotten && random.chance(0.2)) mark(story, 'attendance_unknown', story.now + random.int(3, 5) * DAY_MS);
  if (forgotten && random.chance(0.3)) return;
  const arrives = !forgotten && random.chance(0.85);
  const markedMissed = !forgotten && random.chance(0.025);
  const named = () => (random.chance(markedMissed ? 0.75 : 0.95) ? { appointmentId: booking.id } : {});
  if (markedMissed) automaticNoShow(story, booking);
  else story.now -= arrives ? 8 * MINUTE_MS : 0;
  if (arrives) story.say('visit.arrived', named());
  // The patient was there, and nobody says how it went.
  if (arrives && story.lapses(0.012)) return;
  story.now = Math.max(story.now, booking.startsAt) + random.int(15, 60) * MINUTE_MS;
  if (random.chance(0.012)) mistakenNoShow(story, booking);
  story.say('visit.completed', named(), {
    ...entity(booking),
    ...(forgotten ? { lag: random.int(4, 12) * DAY_MS } : {}),
  });
  story.notify('seen', 0.4);
  note(story);
}

/**
 * Between 8 and 23% (PMC11149957, Dantas 2018), by site and specialty. A site's rate may change in the last 12 weeks.
 */
function noShowRate({ referral, until }: Chronicle, booking: Booking): number {
  const rate = driftedTo(booking.startsAt, referral.site.noShow, until) + SPECIALTIES[referral.specialty].noShow;
  return Math.min(0.23, Math.max(0.08, rate));
}

function giveUp(story: Chronicle, reason: Missed): void {
  const { random } = story;
  contact(story, random.int(0, 2), false);
  if (random.chance(0.12)) {
    refuse(story);
    if (random.chance(0.7)) close(story, 'patient_declined', 'call record');
    return;
  }
  if (!story.keeps(0.9)) return;
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
  if (!story.keeps(SPECIALTIES[story.referral.specialty].noteRate)) {
    // A signed note has not been received yet.
    if (random.chance(0.35)) story.say('note.signed', { documentId }, { at: day(3, 0.6) });
    waitInVain(story);
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

function waitInVain(story: Chronicle): void {
  const { random } = story;
  // The clock warns a week ahead, so that the alert is at risk then, and late a week on.
  if (random.chance(0.15)) mark(story, 'note', story.now + random.int(8, 13) * DAY_MS);
  else if (random.chance(0.08)) mark(story, 'note');
  if (!story.keeps(0.7)) return;
  story.wait(random.int(15, 40));
  story.say('referral.closed', { reason: 'completed_in_network' });
}
