import type { LoopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { Alert, ReferralState } from '../contracts/state.ts';
import type { CoordinatorFacts, LiaisonFacts } from '../domain/referral/owners.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';

/** An event as the log keeps it. */
export interface LoggedEvent {
  event: LoopEvent;
  /** When SQS got it. */
  arrivedAt: Instant;
  /** How its data was sent, as `sentAs` says. Absent from events stored before that was noted. */
  sent?: string | undefined;
  /** It was made from a message in another dialect. Absent: it came as it is. */
  isTranslated?: boolean | undefined;
}

/**
 * A referral as it is stored, one item under one version: its projection, which can be made again from the log at any
 * time, and the record of its alerts, which can't.
 */
export interface StoredReferral {
  state: ReferralState;
  /** The record of its alerts, packed (`alert-record.ts`). Null: there never was one. */
  alerts: Uint8Array | null;
  listed: Listed;
  /** Version of the configuration with which it was folded. Whoever needs it under another folds its log again. */
  config: string;
  /** Counts the writes; a write is on condition of the version that was read. */
  version: number;
  /** When the last event of the log arrived: a projection as of an earlier instant has to be folded again. */
  arrivedAt: Instant;
  /** When detection has to look next. Null: never; not in the due index. */
  wakeAt: Instant | null;
  /** Since when no new events are taken: it was closed long ago and is about to be removed. Absent: it isn't. */
  retiredAt?: Instant;
}

/** In which indexes its alerts put a referral. Under which key follows from its facts. */
export interface Listed {
  /** Its coordinator's and its liaison's: an alert is open, or was resolved in the last days. */
  owned: boolean;
  /** An escalated alert is open. */
  escalated: boolean;
  /** An alert waits for an urgent mail. */
  urgent: boolean;
}

/**
 * Where an urgent alert stands with mail: for which coordinator, and whether it is to be mailed, is in the mail with that
 * id, or was told to them before it went to another and came back. A mail claims the alert when its content is made, so
 * that only one of several mails reports it.
 */
export interface UrgentMail {
  to: string;
  is: 'pending' | 'told' | `mail:${string}`;
  /** Who else had a mail of it in this episode: nobody is told twice. */
  told?: readonly string[];
}

/** An alert as it is stored. */
export interface StoredAlert {
  alert: Alert;
  /** Null: it can wait for a digest, so far. */
  urgentMail: UrgentMail | null;
}

/** A referral's item as it was found, whether or not it can be read. */
export interface FoundReferral {
  /** Null: it can't be read. */
  stored: StoredReferral | null;
  /** The record of its alerts, unread. Null: there is none. */
  alerts: Uint8Array | null;
  /** What stands for its version, whatever that is; a write over it is on condition of it. */
  version: unknown;
  /** It is being removed, whether or not the rest can be read. */
  isRetired: boolean;
  /** Under which keys its owners and reports find it. */
  keys: Record<string, unknown>;
}

export type OwnerRole = 'coordinator' | 'liaison';

/** A key of an index by owner: whose its referrals are follows from the facts and a directory. */
export interface OwnerKey<F> {
  key: string;
  /** Null: they can't be read, so its referrals may be anybody's. */
  facts: F | null;
}
export interface OwnerFacts {
  coordinator: CoordinatorFacts;
  liaison: LiaisonFacts;
}

/** A place in the due index. */
export interface DueEntry {
  referralId: string;
  wakeAt: Instant;
}

/** A shard of the due index: its number, and of how many. */
export interface DueShard {
  shard: number;
  of: number;
}

/** Told of a referral that can't be read, and why. */
export type OnUnreadable = (referralId: string, error: LastingError) => void;

/**
 * The referrals: event logs, and an item for each referral. Every read is complete (all pages), every write conditional.
 * A read that fails throws; it is never an empty answer.
 */
export interface ReferralStore {
  /** A referral and its whole log, consistent. */
  loadLog(referralId: string): Promise<{ stored: StoredReferral | null; log: LoggedEvent[] }>;
  /** A referral without its log, consistent. */
  load(referralId: string): Promise<StoredReferral | null>;
  /**
   * What there is of a referral, consistent, to make it anew.
   * @throws UnreadableItemError if an event of its log can't be read
   */
  inspect(referralId: string): Promise<{ found: FoundReferral | null; log: LoggedEvent[] }>;
  /** Puts a referral that was made anew on condition that what stands for its version is what was found (undefined: nothing). */
  repair(next: StoredReferral, found: unknown): Promise<Written>;
  /** Puts an event into its referral's log unless one with its identity is there. */
  append(logged: LoggedEvent): Promise<Written>;
  /** Puts an event in the place of one with its identity, on condition that this is as it was read. */
  replace(logged: LoggedEvent, read: LoggedEvent): Promise<Written>;
  /**
   * Puts a referral on condition that the stored version is `expected` (null: there is none). The keys under which its
   * owners find it are registered first.
   */
  save(stored: StoredReferral, expected: number | null): Promise<Written>;
  /**
   * Puts only the record of a referral's alerts, of which an urgent mail has claimed or given back some, on condition that
   * its version is the one read. The referral waits for an urgent mail if an alert is pending, and only then.
   */
  settleUrgent(read: StoredReferral, alerts: Uint8Array, pending: boolean): Promise<Written>;
  /**
   * The referrals of a shard that have to be looked at by `until`, earliest first, page by page.
   * @param after goes on behind this entry, whether or not it is still there
   */
  due(shard: DueShard, until: Instant, after?: DueEntry): AsyncIterable<DueEntry[]>;
  /** The referrals of a shard that were closed by `until` and in which detection has nothing to look for, page by page. */
  closed(shard: DueShard, until: Instant): AsyncIterable<DueEntry[]>;
  /** Retires a referral on condition that its version is the one read. A worker that read it before can't write it. */
  retire(read: StoredReferral, at: Instant): Promise<Written>;
  /**
   * Gives every item of a retired referral to the table's time to live: its log first, the referral itself last, on
   * condition of the version read. From then on it is in no index but `practice`, and no read of its log shows anything.
   * If it fails halfway, call it again.
   */
  expire(read: StoredReferral, at: Instant): Promise<Written>;
  /** Every owner key that was ever in use. */
  ownerKeys<R extends OwnerRole>(role: R): Promise<OwnerKey<OwnerFacts[R]>[]>;
  /** The ids of the referrals that are listed under some owner keys. The index lags: their facts may have changed. */
  listedUnder(role: OwnerRole, keys: readonly string[]): Promise<string[]>;
  /** The ids of the referrals of some sites of which an alert is escalated. The index lags. */
  escalatedAt(sites: readonly string[]): Promise<string[]>;
  /** The ids of the referrals of which an alert waits for an urgent mail. The index lags. */
  pendingUrgent(): Promise<string[]>;
  /**
   * The given referrals; those that don't exist are left out. Eventually consistent.
   * @param onUnreadable is told of each that can't be read, and it is left out; without it one such fails the read
   */
  loadMany(referralIds: readonly string[], onUnreadable?: OnUnreadable): Promise<StoredReferral[]>;
  /**
   * Every referral that was ever received, page by page, in no order; one that changes meanwhile may come twice.
   * @param onUnreadable as in `loadMany`
   */
  received(onUnreadable?: OnUnreadable): AsyncIterable<StoredReferral[]>;
  /**
   * When the referrals of a practice were received, latest first, without those entered in error.
   * @param onUnreadable as in `loadMany`
   */
  receivedFrom(practiceId: string, onUnreadable?: OnUnreadable): Promise<{ referralId: string; receivedAt: Instant }[]>;
}
