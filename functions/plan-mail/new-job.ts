import type { MailKind } from '../../shared/contracts/vocabulary.ts';
import { mailIdOf } from '../../shared/domain/mail/mail-id.ts';
import type { Period } from '../../shared/domain/mail/schedule.ts';
import type { MailJob } from '../../shared/store/mail-store.ts';

/** A mail to be made: one recipient, one period. */
export function newJob(kind: MailKind, personId: string, period: Period): MailJob {
  return {
    mailId: mailIdOf(kind, personId, period),
    kind,
    personId,
    ...period,
    status: 'planned',
    leaseUntil: null,
    sentAt: null,
    messageId: null,
    urgent: [],
  };
}
