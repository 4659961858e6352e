import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Alert, ReferralState } from '../../shared/contracts/state.ts';
import { alertKey, detectAlerts } from '../../shared/domain/alert/detect.ts';
import { listedUntil } from '../../shared/domain/alert/listed.ts';
import { needsUrgentMail } from '../../shared/domain/alert/urgent.ts';
import { nextWake } from '../../shared/domain/alert/wake-up.ts';
import { coordinatorOf } from '../../shared/domain/referral/owners.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { computing } from '../../shared/platform/lasting-error.ts';
import { listedBy, packAlerts, unpackAlerts } from '../../shared/store/alert-record.ts';
import { retryOnConflict } from '../../shared/store/conditional-write.ts';
import { underConfig, type VersionedConfig } from '../../shared/store/fold-log.ts';
import type { ReferralStore, StoredAlert, StoredReferral, UrgentMail } from '../../shared/store/referral-store.ts';

/** What a run did with a referral. */
export interface Looked {
  /** It was written: an alert, its next wake-up, or the configuration with which it is folded has changed. */
  isWritten: boolean;
  /** How many alerts are new or different. */
  alerts: number;
}

const UNCHANGED: Looked = { isWritten: false, alerts: 0 };

/**
 * Brings a referral's alerts to what they are at a run and sets its next wake-up, in one write. It is looked at if it is
 * due, or if it was folded with another configuration: what names the one in force was detected under it or is due.
 * @throws ConflictError if others wrote the referral too many times; it stays due
 * @throws LastingError if it can't be read or computed on
 */
export function detectReferral(
  referralId: string,
  { config, version, run }: VersionedConfig & { run: Instant },
  { referrals, backoff }: { referrals: ReferralStore; backoff: Backoff },
): Promise<Looked> {
  return retryOnConflict('a referral', backoff, async () => {
    const stored = await referrals.load(referralId);
    if (stored === null) return UNCHANGED;
    // The index lags behind the table: an overlapping run may have been here.
    const isDue = stored.wakeAt !== null && stored.wakeAt <= run;
    if (!isDue && stored.config === version) return UNCHANGED;
    const read = await underConfig(stored, { config, version }, referrals);
    if (read === null) return UNCHANGED;
    const alerts = unpackAlerts(read);
    // A run that is tried again beside the next one looks as of the later, or it would take back that the referral is due.
    const latest = Math.max(run, ...alerts.map(({ alert }) => alert.asOf));
    const { next, changed } = computing(() => detected(read, alerts, config, latest));
    if (read.version === stored.version && isSame(next, stored)) return UNCHANGED;
    const written = await referrals.save({ ...next, version: read.version + 1 }, read.version);
    return written === 'conflict' ? 'conflict' : { isWritten: true, alerts: changed };
  });
}

/** What a run makes of a referral, and how many of its alerts are new or different. */
function detected(
  read: StoredReferral,
  before: readonly StoredAlert[],
  config: Config,
  run: Instant,
): { next: StoredReferral; changed: number } {
  const { alerts, changed } = alertsAt(read.state, before, config, run);
  const next: StoredReferral = {
    ...read,
    alerts: changed === 0 ? read.alerts : packAlerts(alerts),
    listed: listedBy(read.state, alerts, run),
    wakeAt: nextWake(
      read.state,
      config,
      run,
      listedUntil(
        alerts.map(({ alert }) => alert),
        read.state,
      ),
    ),
  };
  return { next, changed };
}

/** Whether a run changes nothing of what is stored. */
function isSame({ wakeAt, listed, config, alerts }: StoredReferral, stored: StoredReferral): boolean {
  return (
    wakeAt === stored.wakeAt &&
    config === stored.config &&
    alerts === stored.alerts &&
    isDeepStrictEqual(listed, stored.listed)
  );
}

/** The alerts of a referral after a run, and how many of them are new or different. */
function alertsAt(
  state: ReferralState,
  stored: readonly StoredAlert[],
  config: Config,
  run: Instant,
): { alerts: StoredAlert[]; changed: number } {
  const before = new Map(stored.map((item) => [alertKey(item.alert), item]));
  const plain = stored.map(({ alert }) => alert);
  const detected = new Map(detectAlerts(state, plain, config, run).map((alert) => [alertKey(alert), alert]));
  const coordinatorId = coordinatorOf(state, config.directory);
  let changed = 0;
  const alerts = [...new Set([...before.keys(), ...detected.keys()])].flatMap((key) => {
    const old = before.get(key);
    const alert = detected.get(key) ?? old?.alert;
    if (!alert) return [];
    const urgentMail = urgentMailOf(alert, old, coordinatorId, needsUrgentMail(alert, state, config, run));
    if (alert !== old?.alert || !isDeepStrictEqual(urgentMail, old.urgentMail)) changed += 1;
    return [{ alert, urgentMail }];
  });
  return { alerts, changed };
}

/**
 * An alert that can't wait for a digest is pending until an urgent mail reports it, once in an episode to whoever is its
 * coordinator: if it goes to another, but not again if it comes back.
 */
function urgentMailOf(
  alert: Alert,
  old: StoredAlert | undefined,
  coordinatorId: string | null,
  isNeeded: boolean,
): UrgentMail | null {
  if (alert.resolvedAt !== null) return null;
  const known = old?.alert.since === alert.since ? old.urgentMail : null;
  const isPending = known?.is === 'pending';
  const told = [...(known?.told ?? []), ...(known === null || isPending ? [] : [known.to])];
  const isOwed = isNeeded && coordinatorId !== null && !told.includes(coordinatorId);
  if (isOwed) return { to: coordinatorId, is: 'pending', ...(told.length > 0 && { told }) };
  if (!isPending) return known;
  const to = told.at(-1);
  return to === undefined ? null : { to, is: 'told', told: told.slice(0, -1) };
}
