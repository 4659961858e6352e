import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { LoggedEvent, ReferralStore, StoredState } from '../../shared/store/referral-store.ts';

const LOGS_AT_ONCE = 8;

/**
 * Every received referral as it was known at each of some instants, in pages of one instant each. Each projection, and
 * each log of one that changed later, is read once for all instants. A projection that includes later arrivals is folded
 * again without them. So a report made late, or again after a crash, says what it would have said on time.
 */
export async function* knownStates(
  referrals: ReferralStore,
  instants: readonly Instant[],
  config: Config,
): AsyncGenerator<{ asOf: Instant; states: ReferralState[] }> {
  // A referral comes twice if it is written while the index is read.
  const later = new Map(instants.map((asOf) => [asOf, new Set<string>()]));
  for await (const page of referrals.received()) {
    const logs = new Map<string, Promise<LoggedEvent[]>>();
    const logOf = (referralId: string): Promise<LoggedEvent[]> => {
      const log = logs.get(referralId) ?? referrals.loadLog(referralId).then((loaded) => loaded.log);
      logs.set(referralId, log);
      return log;
    };
    for (const [asOf, seen] of later) {
      yield { asOf, states: page.filter((stored) => isAsKnown(stored, asOf)).map(({ state }) => state) };
      const changed = page.filter((stored) => !isAsKnown(stored, asOf)).map(({ state }) => state.referralId);
      const unseen = changed.filter((referralId) => !seen.has(referralId));
      for (const referralId of unseen) seen.add(referralId);
      const states = await forEach(unseen, LOGS_AT_ONCE, async (referralId) => {
        const known = (await logOf(referralId)).filter(({ arrivedAt }) => arrivedAt <= asOf);
        return foldReferral(
          referralId,
          known.map(({ event }) => event),
          config,
        );
      });
      yield { asOf, states };
    }
  }
}

/** Projections of an earlier version don't say when their last event arrived: they are folded again as well. */
function isAsKnown({ arrivedAt }: StoredState, asOf: Instant): boolean {
  return arrivedAt !== null && arrivedAt <= asOf;
}
