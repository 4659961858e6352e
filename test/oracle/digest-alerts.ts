// Oracle, digests 2: alerts as they stood at each run, acknowledged and snoozed (docs/domain.md#6-24). Naive on purpose.

import { inForce } from './fold.ts';
import type { Ev } from './intake.ts';
import { detect } from './oracle.ts';
import type { State } from './state.ts';
import { DAY, parseInstant } from './time.ts';

const QUARTER = 15 * 60_000;
const SNOOZE_CAP = 30;

/** An alert as it stood at a run. */
export type Stood = {
  kind: string;
  instance: number;
  open: boolean;
  episode: number; // the run that opened it
  level: number;
  dueAt: number;
  atRiskAt: number | null;
  escalatedAt: number | null;
  resolvedAt: number | null;
  resolution: string | null;
};
/** What was known from a run on. */
type Moment = { run: number; s: State; alerts: Stood[] };
/** A referral through all its runs. */
export type Course = { id: string; events: Ev[]; moments: Moment[] };

/** An open alert with what people said of it. */
export type Open = Stood & {
  acknowledged: boolean;
  snoozedUntil: number | null; // also if that is over
};

export function courseOf(id: string, events: Ev[], config: { policy: any; directory: any }, until: number): Course {
  const moments: Moment[] = [];
  let said = '';
  detect(events, config, until, (run, s, all) => {
    const alerts = all.map((a) => ({
      kind: a.kind,
      instance: a.instance,
      open: a.open,
      episode: a.since[1] as number,
      level: a.last.level,
      dueAt: a.last.dueAt,
      atRiskAt: a.last.warns ? (a.since[1] ?? null) : null,
      escalatedAt: a.last.escalates ? (a.since[3] ?? null) : null,
      resolvedAt: a.resolvedAt,
      resolution: a.resolution,
    }));
    const says = JSON.stringify(alerts);
    if (moments.at(-1)?.s === s && says === said) return;
    said = says;
    moments.push({ run, s, alerts });
  });
  return { id, events, moments };
}

/** What was known at the last run up to an instant. */
export const momentAt = (course: Course, instant: number): Moment | undefined =>
  course.moments.findLast((m) => m.run <= Math.floor(instant / QUARTER) * QUARTER);

/** An alert as it stood open at the last run up to an instant. */
export const openAt = (course: Course, a: { kind: string; instance: number }, instant: number): Stood | undefined =>
  momentAt(course, instant)?.alerts.find((x) => x.open && x.kind === a.kind && x.instance === a.instance);

/** The last event of a type that is of this alert, in this episode. */
function lastSaid(type: string, course: Course, said: Ev[], a: Stood): Ev | undefined {
  return said.findLast((e) => {
    if (e.type !== type || (e.data.kind !== 'all' && e.data.kind !== a.kind)) return false;
    if (e.data.kind !== 'all' && (e.data.instance ?? a.instance) !== a.instance) return false;
    return openAt(course, a, e.time)?.episode === a.episode;
  });
}

/** All alerts that are open at a run, with what people had said of them by then. */
export function openAlerts(course: Course, run: number): Open[] {
  const moment = momentAt(course, run);
  if (!moment) return [];
  const said = inForce(course.events.filter((e) => e.arrivedAt <= run));
  const cap = moment.s.version?.snoozeCapDays ?? SNOOZE_CAP;
  return moment.alerts
    .filter((a) => a.open)
    .map((a) => {
      const acknowledgement = lastSaid('alert.acknowledged', course, said, a);
      const level = acknowledgement ? (openAt(course, a, acknowledgement.time)?.level ?? 0) : 0;
      const snooze = lastSaid('alert.snoozed', course, said, a);
      const until = snooze ? (parseInstant(snooze.data.until) as number) : null;
      return {
        ...a,
        acknowledged: a.level <= level,
        snoozedUntil: snooze && until !== null ? Math.min(until, snooze.time + cap * DAY) : null,
      };
    });
}
