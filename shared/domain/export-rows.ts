import type { Directory } from '../contracts/config.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../contracts/instant.ts';
import type { AlertRow, ReferralRow } from '../contracts/output.ts';
import type { Alert, ReferralState } from '../contracts/state.ts';
import { isPaused } from './alert/detect.ts';
import { byCodePoint } from './code-point.ts';
import { outcomeOf } from './referral/clocks.ts';
import { ownersOf } from './referral/owners.ts';
import { actsNext } from './referral/stage.ts';

/** A referral as it leaves the system, as of `now`. Null if nothing of it is left. */
export function referralRow(state: ReferralState, directory: Directory, now: Instant): ReferralRow | null {
  if (state.facts === 0) return null;
  const facts = { ...state, voided: state.stage === 'voided' };
  const clocks = [...state.clocks].sort((a, b) => byCodePoint(a.kind, b.kind) || a.instance - b.instance);
  return {
    referralId: state.referralId,
    stage: state.stage,
    paused: isPaused(state, now),
    actsNext: actsNext(state.stage),
    priority: state.priority,
    specialty: state.specialty,
    site: state.site,
    practiceId: state.practiceId,
    ...ownersOf(state, directory),
    receivedAt: formatOptionalInstant(state.receivedAt),
    endedAt: formatOptionalInstant(state.endedAt),
    endReason: state.endReason,
    clocks: clocks.map((clock) => ({
      kind: clock.kind,
      instance: clock.instance,
      startedAt: formatInstant(clock.startedAt),
      dueAt: formatInstant(clock.dueAt),
      netDueAt: formatInstant(clock.netDueAt),
      stoppedAt: formatOptionalInstant(clock.stoppedAt),
      outcome: outcomeOf(clock, facts, now),
    })),
    attempts: state.attempts,
  };
}

/** An alert as it leaves the system; owners by the current directory. */
export function alertRow(alert: Alert, state: ReferralState, directory: Directory): AlertRow {
  return {
    referralId: alert.referralId,
    kind: alert.kind,
    instance: alert.instance,
    level: alert.level,
    dueAt: formatInstant(alert.dueAt),
    atRiskAt: formatOptionalInstant(alert.atRiskAt),
    openedAt: formatOptionalInstant(alert.openedAt),
    escalatedAt: formatOptionalInstant(alert.escalatedAt),
    resolvedAt: formatOptionalInstant(alert.resolvedAt),
    resolution: alert.resolution,
    ...ownersOf(state, directory),
  };
}

/** Order of alert rows: referral id, kind, instance. */
export function byAlert(a: AlertRow, b: AlertRow): number {
  return byCodePoint(a.referralId, b.referralId) || byCodePoint(a.kind, b.kind) || a.instance - b.instance;
}
