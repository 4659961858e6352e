// Oracle, part 8: detection runs and rows (docs/domain.md#6). Naive on purpose.

import { outcomeOf } from './clocks.ts';
import { fold, pausedFlag } from './fold.ts';
import { type Ev, intake, type Refused } from './intake.ts';
import { byCodePoint, type State } from './state.ts';
import { calendarOf, iso, localDay } from './time.ts';
import { type Holding, holding, resolutionOf, type Watch, watchesOf } from './watches.ts';

export type Row = Record<string, any>;
type Config = { policy: any; directory: any };
const QUARTER = 15 * 60_000;
const LEVELS = ['', 'at_risk', 'breached', 'escalated'];
const OF_NO_REFERRAL = ['practice.contacted', 'practice.feedback', 'feed.heartbeat'];
const NOBODY: Record<string, string> = {
  voided: 'nobody',
  awaiting_referral: 'operations',
  closed: 'nobody',
  loop_closed: 'nobody',
  awaiting_note: 'coordinator',
  scheduled: 'site',
  to_close: 'coordinator',
  to_rebook: 'coordinator',
  declined: 'liaison',
  to_schedule: 'coordinator',
  to_contact: 'coordinator',
};

export { lacks } from './watches.ts';

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

export type Alert = {
  kind: string;
  instance: number;
  open: boolean;
  since: (number | null)[];
  last: Holding;
  resolvedAt: number | null;
  resolution: string | null;
};

/**
 * Steps through every quarter hour.
 * @param look sees each run: what is known of the referral and all its alerts, which change from run to run
 */
export function detect(
  events: Ev[],
  config: Config,
  until: number,
  look: (run: number, s: State, alerts: Alert[]) => void = () => {},
): Alert[] {
  const alerts: Alert[] = [];
  const arrivals = events.map((e) => e.arrivedAt).sort((a, b) => a - b);
  const first = Math.ceil(Math.min(...arrivals) / QUARTER) * QUARTER;
  let known = 0;
  let s: State = fold([], config);
  let watches: Watch[] = [];
  for (let run = first; run <= until; run += QUARTER) {
    let count = known;
    while ((arrivals[count] ?? Infinity) <= run) count++;
    if (count !== known) {
      const arrived = events.filter((e) => e.arrivedAt <= run);
      s = fold(arrived, config);
      watches = watchesOf(s, config, coordinatorOf(s, config.directory));
      known = count;
    }
    const now = holding(s, watches, config.directory, run);
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
    look(run, s, alerts);
  }
  return alerts;
}

function referralRow(referralId: string, s: State, config: Config, until: number): Row {
  const zone = calendarOf(config.directory, s.dims.site).zone;
  const contacts = s.received >= 0 ? s.facts.filter((e) => e.type === 'contact.attempted') : [];
  const attempts = contacts.filter((e) => e.data.outcome !== 'wrong_number'); // a wrong number is none
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
      wrongNumbers: contacts.length - attempts.length,
    },
  };
}

/** The events of each referral, by its id. */
export function byReferral(events: Ev[]): [id: string, own: Ev[]][] {
  const groups = Map.groupBy(
    events.filter((e) => !OF_NO_REFERRAL.includes(e.type)),
    (e) => e.subject,
  );
  return [...groups].sort(([a], [b]) => byCodePoint(a, b));
}

export function oracle(
  lines: { event: unknown; arrivedAt?: number }[],
  config: Config,
  until: number,
): { referrals: Row[]; alerts: Row[]; refused: Refused[] } {
  const { events, refused } = intake(lines, until);
  const referrals: Row[] = [],
    alerts: Row[] = [];
  for (const [id, own] of byReferral(events)) {
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
