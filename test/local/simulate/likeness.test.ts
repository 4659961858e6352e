import { describe, expect, it } from 'vitest';
import type { Likeness } from '../../../local/simulate/profile.ts';
import { sizeOf } from '../../../local/simulate/profiles.ts';
import { type Simulation, simulate } from '../../../local/simulate/simulate.ts';
import { checkConfig } from '../../../shared/contracts/config-check.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { mayCloseAsUnreachable } from '../../../shared/domain/referral/attempts.ts';
import { outcomeOf } from '../../../shared/domain/referral/clocks.ts';
import { isOpen } from '../../../shared/domain/referral/stage.ts';
import { breachesOf, type Standing, standingsAt } from './standing.ts';
import { instant } from './tally.ts';

const like = (likeness: Likeness, seed = 1) => simulate({ ...sizeOf({ like: likeness }), seed, like: likeness });
const coordinators = ({ directory }: Simulation) => directory.people.filter(({ role }) => role === 'coordinator');
const hasBreach = (standing: Standing) => breachesOf(standing).length > 0;
const openOf = (standings: Standing[]) => standings.filter(({ state }) => isOpen(state));

describe('a swamped organization', () => {
  const swamped = like('swamped');
  const { until, directory, policy } = swamped;
  const now = standingsAt(swamped, until);
  /** At the digest before the last: the end is a Monday. */
  const friday = new Map(standingsAt(swamped, until - 3 * DAY_MS).map((each) => [each.state.referralId, each]));
  const theirs = now.filter(({ coordinatorId }) => coordinatorId === 'coordinator-1');
  const overdue = theirs.filter(hasBreach);
  const escalatedTo = (id: string) =>
    now.filter(({ state, coordinatorId }) => {
      const site = directory.sites.find((each) => each.id === state.site);
      return coordinatorId === id || site?.escalateTo === id;
    });
  const escalations = (standing: Standing | undefined) =>
    (standing?.alerts ?? []).filter(({ level }) => level === 'escalated').map(({ kind, instance }) => kind + instance);
  const isNewlyEscalated = (standing: Standing) => {
    const before = escalations(friday.get(standing.state.referralId));
    return escalations(standing).some((alert) => !before.includes(alert));
  };
  const untold = now
    .filter(({ liaisonId }) => liaisonId === 'liaison-1')
    .filter((standing) => breachesOf(standing).some(({ kind }) => kind === 'referrer_update'));
  const of = (...priorities: string[]) => overdue.filter(({ state }) => priorities.includes(state.priority ?? ''));
  const marks = theirs.flatMap(({ state }) => state.marks);
  const endsOnWeekend = (end: number | null) => end !== null && [0, 6].includes(new Date(end).getUTCDay());
  const oldest = (days: number) => (standing: Standing) => (standing.state.receivedAt ?? until) < until - days * DAY_MS;

  it.each<[string, number, number]>([
    ['open breaches of one coordinator', overdue.length, 301],
    ['stat patients among them', of('stat').length, 4],
    ['urgent and asap patients among them', of('urgent', 'asap').length, 30],
    [
      'patients whom nobody has tried to reach',
      overdue.filter(({ state }) => state.stage === 'to_contact' && state.attempts.made === 0).length,
      50,
    ],
    ['new escalations since the digest before', escalatedTo('coordinator-1').filter(isNewlyEscalated).length, 24],
    ['referrals open for over 60 days', openOf(overdue).filter(oldest(60)).length, 50],
    ['breaches between three pauses and more', overdue.filter(({ state }) => state.pauses.length >= 3).length, 10],
    ['acknowledgements', marks.filter(({ until: end }) => end === null).length, 50],
    ['snoozes that end on a weekend', marks.filter(({ until: end }) => endsOnWeekend(end)).length, 10],
    [
      'snoozes that ended since the digest before',
      marks.filter(({ until: end }) => end !== null && end > until - 3 * DAY_MS && end <= until).length,
      5,
    ],
    [
      'calls promised and not made',
      overdue.filter((each) => breachesOf(each).some(({ kind }) => kind === 'callback')).length,
      10,
    ],
    ['patients who said no', overdue.filter(({ state }) => state.stage === 'to_close').length, 3],
    [
      'visits missed or cancelled and not booked again',
      overdue.filter(({ state }) => state.stage === 'to_rebook').length,
      10,
    ],
    ['patients who may be closed as unreachable', overdue.filter(({ state }) => mayClose(state)).length, 3],
    ['offices of one liaison that were not told', untold.length, 50],
    ['practices of these offices', new Set(untold.map(({ state }) => state.practiceId)).size, 6],
    [
      'offices not told for over 60 days',
      untold.filter((each) =>
        breachesOf(each).some(({ kind, dueAt }) => kind === 'referrer_update' && dueAt < until - 60 * DAY_MS),
      ).length,
      5,
    ],
  ])('has %s', (_name, count, atLeast) => {
    expect(count).toBeGreaterThanOrEqual(atLeast);
  });
  function mayClose(state: Standing['state']): boolean {
    const version = policy.versions.find(({ version }) => version === state.policyVersion) ?? policy.versions[0];
    return version !== undefined && mayCloseAsUnreachable(state, version.attempts, until);
  }

  it('has a coordinator whose site escalates to the swamped one and who was away for a week, with a deputy', () => {
    const [away] = coordinators(swamped).filter(({ away = [] }) => away.length > 0);
    const [site] = away?.routes ?? [];
    expect(directory.sites.find(({ id }) => id === site?.site)?.escalateTo).toBe('coordinator-1');
    expect(now.filter(({ coordinatorId }) => coordinatorId === away?.id).filter(hasBreach).length).toBeGreaterThan(20);
    const [{ from, to, deputyId } = { from: '', to: '', deputyId: '' }] = away?.away ?? [];
    expect((Date.parse(to) - Date.parse(from)) / DAY_MS + 1).toBe(7);
    expect(coordinators(swamped).map(({ id }) => id)).toContain(deputyId);
  });

  it('gets worse in the west', () => {
    const kept = (days: [number, number]) =>
      shareKept(
        now.filter(({ state }) => state.site === 'west'),
        until,
        days,
        'first_attempt',
      );
    expect(kept([28, 0])).toBeLessThan(kept([140, 56]) - 0.15);
  });

  it('has a feed that went quiet', () => {
    const last = (source: string) =>
      Math.max(...swamped.events.filter((event) => event.source === source).map(({ time }) => instant(time)));
    expect(last('urn:example:documents')).toBeLessThan(until - 2 * DAY_MS);
  });
});

describe.each([1, 2, 3])('a calm organization (seed %i)', (seed) => {
  const calm = like('calm', seed);
  const days = [0, 3, 4, 5, 6].map((ago) => standingsAt(calm, calm.until - ago * DAY_MS));

  it('leaves a coordinator at most six rows', () => {
    for (const { id } of coordinators(calm)) {
      for (const day of days) {
        const rows = day.filter(({ coordinatorId, alerts }) => coordinatorId === id && alerts.length > 0);
        expect(rows.length).toBeLessThanOrEqual(6);
      }
    }
  });

  it('has no feed that is quiet', () => {
    for (const { name, eventsEveryHours = Number.POSITIVE_INFINITY } of calm.directory.feeds ?? []) {
      const times = calm.events
        .filter(({ source, type }) => source === name && type !== 'feed.heartbeat')
        .map(({ recordedtime, time }) => instant(recordedtime ?? time));
      const waits = times.map((time, index) => (times[index + 1] ?? calm.until) - time);
      expect(Math.max(...waits)).toBeLessThanOrEqual(eventsEveryHours * HOUR_MS);
    }
  });

  it('keeps nearly every promise, and has enough of them', () => {
    const now = days[0] ?? [];
    expect(openOf(now).length).toBeGreaterThan(15);
    expect(shareKept(now, calm.until, [7, 0])).toBeGreaterThan(0.9);
  });
});

describe.each([1, 2, 3])('a small organization (seed %i)', (seed) => {
  const small = like('small', seed);
  const mondays = [0, 7, 14, 21].map((ago) => standingsAt(small, small.until - ago * DAY_MS));

  it('is a clinic with one coordinator, one liaison, one leader and two practices', () => {
    expect(small.directory.people.map(({ role }) => role)).toEqual(['coordinator', 'liaison', 'leader']);
    expect(small.directory.practices).toHaveLength(2);
  });

  it('has about eight open referrals', () => {
    for (const monday of mondays) {
      expect(openOf(monday).length).toBeGreaterThanOrEqual(4);
      expect(openOf(monday).length).toBeLessThanOrEqual(12);
    }
  });

  it('leaves its coordinator a handful of rows', () => {
    const rows = mondays.map(
      (monday) => monday.filter(({ coordinatorId, alerts }) => coordinatorId && alerts.length > 0).length,
    );
    expect(Math.max(...rows)).toBeLessThanOrEqual(9);
    expect(Math.max(...rows)).toBeGreaterThanOrEqual(2);
  });
});

describe.each<Likeness>(['swamped', 'calm', 'small'])('an organization that is %s', (likeness) => {
  it('has a valid directory and policy', () => {
    const { policy, directory } = like(likeness);
    expect(checkConfig({ policy, directory })).toMatchObject({ problems: [], warnings: [] });
  });

  it('takes another number of referrals and weeks where that is asked for', () => {
    expect(sizeOf({ like: likeness, referrals: 7 })).toEqual({ ...sizeOf({ like: likeness }), referrals: 7 });
    expect(sizeOf({ like: likeness, weeks: 3 }).weeks).toBe(3);
  });
});

/** The share of clocks met of those due in a span of days before the end. */
function shareKept(standings: Standing[], until: number, [from, to]: [number, number], kind?: string): number {
  const outcomes = standings.flatMap(({ state }) =>
    state.clocks
      .filter((clock) => kind === undefined || clock.kind === kind)
      .filter(({ dueAt }) => dueAt >= until - from * DAY_MS && dueAt < until - to * DAY_MS)
      .map((clock) => outcomeOf(clock, { ...state, voided: state.stage === 'voided' }, until))
      .filter((outcome) => outcome !== 'excluded'),
  );
  return outcomes.filter((outcome) => outcome === 'met').length / outcomes.length;
}
