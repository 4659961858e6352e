import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralAlert } from '../../shared/domain/mail/digest-rows.ts';
import type { Recipient } from '../../shared/domain/mail/schedule.ts';
import { ownersOf } from '../../shared/domain/referral/owners.ts';
import type { OwnerRole, ReferralStore, StoredAlert } from '../../shared/store/referral-store.ts';

/** Which alerts a mail is about, each with its referral. */

interface Stores {
  referrals: ReferralStore;
}

/** A person's open alerts and those resolved since, by the directory of the day. */
export async function ownItems(
  role: OwnerRole,
  { id }: Recipient,
  since: Instant | null,
  { directory }: Config,
  { referrals }: Stores,
): Promise<ReferralAlert[]> {
  const owner = { role, id };
  const [open, resolved] = await Promise.all([
    referrals.openAlerts(owner),
    since === null ? [] : referrals.resolvedAlerts(owner, since),
  ]);
  const items = await withStates([...open, ...resolved], referrals);
  return items.filter(
    ({ alert, state }) => alert.resolvedAt !== null || ownersOf(state, directory)[`${role}Id`] === id,
  );
}

/** Escalated alerts of the sites that escalate to a person, whosever they are. */
export async function escalatedItems(
  { id }: Recipient,
  { directory }: Config,
  { referrals }: Stores,
): Promise<ReferralAlert[]> {
  const sites = new Set(directory.sites.filter(({ escalateTo }) => escalateTo === id).map((site) => site.id));
  if (sites.size === 0) return [];
  const coordinators = directory.people.filter(({ role }) => role === 'coordinator').map((person) => person.id);
  const open = await Promise.all(
    [...coordinators, null].map((owner) => referrals.openAlerts({ role: 'coordinator', id: owner })),
  );
  const escalated = open.flat().filter(({ alert }) => alert.level === 'escalated');
  const items = await withStates(escalated, referrals);
  return items.filter(({ state }) => state.site !== null && sites.has(state.site));
}

/** Open alerts of referrals that nobody is responsible for, by the directory of the day. */
export async function nobodysItems({ directory }: Config, { referrals }: Stores): Promise<ReferralAlert[]> {
  const items = await withStates(await referrals.openAlerts({ role: 'coordinator', id: null }), referrals);
  return items.filter(({ state }) => ownersOf(state, directory).coordinatorId === null);
}

/** Alerts with their referrals' projections. */
export async function withStates(alerts: readonly StoredAlert[], referrals: ReferralStore): Promise<ReferralAlert[]> {
  const states = await referrals.states(alerts.map(({ alert }) => alert.referralId));
  return alerts.map(({ alert }) => {
    const state = states.get(alert.referralId);
    if (!state) throw new Error('an alert without its referral');
    return { alert, state };
  });
}
