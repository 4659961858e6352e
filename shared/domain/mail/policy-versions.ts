import type { Config, PolicyVersion } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { byCodePoint } from '../code-point.ts';
import { versionAt } from '../referral/policy.ts';

/**
 * The version of the current policy that a referral is held to, by when it was received. A referral that was never
 * received gets the version in force at `asOf`.
 */
export function policyOf(state: ReferralState, { policy }: Config, asOf: Instant): PolicyVersion {
  return versionAt(policy, state.receivedAt ?? asOf);
}

/** Names of the versions that the listed referrals are held to, sorted; for an empty mail the one in force. */
export function policyVersions(
  referrals: readonly { state: ReferralState }[],
  config: Config,
  asOf: Instant,
): string[] {
  const versions = new Set(referrals.flatMap(({ state }) => state.policyVersion ?? []));
  if (versions.size === 0) versions.add(versionAt(config.policy, asOf).version);
  return [...versions].sort(byCodePoint);
}
