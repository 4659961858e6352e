import * as z from 'zod';
import type { LoopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { Alert, ReferralState } from '../contracts/state.ts';
import type { Written } from './conditional-write.ts';

/** An event as the log keeps it. */
export interface LoggedEvent {
  event: LoopEvent;
  /** When SQS got it. */
  arrivedAt: Instant;
}

/** A referral's projection as it is stored. */
export interface StoredState {
  state: ReferralState;
  /** Counts the projections; a write is on condition of the version that was read. */
  version: number;
  /**
   * When the last event of the log arrived: a projection as of an earlier instant has to be folded again. Null: it was
   * written before projections had this.
   */
  arrivedAt: Instant | null;
  /** When detection has to look next. Null: never; not in the due index. */
  wakeAt: Instant | null;
  /** Since when no new events are taken: it was closed long ago and is about to be removed. Absent: it isn't. */
  retiredAt?: Instant;
}

/**
 * Where an alert stands with urgent mail: to be mailed, in the mail with that id, or left out because somebody had seen
 * to it before. A mail claims the alert when its content is made, so that only one of several mails reports it.
 */
export const urgentMail = z
  .union([z.literal(['pending', 'skipped']), z.templateLiteral(['mail:', z.string()])])
  .nullable();
export type UrgentMail = z.output<typeof urgentMail>;

/** An alert as it is stored. */
export interface StoredAlert {
  alert: Alert;
  /** Who is responsible, by the directory of the run that wrote it. Null: nobody. */
  coordinatorId: string | null;
  liaisonId: string | null;
  urgentMail: UrgentMail;
  /** Counts the writes. */
  revision: number;
}

export type OwnerRole = 'coordinator' | 'liaison';

/** Whose alerts to read: a person's, or nobody's (null). */
export interface Owner {
  role: OwnerRole;
  id: string | null;
}

/**
 * The referrals: event log, projections and alerts. Every read is complete (all pages), every write conditional. A read
 * that fails throws; it is never an empty answer.
 */
export interface ReferralStore {
  /** Projection and whole log of a referral, consistent. */
  loadLog(referralId: string): Promise<{ stored: StoredState | null; log: LoggedEvent[] }>;
  /** Puts an event into its referral's log unless one with its identity is there. */
  append(logged: LoggedEvent): Promise<Written>;
  /** Puts a projection on condition that the stored version is `expected` (null: there is none). */
  saveState(stored: StoredState, expected: number | null): Promise<Written>;
  /** The referrals of a shard of the due index that have to be looked at by `now`, earliest first, page by page. */
  due(shard: number, now: Instant): AsyncIterable<{ referralId: string; wakeAt: Instant }[]>;
  /** Projection and alerts of a referral, consistent, without its log. */
  loadAlerts(referralId: string): Promise<{ stored: StoredState | null; alerts: StoredAlert[] }>;
  /** Puts an alert on condition that its stored revision is `expected` (null: there is none). */
  saveAlert(stored: StoredAlert, expected: number | null): Promise<Written>;
  /** Sets the next wake-up on condition that version and wake-up are the ones read. */
  rearm(read: StoredState, next: Instant | null): Promise<Written>;
  /** The referrals of a shard that were closed by `until` and in which detection has nothing to look for, page by page. */
  closed(shard: number, until: Instant): AsyncIterable<{ referralId: string }[]>;
  /** Retires a referral on condition that its version is the one read. A worker that read it before can't write it. */
  retire(read: StoredState, at: Instant): Promise<Written>;
  /**
   * Gives every item of a retired referral to the table's time to live: log and alerts first, its projection last, on
   * condition of the version read. From then on it is neither due nor anybody's, and no read of a log or of alerts shows
   * it. If it fails halfway, call it again.
   */
  expire(read: StoredState, at: Instant): Promise<Written>;
  /** Open alerts of an owner, oldest due first. */
  openAlerts(owner: Owner): Promise<StoredAlert[]>;
  /** Alerts of an owner that were resolved after an instant. */
  resolvedAlerts(owner: Owner, after: Instant): Promise<StoredAlert[]>;
  /** Projections of the given referrals; those that don't exist are absent. */
  states(referralIds: readonly string[]): Promise<Map<string, ReferralState>>;
  /**
   * Every referral that was ever received, page by page, in no order; one that changes meanwhile may come twice. It reads
   * the projection of each.
   */
  received(): AsyncIterable<StoredState[]>;
  /** When the referrals of a practice were received, latest first, without those entered in error. */
  receivedFrom(practiceId: string): Promise<{ referralId: string; receivedAt: Instant }[]>;
  /** Alerts waiting for an urgent mail. */
  pendingUrgent(): Promise<StoredAlert[]>;
  /** Settles which mail has a pending alert, or that none has, unless it has changed since it was read. */
  settleUrgent(stored: StoredAlert, urgentMail: Exclude<UrgentMail, 'pending' | null>): Promise<Written>;
}
