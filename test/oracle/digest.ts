// Oracle, digests 4: every coordinator digest that is sent: rows with states and marks, what is cut, what was resolved
// (docs/domain.md#8-20). Naive on purpose.

import { type Course, courseOf, momentAt, openAt } from './digest-alerts.ts';
import { nextPlanned, plannedDigests, previousPlanned } from './digest-days.ts';
import { isBreached, type Mark, type Reading, type Standing, standings } from './digest-rows.ts';
import { intake } from './intake.ts';
import { byReferral, coordinatorOf } from './oracle.ts';
import { DAY, parseInstant } from './time.ts';

export type DigestRow = {
  referralId: string;
  kind: string;
  section: string;
  state: 'new' | 'again' | 'worse' | number | null;
  marks: Mark[];
};
export type Cut = { section: string; priority: string | null; n: number };
export type Digest = {
  personId: string;
  period: string;
  asOf: number;
  since: number | null; // null: it has no digest before it, not even a planned one
  rows: DigestRow[]; // in reading order, without those that are cut
  cut: Cut[];
  resolved: string[]; // referrals whose alerts were dealt with since
};

/** What is remembered of a digest that was sent: also of the rows that were cut. */
type Sent = { asOf: number; stood: Map<string, { breached: boolean; inARow: number }> };

const REMEMBERED = 30 * DAY;
export const CAP = 50;

function stateOf(row: Standing, last: Sent | undefined, earlier: Sent[], asOf: number): DigestRow['state'] {
  const { course } = row;
  const then = last?.stood.get(course.id);
  if (!last || !then) {
    const known = earlier.some((d) => d.asOf >= asOf - REMEMBERED && d.stood.get(course.id)?.breached);
    return known ? 'again' : 'new';
  }
  const worse = row.alerts.some((a) => isBreached(a) && (openAt(course, a, last.asOf)?.level ?? 0) < a.level);
  return worse ? 'worse' : then.inARow + 1;
}

/** Of the rows after the `cap`th of a section routine ones that are neither newly escalated nor marked. */
function cutOf(rows: Standing[], cap: number): Standing[] {
  return rows.filter((row) => {
    const place = rows.filter((x) => x.section === row.section).indexOf(row);
    return place >= cap && row.priority === 'routine' && !row.newlyEscalated && row.marks.length === 0;
  });
}

function counted(cut: Standing[]): Cut[] {
  const counts: Cut[] = [];
  for (const { section, priority } of cut) {
    const known = counts.find((c) => c.section === section && c.priority === priority);
    if (known) known.n++;
    else counts.push({ section, priority, n: 1 });
  }
  return counts;
}

/** Referrals of the reader's, an alert of which was stopped or ended since. */
function resolvedSince(courses: Course[], { personId, since, asOf, directory }: Reading): string[] {
  const dealtWith = courses.filter((course) => {
    const moment = momentAt(course, asOf);
    if (!moment || coordinatorOf(moment.s, directory) !== personId) return false;
    return moment.alerts.some(
      (a) => a.resolvedAt !== null && a.resolvedAt > since && ['stopped', 'ended'].includes(a.resolution as string),
    );
  });
  return dealtWith.map((course) => course.id);
}

/** The digests of one person, in their order. */
function digestsOf(
  person: any,
  courses: Course[],
  { directory, from, until, cap }: { directory: any; from: number; until: number; cap: number },
): Digest[] {
  const digests: Digest[] = [];
  const sent: Sent[] = [];
  const liveFrom = parseInstant(directory.organization.liveFrom) ?? -Infinity;
  for (const { period, asOf, firstOfWeek } of plannedDigests(person, directory, from, until)) {
    if (asOf < liveFrom) continue;
    const last = sent.at(-1);
    const since = last ? last.asOf : previousPlanned(person, directory, asOf);
    const reading = { personId: person.id, asOf, since, next: nextPlanned(person, directory, asOf), directory };
    const all = standings(courses, (id) => last?.stood.get(id)?.breached === true, reading);
    if (all.length === 0 && !firstOfWeek) continue;
    const cut = cutOf(all, cap);
    digests.push({
      personId: person.id,
      period,
      asOf,
      since: Number.isFinite(since) ? since : null,
      rows: all
        .filter((row) => !cut.includes(row))
        .map((row) => ({
          referralId: row.course.id,
          kind: row.kind,
          section: row.section,
          state: stateOf(row, last, sent, asOf),
          marks: row.marks,
        })),
      cut: counted(cut),
      resolved: resolvedSince(courses, reading),
    });
    const stood = all.map((row) => {
      const inARow = (last?.stood.get(row.course.id)?.inARow ?? 0) + 1;
      return [row.course.id, { breached: row.alerts.some(isBreached), inARow }] as const;
    });
    sent.push({ asOf, stood: new Map(stood) });
  }
  return digests;
}

/**
 * Every coordinator digest that is sent in [from, until], all-clears included, by person in the directory's order.
 * @param options `from`: when the configuration was pushed
 */
export function oracleDigests(
  lines: { event: unknown; arrivedAt: number }[],
  config: { policy: any; directory: any },
  { from, until, cap = CAP }: { from: number; until: number; cap?: number },
): Digest[] {
  const courses = byReferral(intake(lines, until).events).map(([id, own]) => courseOf(id, own, config, until));
  const coordinators = (config.directory.people ?? []).filter((p: any) => p.role === 'coordinator');
  return coordinators.flatMap((person: any) =>
    digestsOf(person, courses, { directory: config.directory, from, until, cap }),
  );
}
