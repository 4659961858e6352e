import type { Instant } from '../../../shared/contracts/instant.ts';
import type { MailContent } from '../../../shared/contracts/mail.ts';
import type { MailKind } from '../../../shared/contracts/vocabulary.ts';
import type { Recipient } from '../../../shared/domain/mail/recipients.ts';
import type { Backoff } from '../../../shared/platform/backoff.ts';
import type { LastingError } from '../../../shared/platform/lasting-error.ts';
import type { Log } from '../../../shared/platform/logger.ts';
import type { Stores } from '../../../shared/store/dynamo-stores.ts';
import type { VersionedConfig } from '../../../shared/store/fold-log.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import type { ReportStore, StoredReport } from '../../../shared/store/report-store.ts';
import type { DeadLetters } from '../dead-letters.ts';

/** Where a mail is gathered from. */
export interface GatherDeps extends Omit<Stores, 'sweeps' | 'aliases'> {
  deadLetters: DeadLetters;
  /** Mail is made and kept, and none is sent. */
  holds: boolean;
  backoff: Backoff;
  log: Log;
}

export interface GatherContext extends GatherDeps, VersionedConfig {
  recipient: Recipient;
  /** The instant of the mail's first claim: the mail says what held then. */
  asOf: Instant;
  aside: Aside;
  /** Told of each other item that can't be read: the mail is made without it. */
  unread: (error: LastingError) => void;
}

/** Told of each referral that can't be read or computed on. Unless it is shown as it was stored, the mail is made without it. */
export type Aside = (referralId: string, error: LastingError, how?: { isShown?: boolean }) => void;

export type ContentOf<K extends MailKind> = Extract<MailContent, { kind: K }>;
export type Charts = StoredReport['charts'];

/** How a mail of one kind is made: first everything is read, then a pure function decides what the mail says. */
export interface Kind<K extends MailKind, Gathered> {
  /** Reads all that the mail needs. Throws if anything can't be read: the message then comes back. */
  gather: (job: MailJob, context: GatherContext) => Promise<Gathered>;
  /** Pure. Null: there is nothing to say. */
  decide: (gathered: Gathered) => ContentOf<K> | null;
  /** The referrals that a mail would be made from. Absent: it isn't made from referrals. */
  referralsOf?: (gathered: Gathered) => string[];
  /** What was gathered without some of these, which the mail then names. */
  without?: (gathered: Gathered, referralIds: ReadonlySet<string>) => Gathered;
  /** Whether the recipient's next mail of this kind says all that this one would have said, so that one does for both. */
  isSupersededByNext: boolean;
  /** What is done if the mail comes to nothing, before it ends. Absent: nothing. */
  giveBack?: (job: MailJob, now: Instant, deps: GatherDeps) => Promise<void>;
  /** Reads the charts that the mail shows. Absent: it shows none. */
  readCharts?: (content: ContentOf<K>, reports: ReportStore) => Promise<Charts>;
}
