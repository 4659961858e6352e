import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../shared/contracts/instant.ts';
import { listedUntil } from '../../shared/domain/alert/listed.ts';
import { alertsOfPastRuns } from '../../shared/domain/alert/past-runs.ts';
import { nextWake } from '../../shared/domain/alert/wake-up.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { computing, LastingError } from '../../shared/platform/lasting-error.ts';
import { listedBy, packAlerts, unpackAlerts } from '../../shared/store/alert-record.ts';
import { retryOnConflict } from '../../shared/store/conditional-write.ts';
import { foldLog, lastArrival, type VersionedConfig } from '../../shared/store/fold-log.ts';
import { keysOf } from '../../shared/store/referral-items.ts';
import type {
  FoundReferral,
  LoggedEvent,
  ReferralStore,
  StoredAlert,
  StoredReferral,
} from '../../shared/store/referral-store.ts';

/**
 * What came of it. `absent`: nothing is stored. `retired`: it is being removed, and stays as it is. `refolded`: it was written
 * under another configuration, so nobody can tell that anything was wrong.
 */
export type Rebuilt = 'unchanged' | 'refolded' | 'rebuilt' | 'absent' | 'retired';

type Moment = VersionedConfig & { now: Instant };

/**
 * Makes a referral anew from its log, whether or not what is stored of it can be read. Where nothing is wrong nothing is
 * written. What is written is due at once: the next detection run looks at it.
 * @throws LastingError if its log can't be read or folded, or its alerts can't be found
 * @throws ConflictError if others wrote it too many times
 */
export function rebuildReferral(
  referralId: string,
  { isDry = false, ...moment }: Moment & { isDry?: boolean },
  { referrals, backoff }: { referrals: ReferralStore; backoff: Backoff },
): Promise<Rebuilt> {
  return retryOnConflict('a referral', backoff, async () => {
    const { found, log } = await referrals.inspect(referralId);
    if (found === null && log.length === 0) return 'absent';
    if (found?.isRetired) return 'retired';
    const next = rebuilt(referralId, found, log, moment);
    if (isSound(found, next, moment)) return 'unchanged';
    const became = isOlder(found, next) ? 'refolded' : 'rebuilt';
    if (isDry) return became;
    const written = await referrals.repair(next, found?.version);
    return written === 'conflict' ? 'conflict' : became;
  });
}

function rebuilt(referralId: string, found: FoundReferral | null, log: LoggedEvent[], moment: Moment): StoredReferral {
  const { config, version, now } = moment;
  const state = foldLog(referralId, log, config);
  const kept = keptAlerts(referralId, found);
  const alerts = kept ?? lostAlerts(referralId, log, moment);
  const listed = listedBy(state, alerts, now);
  return {
    state,
    alerts: kept === null ? packAlerts(alerts) : (found?.alerts ?? null),
    // Detection takes it off its owners' lists.
    listed: { ...listed, owned: listed.owned || found?.stored?.listed.owned === true },
    config: version,
    version: (found?.stored?.version ?? 0) + 1,
    arrivedAt: lastArrival(log),
    wakeAt: now,
  };
}

/** The record of a referral's alerts. Null: there is none that can be read. */
function keptAlerts(referralId: string, found: FoundReferral | null): StoredAlert[] | null {
  if (found === null) return null;
  try {
    return unpackAlerts({ alerts: found.alerts, state: { referralId } });
  } catch (error) {
    if (error instanceof LastingError) return null;
    throw error;
  }
}

function lostAlerts(referralId: string, log: readonly LoggedEvent[], { config, now }: Moment): StoredAlert[] {
  const fold: Parameters<typeof alertsOfPastRuns>[1] = (known) => foldReferral(referralId, known, config);
  const alerts = computing(() => alertsOfPastRuns(log, fold, config, now));
  return alerts.map((alert) => ({ alert, urgentMail: null }));
}

/** Whether what is stored can be read, and was made of the same log under another configuration. */
function isOlder(found: FoundReferral | null, next: StoredReferral): boolean {
  const { stored = null, alerts } = found ?? {};
  return (
    stored !== null && stored.config !== next.config && stored.arrivedAt === next.arrivedAt && alerts === next.alerts
  );
}

/** Whether what is stored says what its log says, and stands where whoever looks for it finds it in time. */
function isSound(found: FoundReferral | null, next: StoredReferral, { config, now }: Moment): boolean {
  const { stored = null, keys } = found ?? {};
  if (stored === null || next.alerts !== found?.alerts) return false;
  const alerts = unpackAlerts(next).map(({ alert }) => alert);
  const wakeAt = computing(() => nextWake(next.state, config, now, listedUntil(alerts, next.state)));
  return (
    stored.config === next.config &&
    stored.arrivedAt === next.arrivedAt &&
    isDeepStrictEqual(stored.state, JSON.parse(JSON.stringify(next.state))) &&
    (stored.wakeAt ?? Number.POSITIVE_INFINITY) <= (wakeAt ?? Number.POSITIVE_INFINITY) &&
    isDeepStrictEqual(keys, keysOf(next))
  );
}
