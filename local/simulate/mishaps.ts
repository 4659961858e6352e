import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant } from '../../shared/contracts/instant.ts';
import { type Booking, book, entity, slot } from './bookings.ts';
import type { Chronicle } from './chronicle.ts';
import { SOURCES } from './sources.ts';
import { mark } from './steps.ts';

/** What people and systems get wrong, some of it taken back. */

/** A no-show that was entered by mistake and is taken back by its id. */
export function mistakenNoShow(story: Chronicle, booking: Booking): void {
  const at = story.now - 5 * MINUTE_MS;
  const id = story.say('appointment.no_show', { appointmentId: booking.id }, { at, ...entity(booking) });
  takeBack(story, { id }, at + story.random.int(10, 600) * MINUTE_MS);
}

/** The scheduling system notes a no-show a quarter of an hour after the start by itself; then the patient comes. */
export function automaticNoShow(story: Chronicle, booking: Booking): void {
  const at = booking.startsAt + 15 * MINUTE_MS;
  story.say('appointment.no_show', { appointmentId: booking.id }, { at, ...entity(booking) });
  story.now = at + story.random.int(1, 25) * MINUTE_MS;
}

/** A booking on the wrong referral: the whole appointment is taken back. */
export function mistakenBooking(story: Chronicle): void {
  const booking = { id: `A-${story.referral.number}-99`, startsAt: slot(story, story.now) };
  const at = story.now + MINUTE_MS;
  const data = { appointmentId: booking.id, startsAt: formatInstant(booking.startsAt) };
  story.say('appointment.scheduled', data, { at, ...entity(booking) });
  takeBack(story, entity(booking), at + story.random.int(30, 1500) * MINUTE_MS);
}

function takeBack(story: Chronicle, what: { id: string } | { entity: string }, at: number): void {
  const source = SOURCES.scheduling;
  story.say('event.retracted', { source, ...what }, { at, source });
}

/**
 * A report of an earlier referral is filed under this one once it has come in. Most are weeks old; some are of the day,
 * and then nobody can tell that they don't belong here.
 */
export function strayNote(story: Chronicle, orderedAt: number): void {
  const { random, now } = story;
  const age = random.chance(0.85) ? random.between(1.2, 90) * DAY_MS : random.between(1, 22) * HOUR_MS;
  const at = Math.floor((Math.min(orderedAt, now) - age) / 1000) * 1000;
  const filedAt = now + random.int(5, 300) * MINUTE_MS;
  const documentId = `D-${story.referral.number}-old`;
  story.say('note.received', { documentId }, { at, lag: filedAt - at, entity: `DocumentReference/${documentId}` });
}

/** What belongs to another referral, such as the one that goes on, comes for one that has ended. */
export function newsAfterEnd(story: Chronicle): void {
  const { random } = story;
  story.wait(random.int(1, 8));
  const news = random.weighted({ booking: 45, note: 35, visit: 20 });
  if (news === 'booking') book(story, 90);
  if (news === 'note') story.say('note.received', { documentId: `D-${story.referral.number}` });
  if (news === 'visit') story.say('visit.completed', {});
  if (random.chance(0.3)) mark(story, 'news_after_end', story.later(12));
}
