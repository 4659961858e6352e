import type { Config, Person } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { DigestContent } from '../../shared/contracts/mail.ts';
import { coordinatorDigest } from '../../shared/domain/coordinator-digest.ts';
import type { DigestItem } from '../../shared/domain/digest.ts';
import { ownersOf } from '../../shared/domain/directory.ts';
import { liaisonDigest } from '../../shared/domain/liaison-digest.ts';
import { digestPeriods } from '../../shared/domain/mail-periods.ts';
import { urgentAlert } from '../../shared/domain/urgent-alert.ts';
import { mailIdOf } from '../../shared/store/operations-keys.ts';
import type { MailJob, OperationsStore } from '../../shared/store/operations-store.ts';
import type { OwnerRole, ReferralStore, StoredAlert } from '../../shared/store/referral-store.ts';

interface Stores {
  referrals: ReferralStore;
  operations: OperationsStore;
}

const DAY_MS = 86_400_000;
/** How far back the previous digest is looked for; before that everything open is new. */
const PREVIOUS_DAYS = 8;

/** What a mail has to say as of its first claim. Null: nothing. */
export async function contentOf(
  job: MailJob,
  recipient: Person,
  config: Config,
  stores: Stores,
): Promise<DigestContent | null> {
  const asOf = job.asOf ?? job.dueAt;
  const base = { recipient, period: job.period, asOf, config };
  switch (job.kind) {
    case 'coordinator_digest': {
      const since = await previousDigest(job, recipient, stores.operations);
      const items = await ownItems('coordinator', recipient, since, config, stores);
      const escalated = await escalatedItems(recipient, config, stores);
      return coordinatorDigest({ ...base, since, items, escalated });
    }
    case 'liaison_digest': {
      const since = await previousDigest(job, recipient, stores.operations);
      const items = await ownItems('liaison', recipient, since, config, stores);
      const own = config.directory.practices.filter(({ liaisonId }) => liaisonId === recipient.id).map(({ id }) => id);
      const named = items.flatMap(({ state }) => state.practiceId ?? []);
      const practices = await stores.operations.practiceFacts([...new Set([...own, ...named])]);
      return liaisonDigest({ ...base, since, items, practices });
    }
    case 'urgent_alert': {
      const planned = new Set(job.urgent.map(({ referralId, kind, instance }) => `${referralId} ${kind} ${instance}`));
      const open = await stores.referrals.openAlerts({ role: 'coordinator', id: recipient.id });
      const wanted = open.filter(({ alert }) => planned.has(`${alert.referralId} ${alert.kind} ${alert.instance}`));
      return urgentAlert({ ...base, items: await withStates(wanted, stores.referrals) });
    }
    case 'weekly_report':
    case 'operations':
      throw new Error(`${job.kind} mails are not made yet`);
  }
}

/** When the recipient's previous digest of this kind was frozen. Null: there was none in the last days. */
async function previousDigest(
  { kind, dueAt }: MailJob,
  recipient: Person,
  operations: OperationsStore,
): Promise<Instant | null> {
  const before = digestPeriods(recipient, dueAt - PREVIOUS_DAYS * DAY_MS, dueAt - 1);
  for (const period of before.reverse()) {
    const previous = await operations.mail(mailIdOf(kind, recipient.id, period));
    if (previous?.asOf !== undefined && previous.status !== 'undeliverable') return previous.asOf;
  }
  return null;
}

/** A person's open alerts and those resolved since, by the directory of the day. */
async function ownItems(
  role: OwnerRole,
  { id }: Person,
  since: Instant | null,
  { directory }: Config,
  { referrals }: Stores,
): Promise<DigestItem[]> {
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
async function escalatedItems({ id }: Person, { directory }: Config, { referrals }: Stores): Promise<DigestItem[]> {
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

async function withStates(alerts: readonly StoredAlert[], referrals: ReferralStore): Promise<DigestItem[]> {
  const states = await referrals.states(alerts.map(({ alert }) => alert.referralId));
  return alerts.map(({ alert }) => {
    const state = states.get(alert.referralId);
    if (!state) throw new Error('an alert without its referral');
    return { alert, state };
  });
}
