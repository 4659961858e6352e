import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { PRACTICE_CHANGES, type PracticeChange, type PracticeChangeContent } from '../../contracts/mail.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { byCodePoint } from '../code-point.ts';
import { outcomeOf } from '../referral/clocks.ts';
import { localDate, startOfDate } from '../time/local-date.ts';
import { type PracticeActivity, practiceActivity } from './activity.ts';

/** What has become of a liaison's referring practices, and what of it may be our own doing. */

/** A liaison's week has room for so many practices; the others are counted. */
export const MOST_CHANGES = 25;
/** Referrals older than that are left alone: what went wrong with them is no news to their practice. */
const REFERRAL_DAYS = 365;
const CAUSE_DAYS = 60;

/** A referral of a practice, with when it was received. */
export interface Received {
  referralId: string;
  receivedAt: Instant;
}

/** A practice whose referrals have changed, and those of its referrals in which causes are looked for. */
export interface ChangedPractice extends Omit<PracticeChangeContent, 'causes'> {
  lookInto: string[];
}

export interface ChangesInput {
  asOf: Instant;
  /** The organization's: its weeks count. */
  timeZone: string;
  /** The referrals of each of the liaison's practices. */
  received: ReadonlyMap<string, readonly Received[]>;
}

/**
 * The practices that are declining, inactive, reactivated or new by the rules of the weekly report, as of now and for
 * the ISO week before. One stands once: that nothing comes any more, or that it came back, says more than that it
 * became less.
 */
export function changedPractices({ asOf, timeZone, received }: ChangesInput): ChangedPractice[] {
  const timesOf = (practiceId: string): Instant[] =>
    (received.get(practiceId) ?? [])
      .map(({ receivedAt }) => receivedAt)
      .filter((time) => time < asOf)
      .sort((a, b) => a - b);
  const week = weekBefore(asOf, timeZone);
  const times = new Map([...received.keys()].map((practiceId) => [practiceId, timesOf(practiceId)]));
  const activity = practiceActivity(times, { asOf, ...week });
  const changes = changesOf(activity);
  const declines = new Map(activity.declining.map((decline) => [decline.practiceId, decline]));
  return [...changes]
    .map(([practiceId, change]) => {
      const decline = change === 'declining' ? declines.get(practiceId) : undefined;
      const own = times.get(practiceId) ?? [];
      return {
        practiceId,
        change,
        observed: decline?.observed ?? null,
        expected: decline?.expected ?? null,
        ...lastOf(change, own, week),
        // Of a new practice there is nothing yet that could have kept it away.
        lookInto: change === 'new' ? [] : recent(received.get(practiceId) ?? [], asOf),
      };
    })
    .sort(byStrength);
}

/** The same with what on our side may be the cause. @param states projections of the referrals to look into */
export function withCauses(
  { lookInto, ...source }: ChangedPractice,
  states: ReadonlyMap<string, ReferralState>,
  asOf: Instant,
): PracticeChangeContent {
  const own = lookInto.flatMap((referralId) => states.get(referralId) ?? []).filter(({ stage }) => stage !== 'voided');
  const isRecent = (instant: Instant): boolean => instant >= asOf - CAUSE_DAYS * DAY_MS && instant < asOf;
  const isLate = (state: ReferralState, kinds: readonly string[]): boolean =>
    state.clocks.some(
      (clock) =>
        kinds.includes(clock.kind) &&
        isRecent(clock.dueAt) &&
        outcomeOf(clock, { ...state, voided: false }, asOf) === 'missed',
    );
  return {
    ...source,
    causes: {
      declines: own.reduce((sum, { declines }) => sum + declines.filter(({ at }) => isRecent(at)).length, 0),
      lateNotes: own.filter((state) => isLate(state, ['note'])).length,
      longWaits: own.filter((state) => isLate(state, ['visit', 'scheduled'])).length,
    },
  };
}

interface Week {
  from: Instant;
  to: Instant;
}

/** The ISO week before that of an instant, from Monday to Monday, both at local midnight. */
function weekBefore(instant: Instant, timeZone: string): Week {
  const date = localDate(instant, timeZone);
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  return { from: startOfDate(monday.subtract({ days: 7 }), timeZone), to: startOfDate(monday, timeZone) };
}

/** Each practice with its one change. */
function changesOf(activity: PracticeActivity): Map<string, PracticeChange> {
  const lists: [PracticeChange, readonly string[]][] = [
    ['declining', activity.declining.map(({ practiceId }) => practiceId)],
    ['inactive', activity.inactive],
    ['reactivated', activity.reactivated],
    ['new', activity.new],
  ];
  return new Map(lists.flatMap(([change, ids]) => ids.map((id) => [id, change] as const)));
}

/**
 * The latest referral; of a new or reactivated practice the one that made it so, and of the latter the one before its
 * silence. Only the first of the week can have ended a silence: it is longer than a week.
 */
function lastOf(
  change: PracticeChange,
  times: readonly Instant[],
  { from }: Week,
): Pick<PracticeChangeContent, 'lastReceivedAt' | 'silentSince'> {
  const first = times.findIndex((time) => time >= from);
  switch (change) {
    case 'declining':
    case 'inactive':
      return { lastReceivedAt: times.at(-1) ?? 0, silentSince: null };
    case 'reactivated':
      return { lastReceivedAt: times[first] ?? 0, silentSince: times[first - 1] ?? null };
    case 'new':
      return { lastReceivedAt: times[first] ?? 0, silentSince: null };
  }
}

function recent(received: readonly Received[], asOf: Instant): string[] {
  const own = received.filter(({ receivedAt }) => receivedAt >= asOf - REFERRAL_DAYS * DAY_MS && receivedAt < asOf);
  return own.map(({ referralId }) => referralId);
}

/**
 * Declining ones with the smallest part of what was expected first; then in the order of SOURCE_CHANGES, each with what
 * happened last first: a practice that went quiet last month can still be won back.
 */
function byStrength(a: ChangedPractice, b: ChangedPractice): number {
  const share = ({ observed, expected }: ChangedPractice): number => (observed ?? 0) / (expected ?? 1);
  return (
    PRACTICE_CHANGES.indexOf(a.change) - PRACTICE_CHANGES.indexOf(b.change) ||
    share(a) - share(b) ||
    b.lastReceivedAt - a.lastReceivedAt ||
    byCodePoint(a.practiceId, b.practiceId)
  );
}
