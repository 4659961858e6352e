import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralAlert } from '../../shared/domain/mail/digest-input.ts';
import { ownersOf } from '../../shared/domain/referral/owners.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { OwnerRole, ReferralStore, StoredAlert } from '../../shared/store/referral-store.ts';

/** Which alerts a mail is about, each with its referral's projection. */

const READS_AT_ONCE = 8;

/** A person's open alerts and those resolved since an instant (null: none of these), by the current directory. */
export async function ownAlerts(
  owner: { role: OwnerRole; id: string },
  since: Instant | null,
  { directory }: Config,
  referrals: ReferralStore,
): Promise<ReferralAlert[]> {
  const [open, resolved] = await Promise.all([
    referrals.openAlerts(owner),
    since === null ? [] : referrals.resolvedAlerts(owner, since),
  ]);
  const alerts = await withStates([...open, ...resolved], referrals);
  return alerts.filter(
    ({ alert, state }) => alert.resolvedAt !== null || ownersOf(state, directory)[`${owner.role}Id`] === owner.id,
  );
}

/** The escalated alerts, whoever their coordinator is, of the sites that escalate to a person. */
export async function escalatedAlerts(
  personId: string,
  { directory }: Config,
  referrals: ReferralStore,
): Promise<ReferralAlert[]> {
  const sites = new Set(directory.sites.filter(({ escalateTo }) => escalateTo === personId).map((site) => site.id));
  if (sites.size === 0) return [];
  const coordinators = directory.people.filter(({ role }) => role === 'coordinator').map((person) => person.id);
  const open = await forEach([...coordinators, null], READS_AT_ONCE, (id) =>
    referrals.openAlerts({ role: 'coordinator', id }),
  );
  const escalated = open.flat().filter(({ alert }) => alert.level === 'escalated');
  const alerts = await withStates(escalated, referrals);
  return alerts.filter(({ state }) => state.site !== null && sites.has(state.site));
}

/** Open alerts of referrals for which nobody is responsible, by the current directory. */
export async function nobodysAlerts({ directory }: Config, referrals: ReferralStore): Promise<ReferralAlert[]> {
  const alerts = await withStates(await referrals.openAlerts({ role: 'coordinator', id: null }), referrals);
  return alerts.filter(({ state }) => ownersOf(state, directory).coordinatorId === null);
}

/** Adds each alert's referral. Throws if a referral doesn't exist. */
export async function withStates(alerts: readonly StoredAlert[], referrals: ReferralStore): Promise<ReferralAlert[]> {
  const states = await referrals.states(alerts.map(({ alert }) => alert.referralId));
  return alerts.map(({ alert }) => {
    const state = states.get(alert.referralId);
    if (!state) throw new Error('an alert without its referral');
    return { alert, state };
  });
}
