import type { Config } from '../contracts/config.ts';
import type { LoopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { MailContent } from '../contracts/mail.ts';
import type { PracticeFacts } from '../contracts/practice.ts';
import type { Report, ReportKind } from '../contracts/report.ts';
import type { Dialect, MailKind, RefusalReason } from '../contracts/vocabulary.ts';
import type { Written } from './referral-store.ts';

/** Input that was refused, as it is kept. */
export interface Quarantined {
  /** Hash of the body and its place, so that a redelivery doesn't count twice. */
  quarantineId: string;
  reason: RefusalReason;
  detail: string;
  dialect: Dialect;
  body: string;
  arrivedAt: Instant;
  /** When it was looked at: after an outage long after it arrived. */
  refusedAt: Instant;
  file: string | null;
  position: number | null;
}

/**
 * How far a mail has come. `planned` -> `queued` -> `claimed` -> `sent`, or `empty` where there was nothing to say,
 * `undeliverable` where there is nobody to say it to, `superseded` where the recipient's next digest has come meanwhile.
 */
export type MailStatus = 'planned' | 'queued' | 'claimed' | 'sent' | 'empty' | 'undeliverable' | 'superseded';

/** An alert as an urgent mail names it. */
export interface UrgentRef {
  referralId: string;
  kind: string;
  instance: number;
  /** Opening of the episode: a new episode is mailed anew. */
  openedAt: Instant;
}

/** One mail: one recipient, one period. Its id is derived from both and its kind. */
export interface MailJob {
  mailId: string;
  kind: MailKind;
  personId: string;
  /** The recipient's local date of a digest, the run's instant of an urgent alert. */
  period: string;
  /** When the period had come. */
  dueAt: Instant;
  status: MailStatus;
  /** While claimed: until then nobody else sends it. */
  leaseUntil: Instant | null;
  /** What the mail says is as of the first claim; a retry says the same. Absent before. */
  asOf?: Instant;
  sentAt: Instant | null;
  messageId: string | null;
  /** Of an urgent alert: what it was planned for. */
  urgent: UrgentRef[];
  /** What SES told of it, with when that was. */
  sesSendAt?: Instant;
  sesDeliveryAt?: Instant;
  sesBounceAt?: Instant;
  sesComplaintAt?: Instant;
  sesRejectAt?: Instant;
}

/** Which report: kind, period (`2026-W10`, `2026-03`, `2026-Q1`) and scope (`organization`, `site=X`). */
export interface ReportKey {
  kind: ReportKind;
  period: string;
  scope: string;
}

/** A report as it is stored: it never changes. */
export interface StoredReport {
  report: Report;
  /** The charts of its mail as PNG, by name; none where nobody gets it as mail. */
  charts: Record<string, Uint8Array>;
}

/** All reports of a period are there. */
export interface FinishedReports {
  kind: ReportKind;
  period: string;
  asOf: Instant;
}

/** What became of a mail, told by SES. */
export interface Delivery {
  mailId: string;
  event: 'Send' | 'Delivery' | 'Bounce' | 'Complaint' | 'Reject';
  at: Instant;
  messageId: string;
}

export interface ConfigInForce {
  version: string;
  config: Config;
  /** When the first configuration was pushed: nothing is owed for what was before. */
  since: Instant;
  /** The version by which every open referral was last folded and detected. */
  appliedVersion: string;
}

/** A stage that was deployed, but to which no configuration was pushed yet. */
export class NoConfigurationError extends Error {
  override readonly name = 'NoConfigurationError';

  constructor() {
    super('no configuration has been pushed yet: run `loopwatch config push DIR --stage STAGE`');
  }
}

export type RefusedCounts = Partial<Record<RefusalReason, number>>;

/** All that isn't a referral: configuration, quarantine, feeds, practices, mails. */
export interface OperationsStore {
  /** The configuration in force with its version. Throws NoConfigurationError where none was pushed. */
  config(): Promise<ConfigInForce>;
  /** @returns the version's name: the same configuration pushed twice is one version */
  pushConfig(config: Config, now: Instant): Promise<string>;
  /** Notes that every open referral was folded and detected by a version, unless another is in force by now. */
  markApplied(version: string): Promise<Written>;
  quarantine(item: Quarantined): Promise<Written>;
  /**
   * How much input was refused, by reason; reasons that don't occur are left out.
   * @param by which of its instants lies in [from, to): when it arrived, for figures of a period, or when it was refused,
   * for whoever has to be told of each once
   */
  refusedBetween(from: Instant, to: Instant, by: 'arrivedAt' | 'refusedAt'): Promise<RefusedCounts>;
  /** Notes that a feed was heard; the latest stays. */
  feedHeard(feed: string, at: Instant): Promise<void>;
  /** When each feed was last heard. */
  feedsHeard(): Promise<Map<string, Instant>>;
  appendPracticeEvent(event: LoopEvent, arrivedAt: Instant): Promise<Written>;
  practiceFacts(practiceIds: readonly string[]): Promise<PracticeFacts[]>;
  /** Mails whose period came on a UTC date (YYYY-MM-DD). */
  mailsOn(date: string): Promise<MailJob[]>;
  mail(mailId: string): Promise<MailJob | null>;
  planMail(job: MailJob): Promise<Written>;
  markQueued(mailId: string): Promise<Written>;
  /** Takes the lease of a mail that isn't done and that nobody else holds. Null: it is done, or somebody holds it. */
  claimMail(mailId: string, now: Instant, leaseUntil: Instant): Promise<MailJob | null>;
  /** Keeps what the mail says, once: where there is content already, that is returned. */
  freezeMail(mailId: string, content: MailContent): Promise<MailContent>;
  frozenMail(mailId: string): Promise<MailContent | null>;
  /** Ends a mail; one that is sent stays sent. */
  finishMail(mailId: string, end: Pick<MailJob, 'status' | 'sentAt' | 'messageId'>): Promise<Written>;
  recordDelivery(delivery: Delivery): Promise<Written>;
  /** Keeps a report; one that is there stays. */
  saveReport(key: ReportKey, stored: StoredReport): Promise<Written>;
  report(key: ReportKey): Promise<StoredReport | null>;
  /** Notes that all reports of a period are there. */
  finishReports(run: FinishedReports): Promise<Written>;
  /** The periods whose reports are all there. */
  finishedReports(): Promise<FinishedReports[]>;
}
