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
  /** When detection has to look next. Null: never; not in the due index. */
  wakeAt: Instant | null;
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
  load(referralId: string): Promise<{ stored: StoredState | null; log: LoggedEvent[] }>;
  /** Puts an event into its referral's log unless one of that identity is there. */
  append(logged: LoggedEvent): Promise<Written>;
  /** Puts a projection on condition that the stored version is `expected` (null: there is none). */
  saveState(stored: StoredState, expected: number | null): Promise<Written>;
  /** The referrals of a shard of the due index that have to be looked at by `now`, earliest first, page by page. */
  due(shard: number, now: Instant): AsyncIterable<{ referralId: string; wakeAt: Instant }[]>;
  /** Projection and alerts of a referral, consistent, without its log. */
  watch(referralId: string): Promise<{ stored: StoredState | null; alerts: StoredAlert[] }>;
  /** Puts an alert on condition that its stored revision is `expected` (null: there is none). */
  saveAlert(stored: StoredAlert, expected: number | null): Promise<Written>;
  /** Sets the next wake-up on condition that version and wake-up are the ones read. */
  rearm(referralId: string, read: Pick<StoredState, 'version' | 'wakeAt'>, next: Instant | null): Promise<Written>;
  /** Open alerts of an owner, oldest due first. */
  openAlerts(owner: Owner): Promise<StoredAlert[]>;
  /** Alerts of an owner that were resolved after an instant. */
  resolvedAlerts(owner: Owner, after: Instant): Promise<StoredAlert[]>;
  /** Projections of the given referrals; those that don't exist are absent. */
  states(referralIds: readonly string[]): Promise<Map<string, ReferralState>>;
  /** Alerts waiting for an urgent mail. */
  pendingUrgent(): Promise<StoredAlert[]>;
  /** Settles where a pending alert is mailed, or that it isn't, unless it has changed since it was read. */
  settleUrgent(stored: StoredAlert, urgentMail: Exclude<UrgentMail, 'pending' | null>): Promise<Written>;
}
