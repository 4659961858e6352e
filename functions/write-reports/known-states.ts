import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { ReferralStore, StoredState } from '../../shared/store/referral-store.ts';

const LOGS_AT_ONCE = 8;

/**
 * Every received referral as it was known at an instant, page by page. A projection that has seen later arrivals is
 * folded again without them, so that a report made late, or again after a crash, says what it would have said in time.
 */
export async function* knownStates(
  referrals: ReferralStore,
  asOf: Instant,
  config: Config,
): AsyncGenerator<ReferralState[]> {
  // Only a referral that is written while the index is read can come twice.
  const later = new Set<string>();
  for await (const page of referrals.received()) {
    // One without the arrival of its last event was written before there were reports: it is folded again as well.
    const isAsKnown = ({ arrivedAt }: StoredState): boolean => arrivedAt !== null && arrivedAt <= asOf;
    yield page.filter(isAsKnown).map(({ state }) => state);
    const changed = page.filter((stored) => !isAsKnown(stored)).map(({ state }) => state.referralId);
    const unseen = changed.filter((referralId) => !later.has(referralId));
    for (const referralId of unseen) later.add(referralId);
    yield await forEach(unseen, LOGS_AT_ONCE, async (referralId) => {
      const { log } = await referrals.loadLog(referralId);
      const known = log.filter(({ arrivedAt }) => arrivedAt <= asOf).map(({ event }) => event);
      return foldReferral(referralId, known, config);
    });
  }
}
