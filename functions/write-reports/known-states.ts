import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { foldLog, type VersionedConfig } from '../../shared/store/fold-log.ts';
import type { LoggedEvent, OnUnreadable, ReferralStore, StoredReferral } from '../../shared/store/referral-store.ts';

const LOGS_AT_ONCE = 8;
const PAGE = 100;

/**
 * Every received referral as it was known at each of some instants, in pages of one instant each, and those of which only
 * other events were known. Each projection, and each log that has to be folded again, is read once for all instants: a log
 * with later arrivals is folded without them, and one that the sweep under a new configuration will reach and hasn't yet is
 * folded with that. So a report made late, or again after a crash, says what it would have said on time.
 * @param aside is told of each referral that can't be read or folded: it is left out
 */
export async function* knownStates(
  referrals: ReferralStore,
  instants: readonly Instant[],
  { config, version }: VersionedConfig,
  aside: OnUnreadable,
): AsyncGenerator<{ asOf: Instant; states: ReferralState[] }> {
  const isAsKnown = ({ arrivedAt, wakeAt, config: foldedWith }: StoredReferral, asOf: Instant): boolean =>
    arrivedAt <= asOf && (foldedWith === version || wakeAt === null);
  // A referral comes twice if it is written while the index is read.
  const folded = new Map(instants.map((asOf) => [asOf, new Set<string>()]));
  for await (const page of everyReferral(referrals, aside)) {
    const logs = new Map<string, Promise<LoggedEvent[]>>();
    const logOf = (referralId: string): Promise<LoggedEvent[]> => {
      const log = logs.get(referralId) ?? referrals.loadLog(referralId).then((loaded) => loaded.log);
      logs.set(referralId, log);
      return log;
    };
    for (const [asOf, seen] of folded) {
      yield { asOf, states: page.filter((stored) => isAsKnown(stored, asOf)).map(({ state }) => state) };
      const changed = page.filter((stored) => !isAsKnown(stored, asOf)).map(({ state }) => state.referralId);
      const unseen = changed.filter((referralId) => !seen.has(referralId));
      for (const referralId of unseen) seen.add(referralId);
      const states = await forEach(unseen, LOGS_AT_ONCE, async (referralId) => {
        try {
          const known = (await logOf(referralId)).filter(({ arrivedAt }) => arrivedAt <= asOf);
          return [foldLog(referralId, known, config)];
        } catch (error) {
          if (!(error instanceof LastingError)) throw error;
          aside(referralId, error);
          return [];
        }
      });
      yield { asOf, states: states.flat() };
    }
  }
}

/**
 * Every referral that wasn't received and is somebody's, then those that were. One that is received meanwhile comes as
 * what it was first.
 */
async function* everyReferral(referrals: ReferralStore, aside: OnUnreadable): AsyncGenerator<StoredReferral[]> {
  const waiting = new Set<string>();
  const keys = await referrals.ownerKeys('coordinator');
  const unknown = keys.filter(({ facts }) => Object.values(facts ?? {}).every((fact) => fact === null));
  const ids = await referrals.listedUnder(
    'coordinator',
    unknown.map(({ key }) => key),
  );
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = await referrals.loadMany(ids.slice(from, from + PAGE), aside);
    const unreceived = page.filter(({ state }) => state.receivedAt === null);
    for (const { state } of unreceived) waiting.add(state.referralId);
    yield unreceived;
  }
  for await (const page of referrals.received(aside)) yield page.filter(({ state }) => !waiting.has(state.referralId));
}
