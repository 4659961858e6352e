import type { Config } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { AlertLevel, WatchKind } from '../../contracts/vocabulary.ts';
import { ownersOf } from '../referral/owners.ts';
import { versionAt } from '../referral/policy.ts';
import { isOpen } from '../referral/stage.ts';
import { calendarOf } from '../time/calendar.ts';
import { dueAt, isPausedAt } from '../time/due.ts';
import { liveFrom } from './live-from.ts';

/** Something that is watched without a clock, at a run. */
export interface Watch {
  kind: WatchKind;
  dueAt: Instant;
  /** The level at which its alert holds at the run; null: it doesn't. */
  level: AlertLevel | null;
}

/** A referral that was received, and how one of these kinds stands. Null: there is nothing to watch. */
type ReceivedReferral = ReferralState & { receivedAt: Instant };
interface Watcher {
  look: (state: ReceivedReferral, config: Config, run: Instant) => Omit<Watch, 'kind'> | null;
  /** The instants at which `look` may see something else, beside starts of appointments and edges of pauses. */
  changes: (state: ReceivedReferral, config: Config) => Instant[];
}

/** For how long news on a referral that has ended is an alert. */
const NEWS_MS = 30 * DAY_MS;

/** A breach holds after its due, so a millisecond later is the first instant to look. */
const after = (instant: Instant): Instant => instant + 1;
const breachedAfter = (due: Instant, run: Instant): AlertLevel | null => (run > due ? 'breached' : null);

/** What is watched while a referral is open. */
const WHILE_OPEN = {
  attendance_unknown: {
    look: (state, config, run) => {
      const due = attendanceDue(state, config);
      return due === null ? null : { dueAt: due, level: breachedAfter(due, run) };
    },
    changes: (state, config) => {
      const due = attendanceDue(state, config);
      return due === null ? [] : [after(due)];
    },
  },
  silence: {
    look: (state, config, run) => {
      const started = state.active.map(({ startsAt }) => startsAt).filter((startsAt) => startsAt <= run);
      const due = silenceDue(state, config, Math.max(state.lastEventAt ?? state.receivedAt, ...started));
      if (due === null) return null;
      const waits = isPausedAt(state.pauses, run) || started.length < state.active.length;
      return { dueAt: due, level: waits ? null : breachedAfter(due, run) };
    },
    changes: (state, config) =>
      [state.lastEventAt ?? state.receivedAt, ...state.active.map(({ startsAt }) => startsAt)].flatMap((from) => {
        const due = silenceDue(state, config, from);
        return due === null ? [] : [after(due)];
      }),
  },
  unassigned: {
    look: (state, config, run) => {
      if (ownersOf(state, config.directory).coordinatorId !== null) return null;
      return fromReceipt(state, config, run);
    },
    changes: fromReceiptChanges,
  },
  incomplete: {
    look: (state, config, run) => (state.missing.length === 0 ? null : fromReceipt(state, config, run)),
    changes: fromReceiptChanges,
  },
  booked_late: {
    look: (state, _config, run) => {
      const due = bookedLateDue(state);
      return due === null ? null : { dueAt: due, level: run <= due ? 'at_risk' : null };
    },
    changes: (state) => {
      const due = bookedLateDue(state);
      return due === null ? [] : [after(due)];
    },
  },
  callback: {
    look: (state, config, run) => {
      const { callbackAt } = state;
      if (callbackAt === null || state.stage === 'to_close') return null;
      const isWaiting = isPausedAt(state.pauses, run) || run < dayOfCallback(callbackAt, state, config);
      return { dueAt: callbackAt, level: isWaiting ? null : (breachedAfter(callbackAt, run) ?? 'at_risk') };
    },
    changes: (state, config) =>
      state.callbackAt === null ? [] : [dayOfCallback(state.callbackAt, state, config), after(state.callbackAt)],
  },
} satisfies Record<Exclude<WatchKind, 'orphan' | 'news_after_end'>, Watcher>;

/** What is watched after a referral's end. */
const AFTER_END = {
  news_after_end: {
    look: ({ newsAfterEnd }, _config, run) => {
      if (newsAfterEnd === null) return null;
      const { firstAt, lastAt } = newsAfterEnd;
      return { dueAt: firstAt, level: run < lastAt + NEWS_MS ? breachedAfter(firstAt, run) : null };
    },
    changes: ({ newsAfterEnd }) =>
      newsAfterEnd === null ? [] : [after(newsAfterEnd.firstAt), newsAfterEnd.lastAt + NEWS_MS],
  },
} satisfies Record<'news_after_end', Watcher>;

/** What is watched of a referral that was received, by whether it is open or has ended. */
function watchersOf(state: ReceivedReferral): [WatchKind, Watcher][] {
  const watchers = isOpen(state) ? WHILE_OPEN : AFTER_END;
  return Object.entries(watchers) as [WatchKind, Watcher][];
}

/** The day on which somebody is to call begins at the site's midnight. */
function dayOfCallback(callbackAt: Instant, { site }: ReferralState, { directory }: Config): Instant {
  const calendar = calendarOf(directory, site);
  return calendar.midnight(calendar.dayOf(callbackAt));
}

/** When somebody has to say how the earliest appointment went. Null: none is active. */
function attendanceDue({ stage, active, receivedAt, site }: ReceivedReferral, config: Config): Instant | null {
  if (stage !== 'scheduled' || active.length === 0) return null;
  const { attendanceUnknownAfter } = versionAt(config.policy, receivedAt);
  const earliest = Math.min(...active.map(({ startsAt }) => startsAt));
  return dueAt(earliest, attendanceUnknownAfter, calendarOf(config.directory, site));
}

/** When a referral of which nothing was heard since an instant is silent. Null: no priority is known. */
function silenceDue({ priority, receivedAt, site }: ReceivedReferral, config: Config, since: Instant): Instant | null {
  if (priority === null) return null;
  const days = versionAt(config.policy, receivedAt).silence[priority];
  return dueAt(since, { value: days, unit: 'business_days' }, calendarOf(config.directory, site));
}

/** What is due as soon as the referral is there, and the system watches. */
function fromReceipt({ receivedAt }: ReceivedReferral, config: Config, run: Instant): Omit<Watch, 'kind'> {
  const due = Math.max(receivedAt, liveFrom(config));
  return { dueAt: due, level: breachedAfter(due, run) };
}

function fromReceiptChanges({ receivedAt }: ReceivedReferral, config: Config): Instant[] {
  return [after(Math.max(receivedAt, liveFrom(config)))];
}

/** The net due of the wait for a visit that is booked behind it without the patient's wish. Null: it isn't. */
function bookedLateDue({ stage, active, clocks }: ReferralState): Instant | null {
  const visit = clocks.find(
    ({ kind, stoppedAt, endedAt }) => kind === 'visit' && stoppedAt === null && endedAt === null,
  );
  if (stage !== 'scheduled' || active.length === 0 || !visit) return null;
  const earliest = Math.min(...active.map(({ startsAt }) => startsAt));
  const isWished = active.some(({ startsAt, patientChoice }) => startsAt === earliest && patientChoice);
  return earliest > visit.netDueAt && !isWished ? visit.netDueAt : null;
}

/** Whether a referral is known by other events alone, and has been for more than a day. */
export function isOrphan({ stage, facts, receivedAt, firstEventAt }: ReferralState, now: Instant): boolean {
  const isWaiting = stage !== 'voided' && facts > 0 && receivedAt === null;
  return isWaiting && firstEventAt !== null && now > orphanFrom(firstEventAt);
}

/** The instant after which a referral that wasn't received is an orphan. */
const orphanFrom = (firstEventAt: Instant): Instant => firstEventAt + DAY_MS;

/** What is watched about a referral at a run, due or not (docs/domain.md#6-2). */
export function watchesOf(state: ReferralState, config: Config, run: Instant): Watch[] {
  if (state.facts === 0 || state.stage === 'voided') return [];
  const { receivedAt, firstEventAt } = state;
  if (receivedAt === null) {
    const due = firstEventAt === null ? null : orphanFrom(firstEventAt);
    return due === null ? [] : [{ kind: 'orphan', dueAt: due, level: breachedAfter(due, run) }];
  }
  const received = { ...state, receivedAt };
  return watchersOf(received).flatMap(([kind, { look }]) => {
    const watch = look(received, config, run);
    return watch ? [{ kind, ...watch }] : [];
  });
}

/** The instants at which `watchesOf` may give something else, beside starts of appointments and edges of pauses. */
export function watchChanges(state: ReferralState, config: Config): Instant[] {
  const { receivedAt, firstEventAt } = state;
  if (receivedAt === null) return firstEventAt === null ? [] : [after(orphanFrom(firstEventAt))];
  const received = { ...state, receivedAt };
  return watchersOf(received).flatMap(([, { changes }]) => changes(received, config));
}
