import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { utcDate } from '../../shared/domain/mail/mail-id.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import type { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Log } from '../../shared/platform/logger.ts';
import type { MailJob, MailStore } from '../../shared/store/mail-store.ts';

/**
 * Mails that came to no end and that nobody works on: their message was lost or given up, so it is sent again. Harmless
 * where a message is still on the queue, as the sender claims a mail and skips one that is done.
 */

const QUARTER_MS = 15 * MINUTE_MS;
const MAILS_AT_ONCE = 8;
/** The UTC dates whose mails a run reads. At night a message is given up 30 hours after a mail of two dates before. */
const DATES = { everyRun: 2, everyHour: 3 };
/** Announced again in one run. What is left out is still unfinished later. */
export const MOST_AGAIN = 1_000;

/** Whether a run is the first of its hour: what is slow and not urgent is done then. */
export const isHourly = (now: Instant): boolean => now % HOUR_MS < QUARTER_MS;

/** The mails of the last UTC dates: two, or three once an hour. One that can't be read is logged and left out. */
export async function lastMails(
  now: Instant,
  { mails, log }: { mails: Pick<MailStore, 'dueOn'>; log: Log },
): Promise<MailJob[]> {
  const unread: LastingError[] = [];
  const dates = Array.from({ length: isHourly(now) ? DATES.everyHour : DATES.everyRun }, (_, days) =>
    utcDate(now - days * DAY_MS),
  );
  const found = await Promise.all(dates.map((date) => mails.dueOn(date, (error) => unread.push(error))));
  for (const error of unread) await logFailure(log, 'ITEM_UNREADABLE', error);
  return found.flat();
}

/**
 * The ids of the mails to announce again at a run: urgent mails at every run, others once an hour; urgent ones first, then
 * the earliest, up to a bound.
 * @param reports the latest reports' mails, which may have been due before the last dates: they are news until the next
 * @returns `older`: those that were due before the last dates
 */
export async function unfinishedMails(
  now: Instant,
  { known, reports, mails }: { known: readonly MailJob[]; reports: readonly MailJob[]; mails: Pick<MailStore, 'get'> },
): Promise<{ again: string[]; leftOut: number; older: MailJob[]; unread: unknown[] }> {
  const read = new Set(known.map(({ mailId }) => mailId));
  const gets = await settleEach(
    reports.filter(({ mailId }) => !read.has(mailId)),
    MAILS_AT_ONCE,
    ({ mailId }) => mails.get(mailId),
  );
  const older = gets.flatMap((outcome) => (outcome.status === 'fulfilled' ? (outcome.value ?? []) : []));
  const isUrgent = ({ kind }: MailJob): boolean => kind === 'urgent_alert';
  const left = [...known, ...older]
    .filter((mail) => (isUrgent(mail) || isHourly(now)) && isLeft(mail, now))
    .sort((a, b) => Number(isUrgent(b)) - Number(isUrgent(a)) || a.dueAt - b.dueAt);
  return {
    again: left.slice(0, MOST_AGAIN).map(({ mailId }) => mailId),
    leftOut: Math.max(0, left.length - MOST_AGAIN),
    older,
    unread: gets.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
}

/**
 * Whether a mail came to no end and nothing was heard of it for a while. A sender that fails takes the lease again every
 * six minutes, so a lease that was over for longer says that there is no message. The while doubles: if senders don't run
 * at all, each mail has a handful of messages when they do again.
 */
function isLeft({ kind, status, dueAt, leaseUntil }: MailJob, now: Instant): boolean {
  switch (status) {
    case 'planned':
      return true;
    case 'queued':
    case 'claimed': {
      const unit = kind === 'urgent_alert' ? QUARTER_MS : HOUR_MS;
      const quiet = Math.floor((now - Math.max(dueAt, leaseUntil ?? 0)) / unit);
      return quiet >= 1 && Number.isInteger(Math.log2(quiet));
    }
    case 'sent':
    case 'empty':
    case 'undeliverable':
    case 'superseded':
    case 'held':
      return false;
  }
}
