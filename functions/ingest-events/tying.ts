import type { SQSRecord } from 'aws-lambda';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { AliasStore } from '../../shared/store/alias-store.ts';
import type { OnUnreadable, Unmatched, UnmatchedStore } from '../../shared/store/unmatched-store.ts';
import type { Received } from './read-record.ts';

/** What comes of finding the referrals of a batch. */

export type Untied = Extract<Received, { member: unknown }>;

/** Events whose referral is known. */
export interface Tied {
  /** Whose message brought it, or named what it waited for. */
  record: SQSRecord;
  referralId: string;
  what: Untied | Unmatched;
}

/**
 * What has to be done, in this order, once the events of a referral are in its log: until then a redelivery finds all as
 * it was.
 */
export interface Afterwards {
  record: SQSRecord;
  referralId: string;
  run: () => Promise<unknown>;
}

export interface Tying {
  tied: Tied[];
  afterwards: Afterwards[];
  /** Have no key by which a referral could ever be found. */
  keyless: Untied[];
  /** What has to come back, and why. */
  failed: Map<SQSRecord, unknown>;
  /** How many wait for their referral to be named. */
  held: number;
  /** How many keys already name another referral. */
  taken: number;
}

export interface TieDeps {
  aliases: AliasStore;
  unmatched: UnmatchedStore;
  now: Instant;
  /** Told of what waits and can't be read: it holds up nobody, and goes with its time to live. */
  onUnreadable?: OnUnreadable;
  /** Throws if there is no time left to begin anything. */
  inTime?: () => void;
}

/** Notes if work for a record failed. @returns whether it did */
export function noteFailure(
  { failed }: Tying,
  record: SQSRecord,
  result: PromiseSettledResult<unknown> | undefined,
): boolean {
  if (result?.status !== 'rejected') return false;
  if (!failed.has(record)) failed.set(record, result.reason);
  return true;
}
