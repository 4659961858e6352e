import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReferralAlert } from '../../shared/domain/mail/digest-input.ts';
import { coordinatorOf, liaisonOf, ownersOf } from '../../shared/domain/referral/owners.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { underConfig, type VersionedConfig } from '../../shared/store/fold-log.ts';
import type { OwnerRole, ReferralStore, StoredReferral } from '../../shared/store/referral-store.ts';
import { isUnwatched } from '../../shared/store/set-aside-store.ts';
import type { Aside, GatherContext } from './kinds/kind.ts';

/**
 * Which alerts a mail is about, each with its referral's projection. Whose they are follows from the facts of the
 * referral and the directory in force, so a new directory holds from the first mail on, and nobody's alerts stay behind
 * with somebody who has left.
 */

export interface AlertSource extends VersionedConfig {
  referrals: ReferralStore;
  log: Log;
  aside: Aside;
}

const LOGS_AT_ONCE = 8;

/** A person's referrals of which there is something to say: with an alert that is open or was lately, or a visit to rebook. */
export async function ownReferrals(
  { role, id }: { role: OwnerRole; id: string },
  source: AlertSource,
): Promise<StoredReferral[]> {
  const { directory } = source.config;
  const keys =
    role === 'coordinator'
      ? await coordinatorKeys((coordinatorId) => coordinatorId === id, source)
      : (await source.referrals.ownerKeys(role))
          .filter(({ facts }) => facts === null || liaisonOf(facts, directory) === id)
          .map(({ key }) => key);
  const listed = await currentReferrals(await source.referrals.listedUnder(role, keys), source);
  // The index lags: a referral's facts may have changed.
  return listed.filter(({ state }) => ownersOf(state, directory)[`${role}Id`] === id);
}

/**
 * The referrals of a coordinator on which detection fails and that are in no list of theirs, as far as can be told whose
 * they are: nothing was found of them that would have put them there.
 */
export async function unlistedAsides(
  coordinatorId: string,
  listed: readonly StoredReferral[],
  { referrals, config, setAsides, unread }: Pick<GatherContext, 'referrals' | 'config' | 'setAsides' | 'unread'>,
): Promise<string[]> {
  const known = new Set(listed.map(({ state }) => state.referralId));
  const unwatched = (await setAsides.all(unread)).filter(isUnwatched);
  const asides = unwatched.map(({ referralId }) => referralId).filter((id) => !known.has(id));
  const stored = await referrals.loadMany(asides, () => {});
  return stored
    .filter(({ state }) => coordinatorOf(state, config.directory) === coordinatorId)
    .map(({ state }) => state.referralId);
}

/** A person's open alerts and those resolved since an instant (null: none of these). */
export async function ownAlerts(
  person: { role: OwnerRole; id: string },
  since: Instant | null,
  source: AlertSource,
): Promise<ReferralAlert[]> {
  return alertsSince(await ownReferrals(person, source), since, source);
}

/** The open alerts of referrals and those resolved since an instant (null: none of these). */
export function alertsSince(
  referrals: readonly StoredReferral[],
  since: Instant | null,
  source: Pick<AlertSource, 'aside'>,
): ReferralAlert[] {
  return alertsOf(referrals, source).filter(
    ({ alert: { resolvedAt } }) => resolvedAt === null || (since !== null && resolvedAt > since),
  );
}

/** The open alerts of referrals with an escalated one, whoever their coordinator is, at the sites that escalate to a person. */
export async function escalatedAlerts(personId: string, source: AlertSource): Promise<ReferralAlert[]> {
  const { sites } = source.config.directory;
  const own = sites.filter(({ escalateTo }) => escalateTo === personId).map(({ id }) => id);
  const listed = await currentReferrals(await source.referrals.escalatedAt(own), source);
  const theirs = listed.filter(({ state }) => state.site !== null && own.includes(state.site));
  const open = alertsOf(theirs, source).filter(({ alert }) => alert.resolvedAt === null);
  // The index lags, and a new configuration may have taken the escalation back.
  const escalated = new Set(
    open.filter(({ alert }) => alert.level === 'escalated').map(({ state }) => state.referralId),
  );
  return open.filter(({ state }) => escalated.has(state.referralId));
}

/** Open alerts of referrals for which nobody is responsible. */
export async function nobodysAlerts(source: AlertSource): Promise<ReferralAlert[]> {
  const keys = await coordinatorKeys((coordinatorId) => coordinatorId === null, source);
  const listed = await currentReferrals(await source.referrals.listedUnder('coordinator', keys), source);
  const nobodys = listed.filter(({ state }) => coordinatorOf(state, source.config.directory) === null);
  return alertsOf(nobodys, source).filter(({ alert }) => alert.resolvedAt === null);
}

/** The owner keys whose coordinator is asked for. */
async function coordinatorKeys(
  isAskedFor: (coordinatorId: string | null) => boolean,
  { referrals, config }: AlertSource,
): Promise<string[]> {
  const keys = await referrals.ownerKeys('coordinator');
  return keys
    .filter(({ facts }) => facts === null || isAskedFor(coordinatorOf(facts, config.directory)))
    .map(({ key }) => key);
}

/** Every alert that referrals ever had, each with its referral. One whose record can't be read has none. */
export function alertsOf(referrals: readonly StoredReferral[], { aside }: Pick<AlertSource, 'aside'>): ReferralAlert[] {
  return referrals.flatMap((stored) => {
    try {
      return unpackAlerts(stored).map(({ alert }) => ({ alert, state: stored.state }));
    } catch (error) {
      if (!(error instanceof LastingError)) throw error;
      aside(stored.state.referralId, error);
      return [];
    }
  });
}

/**
 * Referrals by their ids, under the configuration in force: one that the sweep hasn't reached yet is folded again. If that
 * fails, it is shown as it was stored: somebody is owed something all the same. One that can't be read is left out.
 */
export async function currentReferrals(
  referralIds: readonly string[],
  { referrals, config, version, log, aside }: AlertSource,
): Promise<StoredReferral[]> {
  const stored = await referrals.loadMany(referralIds, aside);
  const current = await settleEach(stored, LOGS_AT_ONCE, (each) => underConfig(each, { config, version }, referrals));
  const shown: StoredReferral[] = [];
  for (const [index, each] of stored.entries()) {
    const result = current[index];
    if (result?.status === 'fulfilled') {
      if (result.value !== null) shown.push(result.value);
      continue;
    }
    const { referralId } = each.state;
    await logFailure(log, 'REFERRAL_FAILED', result?.reason, { referralId });
    if (result?.reason instanceof LastingError) aside(referralId, result.reason, { isShown: true });
    shown.push(each);
  }
  return shown;
}
