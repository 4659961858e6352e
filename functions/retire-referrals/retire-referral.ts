import { HOUR_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { closedSince } from '../../shared/domain/referral/retention.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';

/**
 * How long a referral is retired before its items are given away: longer than any function runs, so that nobody is left
 * who has read it before it was retired and may still write to its log.
 */
const SETTLED_MS = HOUR_MS;

/** What became of a referral: `kept` where it isn't its time, or somebody else was here. */
export type Retirement = 'retired' | 'expired' | 'kept';

/**
 * Takes a referral that was closed at or before `until` one step further on its way out: first it is retired, from when
 * on ingest takes no more events for it; a later run gives its items to the table's time to live.
 */
export async function retireReferral(
  referralId: string,
  { until, now }: { until: Instant; now: Instant },
  referrals: ReferralStore,
): Promise<Retirement> {
  const { stored, log } = await referrals.loadLog(referralId);
  // The index lags behind the table.
  const since = stored === null ? null : closedSince(stored.state);
  if (stored === null || since === null || since > until || stored.wakeAt !== null) return 'kept';
  // An event that its projection hasn't seen: whoever brought it is still at it, or comes again, and may reopen it.
  if (log.length > stored.state.logged) return 'kept';
  if (stored.retiredAt === undefined) {
    return (await referrals.retire(stored, now)) === 'written' ? 'retired' : 'kept';
  }
  if (stored.retiredAt > now - SETTLED_MS) return 'kept';
  return (await referrals.expire(stored, now)) === 'written' ? 'expired' : 'kept';
}
