import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';

/**
 * Since when a referral has been closed: its end, the note that closed its loop, or the last event of one that was
 * voided. Null while it is open, and if it was never received: somebody still has to look at it.
 */
export function closedSince({
  stage,
  endedAt,
  noteAt,
  lastEventAt,
}: Pick<ReferralState, 'stage' | 'endedAt' | 'noteAt' | 'lastEventAt'>): Instant | null {
  switch (stage) {
    case 'closed':
      return endedAt;
    case 'loop_closed':
      return noteAt;
    case 'voided':
      return lastEventAt;
    case 'awaiting_referral':
    case 'awaiting_note':
    case 'scheduled':
    case 'to_close':
    case 'to_rebook':
    case 'declined':
    case 'to_schedule':
    case 'to_contact':
      return null;
  }
}

/** The instant `months` calendar months (UTC) before `now`. What was closed by then has been kept long enough. */
export function keptUntil(now: Instant, months: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC').subtract({ months }).epochMilliseconds;
}
