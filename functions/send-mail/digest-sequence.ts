import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { OperationsContent } from '../../shared/contracts/mail.ts';
import { type MailKind, WEEKDAYS } from '../../shared/contracts/vocabulary.ts';
import { mailIdOf } from '../../shared/domain/mail/mail-id.ts';
import type { Recipient } from '../../shared/domain/mail/recipients.ts';
import { digestPeriods, digestPeriodsBefore } from '../../shared/domain/mail/schedule.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Log } from '../../shared/platform/logger.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';
import type { ContentOf } from './kinds/kind.ts';

/** The daily mails that come before and after one to the same recipient. */

/** For how long the operations mail reports what became of a mail. */
export const PREVIOUS_DAYS = 8;
/** How far back the last mail is looked for: beyond the holidays of somebody who works one day a week. */
const LOOKED_BACK_DAYS = 35;

/** What a digest is measured from. */
export interface Previous<K extends MailKind> {
  /** `asOf` of the last mail; if there is none, the recipient's previous planned instant. Null: neither. */
  since: Instant | null;
  /** There is a last mail. */
  hasLast: boolean;
  /** What it said. Null: there is none, or what it said can't be read any more. */
  last: ContentOf<K> | null;
}

/**
 * The last mail of this kind that was made for a person and sent, whoever received it, within the last weeks. A digest that
 * had nothing to say was not sent, so the next one speaks for its days too; nor is one that is still under way, which may
 * yet be superseded.
 */
export async function previousMail<K extends 'coordinator_digest' | 'liaison_digest'>(
  kind: K,
  job: MailJob,
  recipient: Recipient,
  { mails, log }: { mails: MailStore; log: Log },
): Promise<Previous<K>> {
  const previous = await lastMade({ ...job, kind }, recipient, { mails, log }, ['sent']);
  if (previous === null) return { since: plannedBefore(job, recipient), hasLast: false, last: null };
  const last = await readable(previous.mailId, (id) => mails.frozen(id), log);
  return { since: previous.asOf, hasLast: true, last: last?.kind === kind ? (last as ContentOf<K>) : null };
}

/** A mail, or what it said. What can't be read any more is no reason to send no mail: its rows are new once more. */
async function readable<T>(mailId: string, read: (mailId: string) => Promise<T | null>, log: Log): Promise<T | null> {
  try {
    return await read(mailId);
  } catch (error) {
    if (!(error instanceof LastingError)) throw error;
    await logFailure(log, 'LAST_MAIL_UNREADABLE', error, { mailId });
    return null;
  }
}

/**
 * The last operations mail: its `asOf`, and what it said. The mailbox needs to hear once only what has gone wrong, so what
 * was found not to be worth a mail is done with: it counts as well, and said nothing. `since` is null if there was none in
 * the last weeks.
 */
export async function previousLook(
  job: MailJob,
  recipient: Recipient,
  { mails, log }: { mails: MailStore; log: Log },
): Promise<{ since: Instant | null; last: OperationsContent | null }> {
  const previous = await lastMade(job, recipient, { mails, log }, ['sent', 'empty']);
  if (previous === null) return { since: null, last: null };
  const last = await readable(previous.mailId, (id) => mails.frozen(id), log);
  return { since: previous.asOf, last: last?.kind === 'operations' ? last : null };
}

async function lastMade(
  { kind, dueAt }: MailJob,
  recipient: Recipient,
  { mails, log }: { mails: MailStore; log: Log },
  made: readonly MailJob['status'][],
): Promise<(MailJob & { asOf: Instant }) | null> {
  // On every day: they may have worked on others, or kept other holidays, when it was made.
  const everyDay = { ...recipient, workdays: [...WEEKDAYS], holidays: [] };
  for (const period of digestPeriodsBefore(everyDay, dueAt)) {
    if (period.dueAt < dueAt - LOOKED_BACK_DAYS * DAY_MS) return null;
    const previous = await readable(mailIdOf(kind, recipient.id, period), (id) => mails.get(id), log);
    const { asOf, status } = previous ?? {};
    if (previous && asOf !== undefined && status && made.includes(status)) return { ...previous, asOf };
  }
  return null;
}

/** The recipient's planned instant before a mail's. */
function plannedBefore({ dueAt }: MailJob, recipient: Recipient): Instant | null {
  const [before] = digestPeriodsBefore(recipient, dueAt);
  return before?.dueAt ?? null;
}

/** Whether the recipient's next daily mail has come due. */
export function isNextDue({ dueAt }: MailJob, recipient: Recipient, now: Instant): boolean {
  return digestPeriods(recipient, dueAt, now).length > 0;
}
