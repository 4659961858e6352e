import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import { forEach } from '../platform/concurrency.ts';
import { logFailure } from '../platform/failure.ts';
import { errorName, type Log } from '../platform/logger.ts';
import type { Written } from './conditional-write.ts';

/** A referral that nobody can compute on: what is stored of it can't be read, or computing on it throws. */
export const setAside = z.object({
  referralId: z.string(),
  /** Which function met it. */
  by: z.string(),
  /** What it threw, with nothing of what was read. */
  error: z.string(),
  since: instant,
});
export type SetAside = z.output<typeof setAside>;

/** Referrals that are set aside, so that they hold up no other: in one place, until one of them can be computed on again. */
export interface SetAsideStore {
  /** Notes that a referral is set aside; one that is already stays as it was noted first. */
  put(aside: SetAside): Promise<Written>;
  /** Notes that a referral isn't set aside any more. */
  takeBack(referralId: string, now: Instant): Promise<Written>;
  /** All that are set aside. */
  all(): Promise<SetAside[]>;
}

const AT_ONCE = 8;

/**
 * Sets referrals aside, and logs that with their hashes.
 * @param failed by referral, what was thrown
 * @param met which function met them, and when
 */
export async function setAsideAll(
  failed: Iterable<readonly [referralId: string, error: unknown]>,
  { by, now }: { by: string; now: Instant },
  { setAsides, log }: { setAsides: Pick<SetAsideStore, 'put'>; log: Log },
): Promise<void> {
  await forEach(failed, AT_ONCE, async ([referralId, error]) => {
    await logFailure(log, 'REFERRAL_SET_ASIDE', error, { referralId });
    await setAsides.put({ referralId, by, error: errorName(error), since: now });
  });
}
