import type { Temporal } from 'temporal-polyfill';
import type { Person } from '../../shared/contracts/config.ts';
import type { Colleague, Staff } from './profile.ts';

/** Who works at the simulated organization: whose referrals are whose, when their digests come, who is away. */

const NUMBERS = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
/**
 * Deputies who are away themselves. In the north the fallback coordinator of the site steps in; in the west that is the
 * absent deputy, so that mail goes to operations.
 */
const DEPUTIES_AWAY: Record<number, Colleague['away']> = {
  1: { from: -2, to: 1, deputy: 3 },
  5: { from: -1, to: 2, deputy: 4 },
};
/** @param today the last day of the simulation. @param deputiesAway whether two deputies are away themselves */
export function peopleOf(
  { coordinators, liaisons, leaders }: Staff,
  today: Temporal.PlainDate,
  deputiesAway: boolean,
): Person[] {
  const person = (role: Person['role'], index: number, { away, ...rest }: Colleague): Person => ({
    id: `${role}-${index + 1}`,
    role,
    name: `${role[0]?.toUpperCase()}${role.slice(1)} ${NUMBERS[index]}`,
    email: `${role}-${index + 1}@example.org`,
    ...rest,
    ...(away ? { away: [absence(role, away)] } : {}),
  });
  const absence = (role: string, { from, to, deputy }: NonNullable<Colleague['away']>) => ({
    from: today.add({ days: from }).toString(),
    to: today.add({ days: to }).toString(),
    deputyId: `${role}-${deputy}`,
  });
  const present = coordinators.map(({ away, ...rest }, index) => ({
    ...rest,
    away: away ?? (deputiesAway ? DEPUTIES_AWAY[index + 1] : undefined),
  }));
  return [
    ...present.map((each, index) => person('coordinator', index, each)),
    ...liaisons.map((each, index) => person('liaison', index, each)),
    ...leaders.map((each, index) => person('leader', index, each)),
  ];
}
