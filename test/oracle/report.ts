// Oracle, part 13: the reports of one period for every scope (docs/domain.md#9).

import { fold } from './fold.ts';
import { canonical, type Ev, intake } from './intake.ts';
import { audit, dataQuality, intakeFigures, type Trust } from './report-audit.ts';
import { attainments, type Referral, recovery, timesTo, within } from './report-clocks.ts';
import { adminClosure, backlog, cms50, funnel, incidence, leakage, loopClosure, noShow } from './report-course.ts';
import { type Kind, spanOf, spansBefore } from './report-periods.ts';
import { sources } from './report-sources.ts';
import { byCodePoint } from './state.ts';
import { iso } from './time.ts';

export { oracleReportPeriods } from './report-periods.ts';
export type Report = Record<string, any>;
export type Arrival = { event: unknown; arrivedAt: number };
export type ReportConfig = { policy: any; directory: any };
type Asked = { kind: Kind; name: string; asOf: number };

const NAMED_BY: Record<Kind, string> = { weekly: 'week', monthly: 'month', quarterly: 'quarter' };
const NO_REFERRAL = ['practice.contacted', 'practice.feedback', 'feed.heartbeat'];

const practiceOf = (r: Referral, directory: any): any =>
  (directory.practices ?? []).find((p: any) => p.id === r.s.dims.practice?.id);

/** Scopes by their key, each with the test of whether a referral is in it. */
function scopesOf(referrals: Referral[], directory: any): Map<string, (r: Referral) => boolean> {
  const scopes = new Map<string, (r: Referral) => boolean>([['organization', () => true]]);
  const add = (field: string, values: unknown[], fieldOf: (r: Referral) => unknown) => {
    for (const value of values) {
      if ((value ?? '') !== '') scopes.set(`${field}=${value}`, (r) => fieldOf(r) === value);
    }
  };
  const ofPractices = (field: string) => (directory.practices ?? []).map((p: any) => p[field]);
  const site = (r: Referral) => r.s.dims.site;
  const specialty = (r: Referral) => r.s.dims.specialty;
  add('site', [...(directory.sites ?? []).map((one: any) => one.id), ...referrals.map(site)], site);
  add('specialty', referrals.map(specialty), specialty);
  add('segment', ofPractices('segment'), (r) => practiceOf(r, directory)?.segment);
  add('region', ofPractices('region'), (r) => practiceOf(r, directory)?.region);
  return scopes;
}

function reportOf(referrals: Referral[], trust: Trust, config: ReportConfig, { kind, name, asOf }: Asked): Report {
  const { directory } = config;
  const zone: string = directory.organization.timeZone;
  const period = spanOf(kind, name, zone);
  const before = spansBefore(kind, name, zone, 26);
  // voided referrals are in no figure, except that their clocks count in `excluded`
  const counted = referrals.filter((r) => !r.s.voided);
  const receivedIn = (span = period) => counted.filter((r) => within(r.receivedAt, span)).length;
  return {
    [NAMED_BY[kind]]: name,
    from: iso(period.from),
    to: iso(period.to),
    asOf: iso(asOf),
    policyVersions: [...new Set(counted.map((r) => r.s.version.version as string))].sort(byCodePoint),
    received: { n: receivedIn(), prior: receivedIn(before.at(-1)) },
    clocks: attainments(referrals, period, before, asOf),
    backlog: backlog(counted, asOf),
    timeTo: timesTo(counted, asOf),
    incidence: incidence(counted, asOf),
    funnel: funnel(counted, asOf),
    noShow: noShow(counted, period),
    recovery: recovery(counted, period, asOf),
    leakage: leakage(counted, asOf),
    adminClosure: adminClosure(counted, period),
    loopClosure: loopClosure(counted, asOf),
    cms50Estimate: cms50(counted, period, zone, asOf),
    sources: sources(counted, period, asOf),
    dataQuality: dataQuality(counted, trust, directory, period, asOf),
    intake: intakeFigures(counted, period),
    audit: audit(counted, directory, asOf),
  };
}

/** The report of every scope, by the scope's key, from what had arrived by `asOf`. */
export function oracleReports(input: {
  arrivals: Arrival[];
  config: ReportConfig;
  asOf: number;
  period: { kind: Kind; name: string };
}): Map<string, Report> {
  const { arrivals, config, asOf, period } = input;
  const { events, refused } = intake(arrivals, asOf);
  const ofReferrals = events.filter((e) => !NO_REFERRAL.includes(e.type));
  const subjects = new Map<string, Ev[]>();
  for (const e of ofReferrals) subjects.set(e.subject, [...(subjects.get(e.subject) ?? []), e]);
  const folded = [...subjects].map(([id, own]) => ({ id, s: fold(own, config) }));
  const referrals = folded
    .filter(({ s }) => s.received >= 0)
    .map(({ id, s }) => ({ id, s, receivedAt: (s.facts[s.received] as Ev).time }));
  const trust: Trust = {
    refused: refused.map(({ reason, index }) => {
      const { event, arrivedAt } = arrivals[index] as Arrival;
      return { reason, arrivedAt, content: canonical(event) };
    }),
    states: folded.map(({ s }) => s),
    events,
  };
  trust.refused.sort((a, b) => a.arrivedAt - b.arrivedAt); // the first of identical ones is the one that arrived first
  const reports = new Map<string, Report>();
  for (const [key, holds] of scopesOf(referrals, config.directory)) {
    // orphans have no dimensions: they are in no scope but the organization
    const own = key === 'organization' ? trust : { ...trust, states: [] };
    reports.set(key, reportOf(referrals.filter(holds), own, config, { ...period, asOf }));
  }
  return reports;
}
