import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';

/** A mail is under way for a while; an urgent one is sent at once, and again after six minutes if that failed. */
const OVERDUE_MS = { urgent: 30 * MINUTE_MS, other: HOUR_MS };

/**
 * How many mails are in trouble, for the alarms.
 * @param known the mails of the last UTC dates, and those of the latest reports
 * @returns `overdue`: came to no end long after they were due; `notDelivered`: in the last 24 hours had no address that they
 * may go to, came back or were rejected
 */
export function mailTrouble(known: readonly MailJob[], now: Instant): { overdue: number; notDelivered: number } {
  return {
    overdue: known.filter((mail) => isOverdue(mail, now)).length,
    notDelivered: known.filter((mail) => (failedAt(mail) ?? 0) > now - DAY_MS).length,
  };
}

function isOverdue({ kind, status, dueAt }: MailJob, now: Instant): boolean {
  switch (status) {
    case 'planned':
    case 'queued':
    case 'claimed':
      return now - dueAt >= (kind === 'urgent_alert' ? OVERDUE_MS.urgent : OVERDUE_MS.other);
    case 'sent':
    case 'held':
    case 'empty':
    case 'undeliverable':
    case 'superseded':
      return false;
  }
}

/** When a mail turned out to reach nobody: SES says so, or else its last claim does. Null: it didn't. */
function failedAt({ status, dueAt, leaseUntil, sesBounceAt, sesRejectAt }: MailJob): Instant | null {
  const cameBack = sesBounceAt ?? sesRejectAt;
  if (cameBack !== undefined) return cameBack;
  return status === 'undeliverable' ? Math.max(dueAt, leaseUntil ?? 0) : null;
}
