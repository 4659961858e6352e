import type { LoopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { Alert, ReferralState } from '../contracts/state.ts';

/** An event as the log keeps it. */
export interface LoggedEvent {
  event: LoopEvent;
  /** When SQS got it. */
  arrivedAt: Instant;
}

/** A referral's projection as it is stored. */
export interface StoredState {
  state: ReferralState;
  /** Counts the projections; a write is on condition of the one that was read. */
  version: number;
  /**
   * When the last event of the log arrived: a projection as of an earlier instant has to be folded anew. Null: it was
   * written before projections said so.
   */
  arrivedAt: Instant | null;
  /** When detection has to look next. Null: never; not in the due index. */
  wakeAt: Instant | null;
  /** Since when no new events are taken, as it was closed long ago and is about to be removed. Absent: it isn't. */
  retiredAt?: Instant;
}

/**
 * Where an alert stands with urgent mail: to be mailed, in the mail of that id, or left out because somebody had seen to
 * it before. The mail claims the alert when its content is made, so that of several only one tells of it.
 */
export type UrgentMail = 'pending' | `mail:${string}` | 'skipped' | null;

/** An alert as it is stored. */
export interface StoredAlert {
  alert: Alert;
  /** Whose it is, by the directory of the run that wrote it. Null: nobody's. */
  coordinatorId: string | null;
  liaisonId: string | null;
  urgentMail: UrgentMail;
  /** Counts the writes. */
  revision: number;
}

/** Whether a conditional write took place. `conflict`: somebody else was faster; read again. */
export type Written = 'written' | 'conflict';

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
  /** Puts an event into its referral's log unless one of that identity is there. */
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
  /** The referrals of a shard that were closed by `until` and that detection has nothing to look for in, page by page. */
  closed(shard: number, until: Instant): AsyncIterable<{ referralId: string }[]>;
  /** Retires a referral on condition that its version is the one read. Whoever read it before can't write it any more. */
  retire(read: StoredState, at: Instant): Promise<Written>;
  /**
   * Gives every item of a retired referral to the table's time to live: log and alerts first, its projection last, on
   * condition of the version read. What is on its way out is neither due nor anybody's any more, and no read of a log
   * or of alerts shows it. To be called again where it didn't come to its end.
   */
  expire(read: StoredState, at: Instant): Promise<Written>;
  /** Open alerts of an owner, oldest due first. */
  openAlerts(owner: Owner): Promise<StoredAlert[]>;
  /** Alerts of an owner that were resolved after an instant. */
  resolvedAlerts(owner: Owner, after: Instant): Promise<StoredAlert[]>;
  /** Projections of the given referrals; those that don't exist are absent. */
  states(referralIds: readonly string[]): Promise<Map<string, ReferralState>>;
  /**
   * Every referral that was ever received, page by page, in no order; one that changes meanwhile may come twice. For
   * reports: it reads the projection of each.
   */
  received(): AsyncIterable<StoredState[]>;
  /** When the referrals of a practice were received, those entered in error left out, latest first. */
  receivedFrom(practiceId: string): Promise<{ referralId: string; receivedAt: Instant }[]>;
  /** Alerts waiting for an urgent mail. */
  pendingUrgent(): Promise<StoredAlert[]>;
  /** Settles where a pending alert is mailed, or that it isn't, unless it has changed since it was read. */
  settleUrgent(stored: StoredAlert, urgentMail: Exclude<UrgentMail, 'pending' | null>): Promise<Written>;
}
