import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { mailIdOf } from '../../shared/domain/mail/mail-id.ts';
import type { Recipient } from '../../shared/domain/mail/recipients.ts';
import { digestPeriods, digestPeriodsBefore } from '../../shared/domain/mail/schedule.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';

/** The daily mails that come before and after one to the same recipient. */

/** For how long the operations mail reports what became of a mail. */
export const PREVIOUS_DAYS = 8;
/** How far back the last mail is looked for: beyond the holidays of somebody who works one day a week. */
const LOOKED_BACK_DAYS = 35;

/** A mail that was made. */
type Made = MailJob & { asOf: Instant };

/**
 * The last mail of this kind that was made for a person and sent, whoever received it. Null: there was none in the last
 * weeks. A digest that had nothing to say was not sent, so the next one speaks for its days too. The operations mailbox
 * needs to hear once only what has gone wrong, so there also one that had nothing to say counts: what was found not to be
 * worth a mail is done with.
 */
export async function previousMail(
  { kind, dueAt }: MailJob,
  recipient: Recipient,
  mails: MailStore,
): Promise<Made | null> {
  const made: MailJob['status'][] = kind === 'operations' ? ['sent', 'empty'] : ['sent'];
  for (const period of digestPeriodsBefore(recipient, dueAt)) {
    if (period.dueAt < dueAt - LOOKED_BACK_DAYS * DAY_MS) return null;
    const previous = await mails.get(mailIdOf(kind, recipient.id, period));
    // A mail still under way may yet be superseded: then this one says what it would have said.
    if (previous && isMade(previous) && made.includes(previous.status)) return previous;
  }
  return null;
}

const isMade = (job: MailJob): job is Made => job.asOf !== undefined;

/** `asOf` of the last mail of this kind to a person. Null: there was none. */
export async function previousAsOf(job: MailJob, recipient: Recipient, mails: MailStore): Promise<Instant | null> {
  return (await previousMail(job, recipient, mails))?.asOf ?? null;
}

/** Whether the recipient's next daily mail has come due. */
export function isNextDue({ dueAt }: MailJob, recipient: Recipient, now: Instant): boolean {
  return digestPeriods(recipient, dueAt, now).length > 0;
}
