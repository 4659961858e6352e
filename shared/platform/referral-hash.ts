import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { MINUTE_MS } from '../contracts/duration.ts';
import type { TimeSource } from './time-source.ts';

/**
 * Names a referral in a log without saying its id. The key of the hash comes from KMS, so that whoever reads the logs
 * can't try ids out. Null: the key can't be had at the moment.
 */
export type ReferralHash = (referralId: string) => Promise<string | null>;

/** The environment variable that names the key in KMS. */
export const referralHashVariable = { REFERRAL_HASH_KEY: z.string().min(1) };

/** The form of a hash: 128 bits as hex. */
export const REFERRAL_HASH = /^[0-9a-f]{32}$/;

/** A referral's hash under a key. */
export function hashOfReferral(key: Uint8Array, referralId: string): string {
  return createHmac('sha256', key).update(referralId).digest('hex').slice(0, 32);
}

/**
 * Hashes with a key that is fetched when it is first needed and then kept in memory. If it can't be fetched, it isn't
 * asked for again within a minute: what logs a failure must not add a call to each.
 * @param fetchKey gets 32 bytes that nobody else knows
 */
export function referralHash(fetchKey: () => Promise<Uint8Array>, time: TimeSource): ReferralHash {
  let fetched: { key: Promise<Uint8Array | null>; failedAt: number | null } | null = null;
  const keyOf = (): Promise<Uint8Array | null> => {
    const failedAt = fetched?.failedAt ?? null;
    if (fetched !== null && (failedAt === null || Math.abs(time.now() - failedAt) < MINUTE_MS)) return fetched.key;
    const fetching: NonNullable<typeof fetched> = { key: Promise.resolve(null), failedAt: null };
    fetching.key = fetchKey().catch(() => {
      fetching.failedAt = time.now();
      return null;
    });
    fetched = fetching;
    return fetching.key;
  };
  return async (referralId) => {
    const key = await keyOf();
    return key === null ? null : hashOfReferral(key, referralId);
  };
}

/** The key on one machine, where there is no KMS: it is no secret, nor are the referrals. */
export const LOCAL_HASH_KEY: Uint8Array = createHash('sha256').update('loopwatch on one machine').digest();

export const localReferralHash: ReferralHash = async (referralId) => hashOfReferral(LOCAL_HASH_KEY, referralId);
