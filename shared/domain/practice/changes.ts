import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import { PRACTICE_CHANGES, type PracticeChange, type PracticeChangeContent } from '../../contracts/mail.ts';
import type { ReferralState } from '../../contracts/state.ts';
import { byCodePoint } from '../code-point.ts';
import { outcomeOf } from '../referral/clocks.ts';
import { localDate, startOfDate } from '../time/local-date.ts';
import type { Span } from '../time/span.ts';
import { type PracticeActivity, practiceActivity } from './activity.ts';

/** How a liaison's referring practices have changed, and which causes may lie with the organization. */

/** A liaison's mail lists this many practices at most and counts the others. */
export const MOST_CHANGES = 25;
/** Older referrals are left out: what went wrong with them is no news to their practice. */
const REFERRAL_DAYS = 365;
const CAUSE_DAYS = 60;

/** A referral of a practice, and when it was received. */
export interface Received {
  referralId: string;
  receivedAt: Instant;
}

/** A practice whose activity has changed. */
export interface ChangedPractice extends Omit<PracticeChangeContent, 'causes'> {
  /** Ids of its referrals in which to look for causes. */
  lookInto: string[];
}

export interface ChangesInput {
  asOf: Instant;
  /** The organization's, in which weeks begin and end. */
  timeZone: string;
  /** The referrals of each of the liaison's practices. */
  received: ReadonlyMap<string, readonly Received[]>;
}

/**
 * The practices that are declining, inactive, reactivated or new by the rules of the weekly report, as of now and for
 * the ISO week before. Each is listed once: that a practice stopped sending, or came back, says more than a decline.
 */
export function changedPractices({ asOf, timeZone, received }: ChangesInput): ChangedPractice[] {
  const instantsOf = (practiceId: string): Instant[] =>
    (received.get(practiceId) ?? [])
      .map(({ receivedAt }) => receivedAt)
      .filter((receivedAt) => receivedAt < asOf)
      .sort((a, b) => a - b);
  const week = weekBefore(asOf, timeZone);
  const instants = new Map([...received.keys()].map((practiceId) => [practiceId, instantsOf(practiceId)]));
  const activity = practiceActivity(instants, { asOf, ...week });
  const changes = changesOf(activity);
  const declines = new Map(activity.declining.map((decline) => [decline.practiceId, decline]));
  return [...changes]
    .map(([practiceId, change]) => {
      const decline = change === 'declining' ? declines.get(practiceId) : undefined;
      const own = instants.get(practiceId) ?? [];
      return {
        practiceId,
        change,
        observed: decline?.observed ?? null,
        expected: decline?.expected ?? null,
        ...lastOf(change, own, week),
        // Nothing can have driven a new practice away yet.
        lookInto: change === 'new' ? [] : recent(received.get(practiceId) ?? [], asOf),
      };
    })
    .sort(byStrength);
}

/** Adds the causes that may lie with the organization. @param states projections of the referrals to look into */
export function withCauses(
  { lookInto, ...changed }: ChangedPractice,
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
    ...changed,
    causes: {
      declines: own.reduce((sum, { declines }) => sum + declines.filter(({ at }) => isRecent(at)).length, 0),
      lateNotes: own.filter((state) => isLate(state, ['note'])).length,
      longWaits: own.filter((state) => isLate(state, ['visit', 'scheduled'])).length,
    },
  };
}

/** The ISO week before that of an instant, from Monday to Monday, both at local midnight. */
function weekBefore(instant: Instant, timeZone: string): Span {
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
 * When the latest referral was received. For a new or reactivated practice it is the referral that made it so; for a
 * reactivated one also when the referral before its silence was received. Only the first referral of the week can have
 * ended a silence, because a silence is longer than a week.
 */
function lastOf(
  change: PracticeChange,
  received: readonly Instant[],
  { from }: Span,
): Pick<PracticeChangeContent, 'lastReceivedAt' | 'silentSince'> {
  const first = received.findIndex((receivedAt) => receivedAt >= from);
  switch (change) {
    case 'declining':
    case 'inactive':
      return { lastReceivedAt: received.at(-1) ?? 0, silentSince: null };
    case 'reactivated':
      return { lastReceivedAt: received[first] ?? 0, silentSince: received[first - 1] ?? null };
    case 'new':
      return { lastReceivedAt: received[first] ?? 0, silentSince: null };
  }
}

function recent(received: readonly Received[], asOf: Instant): string[] {
  const own = received.filter(({ receivedAt }) => receivedAt >= asOf - REFERRAL_DAYS * DAY_MS && receivedAt < asOf);
  return own.map(({ referralId }) => referralId);
}

/**
 * In the order of PRACTICE_CHANGES. Declining practices: the smallest part of what was expected first. The others: the
 * latest first, because a practice that went quiet last month can still be won back.
 */
function byStrength(a: ChangedPractice, b: ChangedPractice): number {
  const part = ({ observed, expected }: ChangedPractice): number => (observed ?? 0) / (expected ?? 1);
  return (
    PRACTICE_CHANGES.indexOf(a.change) - PRACTICE_CHANGES.indexOf(b.change) ||
    part(a) - part(b) ||
    b.lastReceivedAt - a.lastReceivedAt ||
    byCodePoint(a.practiceId, b.practiceId)
  );
}
