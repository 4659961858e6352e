import { HOUR_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { closedSince } from '../../shared/domain/referral/retention.ts';
import type { ReferralStore } from '../../shared/store/referral-store.ts';

/**
 * How long a referral is retired before its items expire: longer than any function runs, so that no worker is left that
 * read it before it was retired and may still write to its log.
 */
const SETTLED_MS = HOUR_MS;

/** What became of a referral. `kept`: it isn't its time, or somebody else was here. */
export type Retirement = 'retired' | 'expired' | 'kept';

/**
 * Takes a referral that was closed at or before `until` one step further on its way out. First it is retired: ingest
 * takes no more events for it. A later run gives its items to the table's time to live.
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
  // An event that the projection hasn't seen: its worker is still at it, or comes again, and may reopen the referral.
  if (log.length > stored.state.logged) return 'kept';
  if (stored.retiredAt === undefined) {
    return (await referrals.retire(stored, now)) === 'written' ? 'retired' : 'kept';
  }
  if (stored.retiredAt > now - SETTLED_MS) return 'kept';
  return (await referrals.expire(stored, now)) === 'written' ? 'expired' : 'kept';
}
