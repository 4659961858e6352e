import { createHash } from 'node:crypto';
import type { EventType } from '../../contracts/event.ts';
import { formatInstant } from '../../contracts/instant.ts';
import type { Fact } from './member.ts';

/** The row of each type in the contract's table of events: events of one message come in this order. */
const RANK: Record<EventType, number> = {
  'referral.received': 1,
  'referral.updated': 2,
  'referral.accepted': 3,
  'referral.declined': 4,
  'referral.rerouted': 5,
  'referral.paused': 6,
  'referral.resumed': 7,
  'contact.attempted': 8,
  'appointment.offered': 9,
  'appointment.scheduled': 10,
  'appointment.rescheduled': 11,
  'appointment.cancelled': 12,
  'appointment.no_show': 13,
  'visit.arrived': 14,
  'visit.completed': 15,
  'note.interim_received': 16,
  'note.signed': 16,
  'note.received': 16,
  'note.acknowledged': 16,
  'referral.closed': 17,
  'referral.cancelled': 18,
  'referral.reopened': 19,
  'referral.voided': 20,
  'referrer.notified': 21,
  'event.retracted': 22,
  'alert.acknowledged': 23,
  'alert.snoozed': 24,
  'practice.contacted': 25,
  'practice.feedback': 25,
  'feed.heartbeat': 26,
};
const SEQUENCE_DIGITS = 20;
const HASH_DIGITS = 32;

/**
 * The id of a translated event: `<sequence>-<rank>-<hash>`, so that events of one second keep their order, and a control
 * id that is used twice loses nothing.
 * @param sender `source` of the event
 * @param sequence digits that number the sender's messages or versions; empty: nothing does
 */
export function eventId(sender: string, sequence: string, { type, time, entity, values, isSaidAgain }: Fact): string {
  const digits = isSaidAgain ? '' : sequence;
  const said = isSaidAgain ? [sender, entity, type] : [sender, entity, type, formatInstant(time), ...values];
  const hash = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, HASH_DIGITS);
  const rank = String(RANK[type]).padStart(2, '0');
  return `${digits.slice(-SEQUENCE_DIGITS).padStart(SEQUENCE_DIGITS, '0')}-${rank}-${hash}`;
}
