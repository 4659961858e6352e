import type { OutgoingMessage } from '../../local/stand-ins/send-messages.ts';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { at, message, organization, QUARTER, received, withSecondCoordinator } from './organization.ts';

/** A quarter hour in which something happens: what arrived and was pushed before it. */
export interface Round {
  at: Instant;
  /** The next quarter hour, at which nothing is left to do unless something went wrong. */
  next: Instant;
  messages: OutgoingMessage[];
  config: Config | null;
}

export const START = at('2026-03-02T18:00:00Z');
export const FIRST_CONFIG = organization();
export const LAST_CONFIG = withSecondCoordinator();

/** Monday afternoon: a stat referral that is late already goes into an urgent mail. */
const MONDAY: Round = {
  at: at('2026-03-02T18:15:00Z'),
  next: at('2026-03-02T18:15:00Z') + QUARTER,
  config: null,
  messages: [
    message('R-stat', 'referral.received', '2026-03-02T13:30:00Z', received('stat')),
    message('R-late', 'referral.received', '2026-02-16T14:00:00Z', received('routine', 'cardiology')),
    message('R-late', 'appointment.scheduled', '2026-02-20T15:00:00Z', {
      appointmentId: 'a1',
      startsAt: '2026-03-20T15:00:00Z',
    }),
    message('R-declined', 'referral.received', '2026-02-18T15:00:00Z', received('routine')),
    message('R-declined', 'referral.declined', '2026-02-19T15:00:00Z', { reason: 'incomplete' }),
    message('p1', 'practice.contacted', '2026-02-19T15:00:00Z', { by: 'l1' }),
    message('feed', 'feed.heartbeat', '2026-03-02T18:00:00Z'),
    { body: 'no JSON' },
  ].map((sent) => ({ ...sent, arrivedAt: at('2026-03-02T18:10:00Z') })),
};

/**
 * Tuesday, 07:00 in New York: digests. The decline is taken back, the stat patient was reached, somebody else has
 * cardiology from today.
 */
const TUESDAY: Round = {
  at: at('2026-03-03T12:00:00Z'),
  next: at('2026-03-03T12:00:00Z') + QUARTER,
  config: LAST_CONFIG,
  messages: [
    message('R-declined', 'event.retracted', '2026-03-03T11:40:00Z', { source: 'urn:test', id: 'referral.declined' }),
    message('R-stat', 'contact.attempted', '2026-03-03T11:40:00Z', { channel: 'phone', outcome: 'reached' }),
    message('R-new', 'referral.received', '2026-03-03T11:40:00Z', received('urgent')),
  ],
};

export const ROUNDS = { MONDAY, TUESDAY };
/** Wednesday's digests: what Tuesday's could not say they have to. */
export const LAST = at('2026-03-04T12:00:00Z');
