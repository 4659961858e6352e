import type { Directory, Person } from './config.ts';
import { type People, peopleByRole } from './config-check-people.ts';
import type { Findings } from './config-findings.ts';
import type { Path } from './config-problem.ts';

type Away = NonNullable<Person['away']>[number];

/**
 * Checks who stands in for whom. Where there is no deputy after all, mail falls back to somebody else when it is sent;
 * whoever writes the entry means it to reach the deputy, so a deputy who can't be one is a problem.
 */
export function checkAway({ people }: Directory, findings: Findings): void {
  const known = peopleByRole(people);
  for (const [index, person] of people.entries()) {
    for (const [position, away] of (person.away ?? []).entries()) {
      const path = ['people', index, 'away', position];
      checkDays(person, position, path, findings);
      checkDeputy(person, away, known, path, findings);
    }
  }
}

function checkDays({ away: entries = [] }: Person, position: number, path: Path, findings: Findings): void {
  const { from, to } = entries[position] as Away;
  if (from > to) findings.problem('directory.json', [...path, 'to'], to, `expected ${from} or later`);
  const earlier = entries.slice(0, position).find((entry) => overlap(entry, { from, to }));
  if (earlier === undefined) return;
  const message = `overlaps with ${earlier.from} to ${earlier.to}, which is listed first and counts`;
  findings.warning('directory.json', [...path, 'from'], from, message);
}

function checkDeputy(
  person: Person,
  away: Away,
  { named, inRole, listed }: People,
  path: Path,
  findings: Findings,
): void {
  const { id, role } = person;
  const deputy = away.deputyId === id ? undefined : inRole(away.deputyId, role);
  const at = [...path, 'deputyId'];
  if (deputy === undefined) {
    const what = whatIs(named(away.deputyId), person);
    const message = () => `${what}, expected another ${role}${listed[role](away.deputyId, id)}`;
    findings.problem('directory.json', at, away.deputyId, message);
    return;
  }
  const absence = (deputy.away ?? []).find((entry) => overlap(entry, away));
  if (absence === undefined) return;
  const message = `is away from ${absence.from} to ${absence.to}: mail goes to the site's fallback coordinator or to operations then`;
  findings.warning('directory.json', at, away.deputyId, message);
}

function whatIs(deputy: Person | undefined, { id }: Person): string {
  if (deputy === undefined) return 'is nobody in people';
  return deputy.id === id ? 'is the person who is away' : `is a ${deputy.role}`;
}

const overlap = (one: Pick<Away, 'from' | 'to'>, other: Pick<Away, 'from' | 'to'>): boolean =>
  one.from <= other.to && other.from <= one.to;
