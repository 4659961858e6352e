import type { OperationsContent } from '../../contracts/mail.ts';
import type { MailKind, RefusalReason } from '../../contracts/vocabulary.ts';

/** Fixed words of the operations mail. */

/** What to do about each kind of trouble. For referrals see `SECTION_HINT` in `wording.ts`. */
export const HINT = {
  refused: 'It is kept and counts in no figure. Have its sender mend what is wrong; then what is kept can be replayed.',
  deadLetters:
    'Work that failed for good and is not done. Mend the cause, then send it back as the runbook of the queue says; after 14 days it is gone.',
  quietFeeds:
    'What a quiet feed does not tell looks like good performance: nothing late, nothing missed. Ask its sender before you trust a figure.',
  endingHolidays:
    'After its last holiday a site counts every weekday, so deadlines fall on holidays. Add those of the coming year to its list in the directory.',
  undelivered: 'Whoever gets no mail does not know what is late. Mend the address in the directory, or tell them.',
} as const;

export const REFUSAL_MEANING: Record<RefusalReason, string> = {
  malformed: 'Not JSON, or not the dialect that it claims to be.',
  invalid: 'A field is missing or wrong; what is kept says which.',
  unknown_type: 'Of a type that Loopwatch does not know.',
  time_in_future: "Dated more than 10 minutes after it arrived: the sender's clock is wrong, or its time zone.",
  id_reused: 'Its id has come before with other content; the first stays.',
  too_large: 'Over 1 MiB, or over 5,000 members.',
  limit: 'The referral has 2,000 events already.',
  unmatched: 'It belongs to nothing that is on record.',
};

/** By the purpose of the queue that the messages failed in. */
export const QUEUE_NAME: Partial<Record<string, string>> = {
  'referral-events': 'Events of referrals',
  'mail-jobs': 'Mails',
  'delivery-events': 'What became of mails',
  scheduler: 'Scheduled runs',
};

export const LOST_WORK: Partial<Record<string, string>> = {
  'referral-events': 'What they say is missing: who was called may still be listed, who was not may be left out.',
  'mail-jobs': 'Somebody got no mail for a day; what is still open is in their next one.',
  'delivery-events': 'Bounces may be among these: who gets no mail is not known.',
  scheduler: 'The next run does the work of one that failed; if it fails as well, an alarm says so.',
};

export const MAIL_NAME: Record<MailKind, string> = {
  coordinator_digest: 'coordinator digest',
  liaison_digest: 'liaison digest',
  urgent_alert: 'urgent alert',
  weekly_report: 'report',
  operations: 'operations mail',
};

type Why = OperationsContent['undelivered'][number]['why'];

/** What follows a number of mails. */
export const WHY_NOT_STATE: Record<Why, string> = {
  bounced: 'bounced',
  complained: 'reported as spam',
  rejected: 'rejected',
  not_allowed: 'not sent',
};

export const WHY_NOT: Record<Why, string> = {
  bounced: 'The address takes no mail: until it does, this person gets no digests.',
  complained: 'SES no longer sends to an address that reports spam: this person gets no digests.',
  rejected: 'SES would not send it.',
  not_allowed: 'The address is in none of the allowed domains, or the directory does not have this person any more.',
};
