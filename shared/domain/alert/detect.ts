import type { Config } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { Alert, AlertMark, Clock, ReferralState } from '../../contracts/state.ts';
import {
  ALERT_LEVELS,
  type AlertKind,
  type AlertLevel,
  type Resolution,
  WATCH_KINDS,
  type WatchKind,
} from '../../contracts/vocabulary.ts';
import { isOpen } from '../referral/stage.ts';
import { isPausedAt } from '../time/due.ts';
import { liveFrom } from './live-from.ts';
import { watchesOf } from './watches.ts';

/** An alert whose condition holds at a run. */
export interface Holding {
  kind: AlertKind;
  instance: number;
  level: AlertLevel;
  /** Net due. */
  dueAt: Instant;
  /** The policy warns before the due, so `atRiskAt` means something. */
  warns: boolean;
}

/** The flag beside the stage: false unless the referral is open. */
export function isPaused(state: ReferralState, now: Instant): boolean {
  return isOpen(state) && isPausedAt(state.pauses, now);
}

/** Every alert that holds for a referral at a detection run (docs/domain.md#6-13). */
export function holdingAt(state: ReferralState, config: Config, run: Instant): Holding[] {
  if (state.stage === 'voided' || state.facts === 0) return [];
  const clocks = isPaused(state, run) ? [] : state.clocks.filter(isRunning);
  const ofClocks = clocks.flatMap((clock): Holding[] => {
    const level = levelOf(clock, run);
    const { kind, instance, netDueAt: dueAt, warnAt } = clock;
    return level === null ? [] : [{ kind, instance, level, dueAt, warns: warnAt !== null }];
  });
  const from = liveFrom(config);
  const live = ofClocks.filter(({ dueAt }) => dueAt >= from);
  // What is overdue by name needs no second alert.
  const isOverdue = live.some(({ level }) => level !== 'at_risk');
  const ofWatches = watchesOf(state, config, run).flatMap(({ kind, dueAt, level }): Holding[] => {
    if (level === null || dueAt < from || (kind === 'silence' && isOverdue)) return [];
    return [{ kind, instance: 1, level, dueAt, warns: WARNING_WATCHES.includes(kind) }];
  });
  return [...live, ...ofWatches];
}

/** The kinds without a clock that are at risk before they are breached. */
const WARNING_WATCHES: readonly WatchKind[] = ['booked_late', 'callback'];

/** Neither stopped nor ended. */
export function isRunning({ stoppedAt, endedAt }: Clock): boolean {
  return stoppedAt === null && endedAt === null;
}

function levelOf({ netDueAt, warnAt, escalateAt }: Clock, run: Instant): AlertLevel | null {
  if (run > netDueAt) return escalateAt !== null && run > escalateAt ? 'escalated' : 'breached';
  return warnAt !== null && run >= warnAt ? 'at_risk' : null;
}

/** `kind` and `instance` as one string; it identifies an alert within its referral. */
export function alertKey({ kind, instance }: { kind: AlertKind; instance: number }): string {
  return `${kind}#${instance}`;
}

/**
 * What a run makes of a referral's alerts. Pure: the same state, alerts and run give the same result, and a run after
 * it with nothing changed gives no changes.
 * @param stored every alert that was ever opened for the referral
 * @returns only the alerts that are new or different
 */
export function detectAlerts(state: ReferralState, stored: readonly Alert[], config: Config, run: Instant): Alert[] {
  const before = new Map(stored.map((alert) => [alertKey(alert), alert]));
  const holding = holdingAt(state, config, run);
  const held = new Set(holding.map(alertKey));
  const open = holding.map((holds) => opened(state, holds, before.get(alertKey(holds)), run));
  const resolved = stored
    .filter((alert) => alert.resolvedAt === null && !held.has(alertKey(alert)))
    .map((alert) => ({
      ...withMarks(alert, state),
      resolvedAt: run,
      resolution: resolutionOf(alert, state, run),
      asOf: run,
    }));
  // An overlapping or repeated run that is older than what was written knows less, so it changes nothing.
  return [...open, ...resolved].filter((alert) => {
    const old = before.get(alertKey(alert));
    return old === undefined || (old.asOf <= run && !sameBut(old, alert));
  });
}

function opened(state: ReferralState, holds: Holding, stored: Alert | undefined, run: Instant): Alert {
  const { kind, instance, level, dueAt, warns } = holds;
  const ongoing = stored?.resolvedAt === null ? stored : undefined;
  const breached = level !== 'at_risk';
  const alert: Alert = {
    referralId: state.referralId,
    kind,
    instance,
    level,
    dueAt,
    atRiskAt: warns ? (ongoing?.atRiskAt ?? run) : null,
    openedAt: breached ? (ongoing?.openedAt ?? run) : null,
    escalatedAt: level === 'escalated' ? (ongoing?.escalatedAt ?? run) : null,
    resolvedAt: null,
    resolution: null,
    since: ongoing?.since ?? run,
    asOf: run,
    acknowledgedBy: null,
    acknowledgedAt: null,
    snoozedUntil: null,
  };
  return withMarks(alert, state);
}

/** What of an alert decides which marks are on it. */
export type MarkedAlert = Pick<
  Alert,
  'kind' | 'instance' | 'level' | 'since' | 'openedAt' | 'escalatedAt' | 'resolvedAt'
>;

/**
 * What people said of an alert. It is of the episode in which they said it: a run had found the alert by then and none had
 * resolved it. An acknowledgement holds up to the level that the alert had then.
 */
export function marksOn(
  alert: MarkedAlert,
  state: ReferralState,
): Pick<Alert, 'acknowledgedBy' | 'acknowledgedAt' | 'snoozedUntil'> {
  const meant = state.marks
    .filter((mark) => isMeant(mark, alert) && mark.at >= alert.since)
    .filter(({ at }) => alert.resolvedAt === null || at < alert.resolvedAt);
  const latest = (of: typeof meant) =>
    of.reduce<(typeof meant)[number] | null>((a, b) => (a && a.at > b.at ? a : b), null);
  const acknowledged = latest(meant.filter(({ until }) => until === null));
  const isRaised = acknowledged !== null && rankOf(levelFoundBy(alert, acknowledged.at)) < rankOf(alert.level);
  const standing = isRaised ? null : acknowledged;
  return {
    acknowledgedBy: standing?.by ?? null,
    acknowledgedAt: standing?.at ?? null,
    snoozedUntil: latest(meant.filter(({ until }) => until !== null))?.until ?? null,
  };
}

function isMeant({ kind, instance }: AlertMark, alert: MarkedAlert): boolean {
  return kind === 'all' || (kind === alert.kind && (instance ?? alert.instance) === alert.instance);
}

/** The level that the last run at or before an instant found. */
function levelFoundBy({ openedAt, escalatedAt }: MarkedAlert, instant: Instant): AlertLevel {
  if (escalatedAt !== null && escalatedAt <= instant) return 'escalated';
  return openedAt !== null && openedAt <= instant ? 'breached' : 'at_risk';
}

const rankOf = (level: AlertLevel): number => ALERT_LEVELS.indexOf(level);

function withMarks(alert: Alert, state: ReferralState): Alert {
  return { ...alert, ...marksOn(alert, state) };
}

function sameBut(a: Alert, b: Alert): boolean {
  const keys = Object.keys(a) as (keyof Alert)[];
  return keys.every((key) => key === 'asOf' || a[key] === b[key]);
}

/** Why an alert that was open at the last run no longer holds. */
function resolutionOf(alert: Alert, state: ReferralState, run: Instant): Resolution {
  if (state.stage === 'voided' || state.facts === 0) return 'retracted';
  const clock = state.clocks.find((candidate) => alertKey(candidate) === alertKey(alert));
  if (clock) return clockResolution(alert, clock, state, run);
  if (!(WATCH_KINDS as readonly AlertKind[]).includes(alert.kind)) return 'retracted';
  if (state.endedAt !== null && alert.kind !== 'news_after_end') return 'ended';
  const waits = alert.kind === 'silence' || alert.kind === 'callback';
  return waits && isPaused(state, run) ? 'paused' : 'stopped';
}

function clockResolution(alert: Alert, clock: Clock, state: ReferralState, run: Instant): Resolution {
  // For an alert that was only at risk the warning must have been right, for one that was open the breach.
  const wasRight = (instant: Instant): boolean =>
    alert.level === 'at_risk' ? instant >= (clock.warnAt ?? Number.POSITIVE_INFINITY) : instant > clock.netDueAt;
  if (clock.stoppedAt !== null) return wasRight(clock.stoppedAt) ? 'stopped' : 'retracted';
  if (clock.endedAt !== null) return wasRight(clock.endedAt) ? 'ended' : 'retracted';
  return isPaused(state, run) ? 'paused' : 'retracted';
}
