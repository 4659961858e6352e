import type { Temporal } from 'temporal-polyfill';
import type { Person } from '../../shared/contracts/config.ts';
import { ORGANIZATION_ZONE } from './zone.ts';

/** Who works at the simulated organization: whose referrals are whose, when their digests come, who is away. */

const NUMBERS = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
type Colleague = Omit<Person, 'id' | 'role' | 'name' | 'email' | 'away'> & {
  /** Days from the end of the simulation, and the number of the deputy. */
  away?: { from: number; to: number; deputy: number } | undefined;
};
const COORDINATORS: Colleague[] = [
  { timeZone: 'America/New_York', holidaysOf: 'north', routes: [{ site: 'north' }] },
  {
    timeZone: 'America/New_York',
    away: { from: -3, to: 4, deputy: 1 },
    routes: [{ site: 'north', specialty: 'cardiology' }],
  },
  {
    timeZone: 'America/New_York',
    holidaysOf: 'south',
    away: { from: -31, to: -27, deputy: 2 },
    routes: [{ site: 'south' }],
  },
  {
    timeZone: 'America/Chicago',
    digestAt: '06:30',
    holidaysOf: 'lakes',
    routes: [{ site: 'lakes' }, { site: 'lakes', specialty: 'behavioral_health' }],
  },
  { timeZone: 'America/Los_Angeles', routes: [{ site: 'west' }] },
  {
    timeZone: 'America/Los_Angeles',
    digestAt: '08:15',
    holidaysOf: 'west',
    away: { from: -1, to: 9, deputy: 5 },
    routes: [
      { site: 'west', specialty: 'orthopedics' },
      { site: 'west', specialty: 'behavioral_health' },
    ],
  },
];
/**
 * Deputies who are away themselves. In the north the fallback coordinator of the site steps in; in the west that is the
 * absent deputy, so that mail goes to operations.
 */
const DEPUTIES_AWAY: Record<number, Colleague['away']> = {
  1: { from: -2, to: 1, deputy: 3 },
  5: { from: -1, to: 2, deputy: 4 },
};
const LIAISONS: Colleague[] = [
  { timeZone: ORGANIZATION_ZONE },
  { timeZone: ORGANIZATION_ZONE, away: { from: -9, to: -5, deputy: 1 } },
  { timeZone: 'America/Los_Angeles', digestAt: '08:30' },
];

const LEADERS: Colleague[] = [
  { timeZone: ORGANIZATION_ZONE, scope: {}, reports: ['weekly', 'monthly', 'quarterly'] },
  { timeZone: 'America/Los_Angeles', scope: { site: 'west' }, reports: ['weekly'] },
];

/** @param today the last day of the simulation. @param deputiesAway whether two deputies are away themselves */
export function peopleOf(today: Temporal.PlainDate, deputiesAway: boolean): Person[] {
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
  const coordinators = COORDINATORS.map(({ away, ...rest }, index) => ({
    ...rest,
    away: away ?? (deputiesAway ? DEPUTIES_AWAY[index + 1] : undefined),
  }));
  return [
    ...coordinators.map((each, index) => person('coordinator', index, each)),
    ...LIAISONS.map((each, index) => person('liaison', index, each)),
    ...LEADERS.map((each, index) => person('leader', index, each)),
  ];
}
