import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import type { MailContent } from '../contracts/mail.ts';
import { MAIL_KINDS } from '../contracts/vocabulary.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';

/**
 * How far a mail has come. `planned` -> `queued` -> `claimed` -> `sent`, or `empty` if there was nothing to say,
 * `undeliverable` if there is nobody to say it to, `superseded` if a later mail says what is still so, `held` if it was
 * made while the stage sends nothing.
 */
const MAIL_STATUSES = [
  ...(['planned', 'queued', 'claimed', 'sent'] as const),
  ...(['empty', 'undeliverable', 'superseded', 'held'] as const),
] as const;

/** An alert as an urgent mail names it. */
const urgentRef = z.object({
  referralId: z.string(),
  kind: z.string(),
  instance: z.number(),
  /** Start of the episode: a new one is mailed again. A mail of an earlier release doesn't say; it is planned anew. */
  since: instant.default(0),
});
export type UrgentRef = z.output<typeof urgentRef>;

/** One mail: one recipient, one period. Its id is derived from both and its kind. */
export const mailJob = z.object({
  mailId: z.string(),
  kind: z.enum(MAIL_KINDS),
  personId: z.string(),
  /** The recipient's local date for a digest, the run's instant for an urgent alert. */
  period: z.string(),
  /** When the period had come. */
  dueAt: instant,
  status: z.enum(MAIL_STATUSES),
  /** While claimed: until then nobody else sends it. */
  leaseUntil: instant.nullable(),
  /** The mail says what was so at its first claim; a retry says the same. Absent before. */
  asOf: instant.exactOptional(),
  /** Absent from the item before the mail is sent. */
  sentAt: instant.nullable().default(null),
  messageId: z.string().nullable(),
  /** When it was first held instead of being sent. */
  heldAt: instant.exactOptional(),
  /** What an urgent alert was planned for; else empty. */
  urgent: z.array(urgentRef),
  /** When each thing happened that SES reported. */
  sesSendAt: instant.exactOptional(),
  sesDeliveryAt: instant.exactOptional(),
  sesBounceAt: instant.exactOptional(),
  sesComplaintAt: instant.exactOptional(),
  sesRejectAt: instant.exactOptional(),
});
export type MailJob = z.output<typeof mailJob>;

/** What became of a mail, as SES reports it. */
export interface Delivery {
  mailId: string;
  event: 'Send' | 'Delivery' | 'Bounce' | 'Complaint' | 'Reject';
  at: Instant;
  messageId: string;
}

/** Mails: how far each has come, and what it says. */
export interface MailStore {
  /**
   * Mails whose period came on a UTC date (YYYY-MM-DD).
   * @param onUnreadable is told of each that can't be read, and it is left out; without it one such fails the read
   */
  dueOn(date: string, onUnreadable?: (error: LastingError) => void): Promise<MailJob[]>;
  get(mailId: string): Promise<MailJob | null>;
  /** Keeps a mail to be made; one that is planned already stays as it is. */
  plan(job: MailJob): Promise<Written>;
  /** Notes that a planned mail is on the queue. */
  markQueued(mailId: string): Promise<Written>;
  /** Takes the lease of a mail that isn't done and that nobody else holds. Null: it is done, or somebody holds it. */
  claim(mailId: string, now: Instant, leaseUntil: Instant): Promise<MailJob | null>;
  /** Keeps what the mail says, once: if there is content already, that is returned. */
  freeze(mailId: string, content: MailContent): Promise<MailContent>;
  /** What the mail says. Null: it isn't frozen yet. */
  frozen(mailId: string): Promise<MailContent | null>;
  /** Ends a mail; one that is sent stays sent. */
  finish(mailId: string, end: Pick<MailJob, 'status' | 'sentAt' | 'messageId' | 'heldAt'>): Promise<Written>;
  /** Puts a held mail back to `planned`, as mail is sent again. */
  release(mailId: string): Promise<Written>;
  /** Lets a mail be made after all that couldn't be delivered and was never made: back to `planned`. */
  reopen(mailId: string): Promise<Written>;
  /** Notes what became of a mail; a `Send` ends it. */
  recordDelivery(delivery: Delivery): Promise<Written>;
}
