import type { OperationsContent } from '../../contracts/mail.ts';
import type { MailKind, RefusalReason } from '../../contracts/vocabulary.ts';

/** Fixed words of the operations mail. */

const runbook = (section: string): string => `Runbook: docs/runbooks.md#${section}.`;

/** What mends each kind of trouble. For referrals see `SECTION_HINT` in `digest/wording.ts`. */
export const HINT = {
  refused: `Kept, but in no figure. Have its sender correct it and send it again. ${runbook('refused-input')}`,
  unmatched: `Kept, but in no figure yet: no referral is known by the appointment, visit or order that these name. They count by themselves once one is. If a sender stands here day after day, see with "npx loopwatch dialect try" by what its messages look for their referral, and correct its "keys" in dialects.json. ${runbook('unmatched')}`,
  unmapped: `Codes that no crosswalk has: each was taken as it was sent, or a default stands for it. Add them to the crosswalks in dialects.json, see with "npx loopwatch dialect try" what becomes of messages, then "npx loopwatch config push". ${runbook('no-entry')}`,
  deadLetters: 'This work failed and was not done. Mend the cause, then send it back; after 14 days it is gone.',
  setAside: `What is stored of them can't be read or computed: their deadlines may not be watched, and mails and reports may leave them out. Every run tries again. ${runbook('referrals-set-aside')}`,
  quietFeeds: `What a quiet feed does not tell looks like good performance. Ask its sender before you trust a figure. ${runbook('quiet-feeds')}`,
  endingHolidays: `After its last holiday a site counts every weekday, so deadlines fall on holidays. Add those of the coming year with "npx loopwatch config holidays", then "npx loopwatch config push". ${runbook('holidays-that-run-out')}`,
  undelivered: `These people don't know what is late. Correct the address in the directory, then "npx loopwatch config push". ${runbook('mail-that-did-not-arrive')}`,
} as const;

/** Mends a practice without an entry: mostly it isn't known at all. */
export const UNLISTED_PRACTICE =
  'directory.json lists no practice with this id. List it there with a liaison, or, if it is listed under another, name that in crosswalks.practice.';

export const REFUSAL_MEANING: Record<RefusalReason, string> = {
  malformed: 'Not JSON, or not the dialect that it claims to be.',
  invalid: 'A field is missing or wrong; what is kept says which.',
  unknown_type: 'Of a type that Loopwatch does not know.',
  time_in_future: "Dated more than 10 minutes after it arrived: the sender's clock is wrong, or its time zone.",
  id_reused: 'Its id has come before with other content; the first stays.',
  too_large: 'Over 1 MiB, or over 5,000 rows or messages.',
  limit: 'The referral has 2,000 events already.',
  unmatched: 'It belongs to nothing that is on record.',
};

/** By the purpose of the queue that the messages failed in. */
export const QUEUE_NAME: Partial<Record<string, string>> = {
  'referral-events': 'Events of referrals',
  'mail-jobs': 'Mails',
  'delivery-events': 'Delivery reports',
  scheduler: 'Scheduled runs',
};

export const LOST_WORK: Partial<Record<string, string>> = {
  'referral-events': 'What they say is missing: who was called may still be listed, who was not may be left out.',
  'mail-jobs': 'Somebody got no mail for a day; what is still open is in their next one.',
  'delivery-events': 'Bounces may be among these: so nobody knows who gets no mail.',
  scheduler: 'The next run does the work of one that failed; if it fails as well, an alarm says so.',
};

/** What sends the messages of a queue back. */
export const QUEUE_RUNBOOK: Partial<Record<string, string>> = {
  'referral-events': runbook('referral-events-dead-letters'),
  'mail-jobs': runbook('mail-jobs-dead-letters'),
  'delivery-events': runbook('delivery-events-dead-letters'),
  scheduler: runbook('scheduler-dead-letters'),
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
