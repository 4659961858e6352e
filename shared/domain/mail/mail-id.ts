import { createHash } from 'node:crypto';
import type { MailKind } from '../../contracts/vocabulary.ts';

/** A mail's id: the UTC date on which it is due, and a hash of its kind, recipient and period. Fit for an SES tag. */
export function mailIdOf(
  kind: MailKind,
  personId: string,
  { period, dueAt }: { period: string; dueAt: number },
): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([kind, personId, period]))
    .digest('hex');
  return `${utcDate(dueAt)}-${hash.slice(0, 32)}`;
}

/** The id of the nth time that a mail is sent again, counted from 1. It is a mail of its own, beside the first one. */
export const resendIdOf = (mailId: string, n: number): string => `${mailId}-r${n}`;

/** The mail that a mail says again. Itself if it is none of these. */
export const originalOf = (mailId: string): string => mailId.replace(/-r\d+$/, '');

/** Such as 2026-03-02. */
export function utcDate(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
