import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';

/**
 * Mails that were held, once mail is sent again. What was held for more than a day is never sent: whoever needed it has
 * seen to it without Loopwatch. When it was due says nothing of that, as a report may be written days late.
 */

const MAILS_AT_ONCE = 8;
/** Released in one run. What is left out is released by the next runs, within the day. */
export const MOST_RELEASED = 1_000;

/** Whether a kind of mail that was first held within the last day is lost unless it is taken up again. */
function isTakenUp(kind: MailKind): boolean {
  switch (kind) {
    // Its alerts are given back, and those that are still open come in a new mail.
    case 'urgent_alert':
      return true;
    // The next one comes in a week, a month or a quarter, and it says today what it said then.
    case 'weekly_report':
      return true;
    // The next one comes with the recipient's next day, and says all that is still so.
    case 'coordinator_digest':
    case 'liaison_digest':
    case 'operations':
      return false;
  }
}

/**
 * Puts mails that were first held within the last day back to `planned`.
 * @param known the mails of the last UTC dates, and those of the latest reports
 * @returns the ids of these mails, to be announced, and what went wrong with one
 */
export async function releaseHeld(
  now: Instant,
  known: readonly MailJob[],
  mails: Pick<MailStore, 'release'>,
): Promise<{ released: string[]; failed: unknown[] }> {
  const held = known
    .filter(({ status, kind, dueAt, heldAt = dueAt }) => status === 'held' && heldAt > now - DAY_MS && isTakenUp(kind))
    .slice(0, MOST_RELEASED);
  const outcomes = await settleEach(held, MAILS_AT_ONCE, async ({ mailId }) =>
    (await mails.release(mailId)) === 'written' ? [mailId] : [],
  );
  return {
    released: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])),
    failed: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
}
