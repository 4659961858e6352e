import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../local/simulate/simulate.ts';
import { DAY_MS } from '../../../../shared/contracts/duration.ts';
import type { LoopEvent } from '../../../../shared/contracts/event.ts';
import type { Report } from '../../../../shared/contracts/report.ts';
import type { ReferralState } from '../../../../shared/contracts/state.ts';
import { CLOCK_KINDS } from '../../../../shared/contracts/vocabulary.ts';
import { foldReferral } from '../../../../shared/domain/referral/fold.ts';
import { reportPeriods } from '../../../../shared/domain/report/periods.ts';
import { ReportBuilder } from '../../../../shared/domain/report/report-builder.ts';
import { readCloudEvent } from '../../../../shared/intake/cloudevents.ts';

/** Laws of the figures, over an organization with everything in it. What each number is, the oracle says. */

const { lines, policy, directory, until } = simulate({ referrals: 500, weeks: 40, seed: 3 });
const config = { policy, directory };
const events = lines.flatMap((line): LoopEvent[] => {
  const intake = readCloudEvent(line, null);
  return 'event' in intake && /^R-/.test(intake.event.subject) ? [intake.event] : [];
});
const states = [...Map.groupBy(events, ({ subject }) => subject)].map(([id, log]) => foldReferral(id, log, config));
const period = reportPeriods(directory.organization.timeZone, until - 8 * DAY_MS, until).find(
  ({ kind }) => kind === 'weekly',
);
if (!period) throw new Error('the simulation ends on a Monday');

const NOTHING_ELSE = { refused: {}, unmapped: {}, orphans: 0, feedsHeard: new Map() };
function reportsOf(referrals: readonly ReferralState[], of = period): Map<string, Report> {
  const builder = new ReportBuilder(of as NonNullable<typeof of>, config);
  for (const state of referrals) builder.add(state);
  return builder.finish(NOTHING_ELSE);
}
const organization = (reports: Map<string, Report>): Report => {
  const report = reports.get('organization');
  if (!report) throw new Error('there is always a report of the organization');
  return report;
};
const whole = reportsOf(states);

describe('the reports of a week', () => {
  it('do not depend on the order in which referrals are read', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(states, { minLength: states.length }), (shuffled) => {
        const [again, before] = [reportsOf(shuffled), whole].map((reports) =>
          [...reports].map(([scope, report]) => `${scope} ${JSON.stringify(report)}`).sort(),
        );
        expect(again).toEqual(before);
      }),
      { numRuns: 5 },
    );
  });

  it('for the sites add up to the organization’s, in every figure that is a count', () => {
    const sites = [...whole].filter(([scope]) => scope.startsWith('site=')).map(([, report]) => report);
    const sum = (of: (report: Report) => number): number => sites.reduce((total, report) => total + of(report), 0);
    const counts: ((report: Report) => number)[] = [
      ({ received }) => received.n,
      ({ backlog }) => backlog.open,
      ({ funnel }) => funnel.noteReceived,
      ({ leakage }) => leakage.broad.n,
      ({ noShow }) => noShow.noShows,
      ({ intake }) => intake.incomplete.n,
      ({ adminClosure }) => adminClosure.d,
      ...CLOCK_KINDS.flatMap((kind) => [
        ({ clocks }: Report) => clocks[kind].all,
        ({ clocks }: Report) => clocks[kind].excluded,
        ({ timeTo }: Report) => timeTo[kind].n,
        ({ backlog }: Report) => backlog.overdue[kind],
      ]),
    ];
    for (const count of counts) expect(sum(count)).toBe(count(organization(whole)));
    expect(counts.filter((count) => count(organization(whole)) > 0).length).toBeGreaterThan(30);
  });

  it('change only in what is excluded when a referral is voided', () => {
    const report = organization(whole);
    const victim = states.find(({ clocks, stage }) => {
      const inWeek = clocks.filter(({ dueAt }) => dueAt >= Date.parse(report.from) && dueAt < Date.parse(report.to));
      return stage !== 'voided' && inWeek.length > 1;
    });
    if (!victim) throw new Error('something falls due in every week');
    const others = states.filter((state) => state !== victim);
    const voided = organization(reportsOf([...others, { ...victim, stage: 'voided' }]));
    const without = organization(reportsOf(others));
    const forgetExclusions = ({ clocks, ...rest }: Report) => ({
      ...rest,
      clocks: CLOCK_KINDS.map((kind) => {
        const { excluded, excludedBy, trailingExcluded, ...figures } = clocks[kind];
        return figures;
      }),
    });
    expect(forgetExclusions(voided)).toEqual(forgetExclusions(without));
    const excluded = (of: Report): number => CLOCK_KINDS.reduce((sum, kind) => sum + of.clocks[kind].excluded, 0);
    expect(excluded(voided)).toBeGreaterThan(excluded(without));
  });

  it('say for each of the 8 weeks before what its own report would say now', () => {
    const start = Date.parse(organization(whole).from);
    const weeks = reportPeriods(directory.organization.timeZone, start - 50 * DAY_MS, start + DAY_MS).filter(
      ({ kind }) => kind === 'weekly',
    );
    expect(weeks).toHaveLength(8);
    const own = weeks.map((week) => organization(reportsOf(states, week)));
    for (const kind of CLOCK_KINDS) {
      const { trailing, trailingAll, trailingExcluded } = organization(whole).clocks[kind];
      const clocks = own.map((report) => report.clocks[kind]);
      expect(trailingAll).toEqual(clocks.map(({ all }) => all));
      expect(trailing).toEqual(clocks.map(({ attainment }) => attainment));
      expect(trailingExcluded).toBe(clocks.reduce((sum, { excluded }) => sum + excluded, 0));
    }
    expect(organization(whole).clocks.visit.trailingExcluded).toBeGreaterThan(0);
  });

  it('count late notes by site and specialty as the reports of each do', () => {
    const { bySite, bySpecialty } = organization(whole).notes;
    const expected = (dimension: string) =>
      [...whole].flatMap(([scope, { clocks, backlog }]) => {
        if (!scope.startsWith(`${dimension}=`) || scope.includes(',')) return [];
        const { note } = clocks;
        const all = note.all + note.trailingAll.reduce((sum, n) => sum + n, 0);
        const met = note.trailing.map((rate, week) => Math.round((rate ?? 0) * (note.trailingAll[week] ?? 0)));
        // The end of a referral loses no note: what isn't met is late.
        const late = all - note.met - met.reduce((sum, n) => sum + n, 0);
        const overdue = backlog.overdue.note;
        return all === 0 && overdue === 0 ? [] : [[scope.slice(dimension.length + 1), { all, late, overdue }] as const];
      });
    expect(bySite).toEqual(Object.fromEntries(expected('site')));
    expect(bySpecialty).toEqual(Object.fromEntries(expected('specialty')));
    const total = (of: 'all' | 'late') => Object.values(bySite).reduce((sum, figures) => sum + figures[of], 0);
    expect(total('late')).toBeGreaterThan(0);
    expect(total('late')).toBeLessThan(total('all'));
  });

  it('name practices and specialties with the number of referrals that they sent', () => {
    const { received, intake } = organization(whole);
    const { receivedBySpecialty, receivedByPractice } = intake;
    const inWeek = states.filter(({ receivedAt, stage }) => {
      const { from, to } = organization(whole);
      return receivedAt !== null && receivedAt >= Date.parse(from) && receivedAt < Date.parse(to) && stage !== 'voided';
    });
    const count = (of: (state: ReferralState) => string | null) =>
      Object.fromEntries([...Map.groupBy(inWeek, of)].map(([name, own]) => [name, own.length]));
    expect(receivedBySpecialty).toEqual(count(({ specialty }) => specialty));
    expect(receivedByPractice).toEqual(count(({ practiceId }) => practiceId));
    expect(inWeek).toHaveLength(received.n);
    expect(received.n).toBeGreaterThan(5);
  });

  it('for a site in its first week have nothing to compare it with', () => {
    const { to } = organization(whole);
    const first = states.filter(({ clocks }) => clocks.some(({ dueAt }) => dueAt < Date.parse(to))).slice(-400);
    const opened = first
      .filter(({ receivedAt }) => receivedAt !== null && receivedAt >= Date.parse(organization(whole).from))
      .map((state) => ({ ...state, site: 'new-site' }));
    const report = reportsOf([...states, ...opened]).get('site=new-site');
    expect(report?.received.n).toBeGreaterThan(0);
    expect(report?.received.prior).toBe(0);
    for (const kind of CLOCK_KINDS) {
      const { prior, trailing, interval, flagged } = report?.clocks[kind] ?? {};
      expect([prior, trailing, interval, flagged]).toEqual([null, Array(8).fill(null), null, false]);
    }
    expect(report?.audit.unknownSites).toEqual(['new-site']);
  });

  it('are consistent in themselves', () => {
    for (const report of whole.values()) {
      const { clocks, backlog, funnel, leakage, incidence, sources } = report;
      for (const kind of CLOCK_KINDS) {
        const { all, met, missed, lost, excluded, excludedBy, attainment, interval, trailing, prior } = clocks[kind];
        expect(met + missed + lost).toBe(all);
        expect(Object.values(excludedBy).reduce((sum, n) => sum + n, 0)).toBe(excluded);
        expect(attainment).toBe(all === 0 ? null : met / all);
        expect(trailing.at(-1)).toBe(prior);
        if (interval) expect(interval[0]).toBeLessThanOrEqual(interval[1]);
      }
      const total = (counts: object): number => Object.values(counts).reduce((sum, n) => sum + n, 0);
      expect([total(backlog.byStage), total(backlog.byAge)]).toEqual([backlog.open, backlog.open]);
      expect(total(leakage.byReason)).toBe(leakage.broad.n);
      expect(leakage.broad.n + leakage.expiredAdmin).toBeLessThanOrEqual(leakage.broad.d);
      const { received, reached, scheduled, noteReceived } = funnel;
      expect(received >= reached && reached >= scheduled && scheduled >= noteReceived).toBe(true);
      expect((incidence.scheduled[90] ?? 0) + (incidence.leaked[90] ?? 0)).toBeLessThanOrEqual(1 + 1e-12);
      expect(incidence.scheduled[7] ?? 0).toBeLessThanOrEqual(incidence.scheduled[90] ?? 0);
      expect(sources.declining.length).toBeLessThanOrEqual(sources.active + sources.inactive.length);
    }
  });
});

describe('intake', () => {
  const [base] = states.filter(({ receivedAt }) => receivedAt !== null);
  const inWeek = (over: Partial<ReferralState>): ReferralState => ({
    ...(base as ReferralState),
    stage: 'to_contact',
    receivedAt: Date.parse(organization(whole).from),
    practiceId: 'practice-few',
    ...over,
  });

  it('counts the people of a practice beside its referrals', () => {
    const referrals = ['P-1', 'P-1', 'P-2'].map((patientId, index) => inWeek({ referralId: `X-${index}`, patientId }));
    const { intake } = organization(reportsOf(referrals));
    expect(intake.receivedByPractice).toEqual({ 'practice-few': 3 });
    expect(intake.patientsByPractice).toEqual({ 'practice-few': 2 });
  });
});
