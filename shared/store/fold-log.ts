import type { Config } from '../contracts/config.ts';
import type { Instant } from '../contracts/instant.ts';
import type { ReferralState } from '../contracts/state.ts';
import { foldReferral } from '../domain/referral/fold.ts';
import { computing } from '../platform/lasting-error.ts';
import type { LoggedEvent, ReferralStore, StoredReferral } from './referral-store.ts';

/** A configuration and the version by which items name it. */
export interface VersionedConfig {
  config: Config;
  version: string;
}

/**
 * The state that a stored log gives.
 * @throws ComputationError
 */
export function foldLog(referralId: string, log: readonly LoggedEvent[], config: Config): ReferralState {
  const events = log.map(({ event }) => event);
  return computing(() => foldReferral(referralId, events, config));
}

/** When the last event of a log arrived. */
export function lastArrival(log: readonly LoggedEvent[]): Instant {
  return log.reduce((latest, { arrivedAt }) => Math.max(latest, arrivedAt), 0);
}

/**
 * A referral under the configuration in force: as it was stored if it was folded with that one, else folded again, which
 * reads its log. Null: there is none any more.
 */
export async function underConfig(
  stored: StoredReferral,
  { config, version }: VersionedConfig,
  referrals: Pick<ReferralStore, 'loadLog'>,
): Promise<StoredReferral | null> {
  // What detection no longer watches stays as it was: no sweep reaches it, and each reader would pay for its log anew.
  if (stored.config === version || stored.retiredAt !== undefined || stored.wakeAt === null) return stored;
  const { referralId } = stored.state;
  const { stored: latest, log } = await referrals.loadLog(referralId);
  if (latest === null || latest.config === version || latest.retiredAt !== undefined) return latest;
  // The log may be ahead of the projection.
  return { ...latest, state: foldLog(referralId, log, config), config: version, arrivedAt: lastArrival(log) };
}
