import type { Config } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { WatchKind } from '../../contracts/vocabulary.ts';
import { ownersOf } from '../referral/owners.ts';
import { versionAt } from '../referral/policy.ts';
import { isOpen } from '../referral/stage.ts';
import { calendarOf } from '../time/calendar.ts';
import { dueAt, isPausedAt } from '../time/due.ts';

/** Something that is watched without a clock. It breaches after `dueAt` unless it is silenced. */
export interface Watch {
  kind: WatchKind;
  dueAt: Instant;
  /** Doesn't hold at this run although it may be past due: a pause, or an appointment that lies ahead. */
  silenced: boolean;
}

/** What is watched of a referral at a run, due or not (domain contract, section 6: the five other kinds). */
export function watchesOf(state: ReferralState, config: Config, run: Instant): Watch[] {
  if (state.facts === 0 || state.stage === 'voided') return [];
  if (state.receivedAt === null) {
    return state.firstEventAt === null ? [] : [{ kind: 'orphan', dueAt: state.firstEventAt + DAY_MS, silenced: false }];
  }
  if (!isOpen(state)) return [];
  const watches: Watch[] = [];
  const version = versionAt(config.policy, state.receivedAt);
  const calendar = calendarOf(config.directory, state.site);
  if (state.stage === 'scheduled') {
    const starts = state.active.filter(({ arrived }) => !arrived).map(({ startsAt }) => startsAt);
    if (starts.length > 0) {
      const due = dueAt(Math.min(...starts), version.attendanceUnknownAfter, calendar);
      watches.push({ kind: 'attendance_unknown', dueAt: due, silenced: false });
    }
  }
  if (state.priority !== null && state.lastEventAt !== null) {
    const days = version.silence[state.priority];
    watches.push({
      kind: 'silence',
      dueAt: dueAt(state.lastEventAt, { value: days, unit: 'business_days' }, calendar),
      silenced: isPausedAt(state.pauses, run) || state.active.some(({ startsAt }) => startsAt > run),
    });
  }
  if (ownersOf(state, config.directory).coordinatorId === null) {
    watches.push({ kind: 'unassigned', dueAt: state.receivedAt, silenced: false });
  }
  if (state.missing.length > 0) {
    watches.push({ kind: 'incomplete', dueAt: state.receivedAt, silenced: false });
  }
  return watches;
}
