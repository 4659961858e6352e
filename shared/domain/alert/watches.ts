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
  /** It doesn't hold at this run, even past its due: the referral is paused, or an appointment lies ahead. */
  silenced: boolean;
}

/** A referral that was received and is open. */
type OpenReferral = ReferralState & { receivedAt: Instant };
type WatchOf = (state: OpenReferral, config: Config, run: Instant) => Omit<Watch, 'kind'> | null;

/** What is watched while a referral is open. `orphan` is for one that was never received. */
const WATCHES: Record<Exclude<WatchKind, 'orphan'>, WatchOf> = {
  attendance_unknown: (state, config) => {
    const starts = state.active.filter(({ arrived }) => !arrived).map(({ startsAt }) => startsAt);
    if (state.stage !== 'scheduled' || starts.length === 0) return null;
    const { attendanceUnknownAfter } = versionAt(config.policy, state.receivedAt);
    const calendar = calendarOf(config.directory, state.site);
    return { dueAt: dueAt(Math.min(...starts), attendanceUnknownAfter, calendar), silenced: false };
  },
  silence: (state, config, run) => {
    if (state.priority === null || state.lastEventAt === null) return null;
    const days = versionAt(config.policy, state.receivedAt).silence[state.priority];
    const calendar = calendarOf(config.directory, state.site);
    return {
      dueAt: dueAt(state.lastEventAt, { value: days, unit: 'business_days' }, calendar),
      silenced: isPausedAt(state.pauses, run) || state.active.some(({ startsAt }) => startsAt > run),
    };
  },
  unassigned: (state, config) =>
    ownersOf(state, config.directory).coordinatorId === null ? { dueAt: state.receivedAt, silenced: false } : null,
  booked_late: () => null,
  callback: () => null,
  news_after_end: () => null,
  incomplete: ({ missing, receivedAt }) => (missing.length > 0 ? { dueAt: receivedAt, silenced: false } : null),
};
const OPEN_KINDS = Object.keys(WATCHES) as (keyof typeof WATCHES)[];

/** Whether a referral is known by other events alone, and has been for more than a day. */
export function isOrphan({ stage, facts, receivedAt, firstEventAt }: ReferralState, now: Instant): boolean {
  const isWaiting = stage !== 'voided' && facts > 0 && receivedAt === null;
  return isWaiting && firstEventAt !== null && now > orphanFrom(firstEventAt);
}

/** The instant after which a referral that wasn't received is an orphan. */
const orphanFrom = (firstEventAt: Instant): Instant => firstEventAt + DAY_MS;

/** What is watched about a referral at a run, due or not (domain contract, section 6: the kinds without a clock). */
export function watchesOf(state: ReferralState, config: Config, run: Instant): Watch[] {
  if (state.facts === 0 || state.stage === 'voided') return [];
  const { receivedAt, firstEventAt } = state;
  if (receivedAt === null) {
    return firstEventAt === null ? [] : [{ kind: 'orphan', dueAt: orphanFrom(firstEventAt), silenced: false }];
  }
  if (!isOpen(state)) return [];
  const open = { ...state, receivedAt };
  return OPEN_KINDS.flatMap((kind) => {
    const watch = WATCHES[kind](open, config, run);
    return watch ? [{ kind, ...watch }] : [];
  });
}
