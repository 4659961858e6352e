// Oracle, part 6: detection runs and rows (domain.md section 6, interfaces.md "What replay writes"). Naive on purpose.

import { fits, outcomeOf } from './clocks.ts';
import { fold, pausedFlag } from './fold.ts';
import { type Ev, intake, type Refused } from './intake.ts';
import { byCodePoint, type Clock, type State } from './state.ts';
import { calendarOf, dueOf, HOUR, iso, localDay, type Target } from './time.ts';

export type Row = Record<string, any>;
type Config = { policy: any; directory: any };
const QUARTER = 15 * 60_000;
const LEVELS = ['', 'at_risk', 'breached', 'escalated'];
const NOBODY: Record<string, string> = {
  voided: 'nobody',
  awaiting_referral: 'operations',
  closed: 'nobody',
  loop_closed: 'nobody',
  awaiting_note: 'coordinator',
  scheduled: 'site',
  to_rebook: 'coordinator',
  declined: 'liaison',
  to_schedule: 'coordinator',
  to_contact: 'coordinator',
};

export function coordinatorOf(s: State, directory: any): string | null {
  const coordinators = (directory.people ?? []).filter((p: any) => p.role === 'coordinator');
  const has = (id: any) => coordinators.some((p: any) => p.id === id);
  if (has(s.dims.coordinatorId)) return s.dims.coordinatorId;
  let best: string | null = null,
    most = -1;
  for (const person of coordinators) {
    for (const route of person.routes ?? []) {
      const fields = ['site', 'specialty'].filter((f) => (route[f] ?? null) !== null);
      if (fields.every((f) => s.dims[f] === route[f]) && fields.length > most) {
        best = person.id;
        most = fields.length;
      }
    }
  }
  if (best !== null) return best;
  const site = (directory.sites ?? []).find((x: any) => x.id === s.dims.site);
  return site && has(site.fallbackCoordinatorId) ? site.fallbackCoordinatorId : null;
}

function liaisonOf(s: State, directory: any): string | null {
  const has = (id: any) => (directory.people ?? []).some((p: any) => p.role === 'liaison' && p.id === id);
  if (has(s.dims.liaisonId)) return s.dims.liaisonId;
  const practice = (directory.practices ?? []).find((p: any) => p.id === s.dims.practice?.id);
  return practice && has(practice.liaisonId) ? practice.liaisonId : null;
}

type Holding = { kind: string; instance: number; level: number; dueAt: number; warns: boolean; escalates: boolean };
const breach = (kind: string, dueAt: number): Holding => ({
  kind,
  instance: 1,
  level: 2,
  dueAt,
  warns: false,
  escalates: false,
});

export function lacks(dims: any, path: string): boolean {
  let v = dims;
  for (const step of path.split('.')) v = v === undefined || v === null ? undefined : v[step];
  return v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0);
}

// The five watches of a state. Nothing here depends on the run, so it is worked out once for each state.
type Watch = { kind: string; dueAt: number; notBefore: number; hiddenByPause: boolean };

function watchesOf(s: State, config: Config): Watch[] {
  const list: Watch[] = [];
  const watch = (kind: string, dueAt: number, notBefore = -Infinity, hiddenByPause = false) =>
    list.push({ kind, dueAt, notBefore, hiddenByPause });
  if (s.facts.length === 0) return list;
  if (s.stage === 'awaiting_referral') watch('orphan', (s.facts[0] as Ev).time + 24 * HOUR);
  if (!s.open) return list;

  const calendar = calendarOf(config.directory, s.dims.site);
  const receivedAt = (s.facts[s.received] as Ev).time;
  const active = s.appointments.filter((a) => a.status === 'active');
  if (s.stage === 'scheduled') {
    const unheard = active.filter((a) => !a.arrived).map((a) => a.startsAt as number);
    const after: Target = s.version.attendanceUnknownAfter ?? { value: 2, unit: 'business_days' };
    if (unheard.length > 0) watch('attendance_unknown', dueOf(after, Math.min(...unheard), calendar, []));
  }
  const days = (s.version.silence ?? { stat: 1, asap: 1, urgent: 3, routine: 10 })[s.dims.priority];
  if (days !== undefined) {
    const due = dueOf({ value: days, unit: 'business_days' }, s.lastEventAt as number, calendar, []);
    // "without an active appointment in the future": from the start of the last one on
    watch('silence', due, Math.max(...active.map((a) => a.startsAt as number)), true);
  }
  if (coordinatorOf(s, config.directory) === null) watch('unassigned', receivedAt);
  const required = (s.version.required ?? []).filter((r: any) => fits(r.match, s.dims) >= 0);
  if (required.some((r: any) => r.fields.some((f: string) => lacks(s.dims, f)))) watch('incomplete', receivedAt);
  return list;
}

// Everything that holds at a run.
function holding(s: State, watches: Watch[], run: number): Holding[] {
  const list: Holding[] = [];
  if (s.facts.length === 0) return list;
  const paused = pausedFlag(s, run);
  if (!s.voided && !paused) {
    for (const c of s.clocks) {
      if (c.stoppedAt !== null || c.endedAt !== null) continue;
      let level = 0;
      if ((c.warnMs !== null && run >= c.netDueAt - c.warnMs) || (c.warnAtStart && run >= c.startedAt)) level = 1;
      if (run > c.netDueAt) level = 2;
      if (c.escalateMs !== null && run > c.netDueAt + c.escalateMs) level = 3;
      if (level === 0) continue;
      const warns = c.warnMs !== null || c.warnAtStart;
      const escalates = c.escalateMs !== null;
      list.push({ kind: c.kind, instance: c.instance, level, dueAt: c.netDueAt, warns, escalates });
    }
  }
  for (const w of watches) {
    if (run > w.dueAt && run >= w.notBefore && !(w.hiddenByPause && paused)) list.push(breach(w.kind, w.dueAt));
  }
  return list;
}

const FIVE = ['attendance_unknown', 'silence', 'unassigned', 'orphan', 'incomplete'];

function resolutionOf(s: State, kind: string, instance: number, lastLevel: number, run: number): string {
  if (s.voided || s.facts.length === 0) return 'retracted';
  if (FIVE.includes(kind)) {
    if (s.end) return 'ended';
    if (kind === 'silence' && pausedFlag(s, run)) return 'paused';
    return 'stopped';
  }
  const c: Clock | undefined = s.clocks.find((x) => x.kind === kind && x.instance === instance);
  if (!c) return 'retracted';
  const rightly = (at: number): boolean => {
    if (lastLevel > 1) return at > c.netDueAt;
    if (c.warnAtStart && at >= c.startedAt) return true;
    return c.warnMs !== null && at >= c.netDueAt - c.warnMs;
  };
  if (c.stoppedAt !== null) return rightly(c.stoppedAt) ? 'stopped' : 'retracted';
  if (c.endedAt !== null) return rightly(c.endedAt) ? 'ended' : 'retracted';
  if (pausedFlag(s, run)) return 'paused';
  return 'retracted';
}

type Alert = {
  kind: string;
  instance: number;
  open: boolean;
  since: (number | null)[];
  last: Holding;
  resolvedAt: number | null;
  resolution: string | null;
};

function detect(events: Ev[], config: Config, until: number): Alert[] {
  const alerts: Alert[] = [];
  const first = Math.ceil(Math.min(...events.map((e) => e.arrivedAt)) / QUARTER) * QUARTER;
  let known = -1;
  let s: State = fold([], config);
  let watches: Watch[] = [];
  for (let run = first; run <= until; run += QUARTER) {
    const arrived = events.filter((e) => e.arrivedAt <= run);
    if (arrived.length !== known) {
      s = fold(arrived, config);
      watches = watchesOf(s, config);
      known = arrived.length;
    }
    const now = holding(s, watches, run);
    for (const h of now) {
      let a = alerts.find((x) => x.kind === h.kind && x.instance === h.instance);
      if (!a) {
        a = { kind: h.kind, instance: h.instance, open: false, since: [], last: h, resolvedAt: null, resolution: null };
        alerts.push(a);
      }
      if (!a.open) {
        a.open = true;
        a.since = [null, null, null, null];
        a.resolvedAt = null;
        a.resolution = null;
      }
      for (const level of [1, 2, 3]) a.since[level] = h.level >= level ? (a.since[level] ?? run) : null;
      a.last = h;
    }
    for (const a of alerts) {
      if (!a.open || now.some((h) => h.kind === a.kind && h.instance === a.instance)) continue;
      a.open = false;
      a.resolvedAt = run;
      a.resolution = resolutionOf(s, a.kind, a.instance, a.last.level, run);
    }
  }
  return alerts;
}

function referralRow(referralId: string, s: State, config: Config, until: number): Row {
  const zone = calendarOf(config.directory, s.dims.site).zone;
  const attempts = s.received >= 0 ? s.facts.filter((e) => e.type === 'contact.attempted') : [];
  const clocks = s.clocks.map((c) => ({
    kind: c.kind,
    instance: c.instance,
    startedAt: iso(c.startedAt),
    dueAt: iso(c.dueAt),
    netDueAt: iso(c.netDueAt),
    stoppedAt: iso(c.stoppedAt),
    outcome: outcomeOf(s, c, until),
  }));
  clocks.sort((a, b) => byCodePoint(a.kind, b.kind) || a.instance - b.instance);
  return {
    referralId,
    stage: s.stage,
    paused: pausedFlag(s, until),
    actsNext: NOBODY[s.stage],
    priority: s.dims.priority ?? null,
    specialty: s.dims.specialty ?? null,
    site: s.dims.site ?? null,
    practiceId: s.dims.practice?.id ?? null,
    coordinatorId: coordinatorOf(s, config.directory),
    liaisonId: liaisonOf(s, config.directory),
    receivedAt: s.received >= 0 ? iso((s.facts[s.received] as Ev).time) : null,
    endedAt: s.end ? iso(s.end.time) : null,
    endReason: s.end ? s.end.reason : null,
    clocks,
    attempts: {
      made: attempts.length,
      phoneDays: new Set(attempts.filter((e) => e.data.channel === 'phone').map((e) => localDay(zone, e.time))).size,
      letters: attempts.filter((e) => ['letter', 'portal'].includes(e.data.channel)).length,
    },
  };
}

export function oracle(
  lines: { event: unknown; arrivedAt?: number }[],
  config: Config,
  until: number,
): { referrals: Row[]; alerts: Row[]; refused: Refused[] } {
  const { events, refused } = intake(lines, until);
  const mine = events.filter((e) => !['practice.contacted', 'practice.feedback', 'feed.heartbeat'].includes(e.type));
  const ids = [...new Set(mine.map((e) => e.subject))].sort(byCodePoint);
  const referrals: Row[] = [],
    alerts: Row[] = [];
  for (const id of ids) {
    const own = mine.filter((e) => e.subject === id);
    const s = fold(own, config);
    if (s.facts.length > 0) referrals.push(referralRow(id, s, config, until));
    const found = detect(own, config, until);
    found.sort((a, b) => byCodePoint(a.kind, b.kind) || a.instance - b.instance);
    for (const a of found) {
      alerts.push({
        referralId: id,
        kind: a.kind,
        instance: a.instance,
        level: LEVELS[a.last.level],
        dueAt: iso(a.last.dueAt),
        atRiskAt: a.last.warns ? iso(a.since[1] ?? null) : null,
        openedAt: iso(a.since[2] ?? null),
        escalatedAt: a.last.escalates ? iso(a.since[3] ?? null) : null,
        resolvedAt: iso(a.resolvedAt),
        resolution: a.resolution,
        coordinatorId: coordinatorOf(s, config.directory),
        liaisonId: liaisonOf(s, config.directory),
      });
    }
  }
  return { referrals, alerts, refused };
}
