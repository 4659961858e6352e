import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Alert, ReferralState } from '../../shared/contracts/state.ts';
import { alertKey, detectAlerts } from '../../shared/domain/alert/detect.ts';
import { isForUrgentMail } from '../../shared/domain/alert/urgent.ts';
import { nextWake } from '../../shared/domain/alert/wake-up.ts';
import { ownersOf } from '../../shared/domain/referral/owners.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { retryOnConflict } from '../../shared/store/conditional-write.ts';
import type { ReferralStore, StoredAlert, UrgentMail } from '../../shared/store/referral-store.ts';

/**
 * Brings a referral's alerts to what they are at a run and sets its next wake-up.
 * @returns how many alerts were written
 * @throws ConflictError if other runs or planners wrote the same alerts too many times; the referral stays due
 */
export function detectReferral(
  referralId: string,
  { config, run, evenIfNotDue = false }: { config: Config; run: Instant; evenIfNotDue?: boolean },
  { referrals, backoff }: { referrals: ReferralStore; backoff: Backoff },
): Promise<number> {
  let written = 0;
  return retryOnConflict('an alert', backoff, async () => {
    const { stored, alerts } = await referrals.loadAlerts(referralId);
    if (stored === null) return written;
    // The index lags behind the table: an overlapping run may have been here.
    const isDue = stored.wakeAt !== null && stored.wakeAt <= run;
    if (!isDue && !evenIfNotDue) return written;
    const changed = changedAlerts(stored.state, alerts, config, run);
    const writes = await Promise.all(changed.map(({ next, revision }) => referrals.saveAlert(next, revision)));
    written += writes.filter((write) => write === 'written').length;
    if (writes.includes('conflict')) return 'conflict';
    // A worker that changed the referral meanwhile has made it due again, or has done the same as this run.
    const next = nextWake(stored.state, config, run);
    if (next !== stored.wakeAt) await referrals.rearm(stored, next);
    return written;
  });
}

/** The alerts to write, each with the revision that it replaces. */
function changedAlerts(
  state: ReferralState,
  stored: readonly StoredAlert[],
  config: Config,
  run: Instant,
): { next: StoredAlert; revision: number | null }[] {
  const before = new Map(stored.map((item) => [alertKey(item.alert), item]));
  const detected = new Map(
    detectAlerts(
      state,
      stored.map(({ alert }) => alert),
      config,
      run,
    ).map((alert) => [alertKey(alert), alert]),
  );
  const owners = ownersOf(state, config.directory);
  const keys = new Set([...before.keys(), ...detected.keys()]);
  return [...keys].flatMap((key) => {
    const old = before.get(key);
    const alert = detected.get(key) ?? old?.alert;
    // A resolved alert keeps its owners; an open one follows its referral.
    if (!alert) return [];
    const urgentMail = urgentMailOf(alert, old, state, owners.coordinatorId);
    const moved = old?.alert.resolvedAt === null && !(isSameOwner(old, owners) && old.urgentMail === urgentMail);
    if (!detected.has(key) && !moved) return [];
    const revision = old?.revision ?? null;
    return [{ next: { alert, ...owners, urgentMail, revision: (revision ?? 0) + 1 }, revision }];
  });
}

function isSameOwner(
  stored: StoredAlert,
  { coordinatorId, liaisonId }: { coordinatorId: string | null; liaisonId: string | null },
): boolean {
  return stored.coordinatorId === coordinatorId && stored.liaisonId === liaisonId;
}

/** An urgent breach waits for an urgent mail, once for each episode and coordinator. */
function urgentMailOf(
  alert: Alert,
  old: StoredAlert | undefined,
  state: ReferralState,
  coordinatorId: string | null,
): UrgentMail {
  if (coordinatorId === null || !isForUrgentMail(alert, state)) return null;
  const sameEpisode = old?.alert.openedAt === alert.openedAt && old.coordinatorId === coordinatorId;
  return sameEpisode && old.urgentMail !== null ? old.urgentMail : 'pending';
}
