import { practicesOf } from './practices.ts';
import type { Colleague, Likeness, Profile } from './profile.ts';
import { SOURCES } from './sources.ts';
import { ORGANIZATION_ZONE } from './zone.ts';

/** The simulated organizations: how large they are, who works there, and how well it goes. */

const EAST = ORGANIZATION_ZONE;
const CENTER = 'America/Chicago';
const WEST = 'America/Los_Angeles';

/** Some weeks good, some bad, and a story or two for every mail to tell. */
export const USUAL: Profile = {
  size: { referrals: 405, weeks: 52 },
  // Attendance in the west worsens, for the weekly report to find.
  sites: [
    {
      id: 'north',
      zone: EAST,
      share: 0.34,
      noShow: [0.11, 0.11],
      escalateTo: 'coordinator-1',
      fallback: 'coordinator-3',
    },
    {
      id: 'south',
      zone: EAST,
      share: 0.24,
      noShow: [0.14, 0.14],
      escalateTo: 'coordinator-1',
      fallback: 'coordinator-3',
    },
    { id: 'lakes', zone: CENTER, share: 0.2, noShow: [0.13, 0.13], escalateTo: 'coordinator-1' },
    {
      id: 'west',
      zone: WEST,
      share: 0.22,
      noShow: [0.1, 0.23],
      escalateTo: 'coordinator-5',
      fallback: 'coordinator-5',
    },
  ],
  practices: practicesOf(40, 3),
  staff: {
    coordinators: [
      { timeZone: EAST, holidaysOf: 'north', routes: [{ site: 'north' }] },
      {
        timeZone: EAST,
        away: { from: -3, to: 4, deputy: 1 },
        routes: [{ site: 'north', specialty: 'cardiology' }],
      },
      { timeZone: EAST, holidaysOf: 'south', away: { from: -31, to: -27, deputy: 2 }, routes: [{ site: 'south' }] },
      {
        timeZone: CENTER,
        digestAt: '06:30',
        holidaysOf: 'lakes',
        routes: [{ site: 'lakes' }, { site: 'lakes', specialty: 'behavioral_health' }],
      },
      { timeZone: WEST, routes: [{ site: 'west' }] },
      {
        timeZone: WEST,
        digestAt: '08:15',
        holidaysOf: 'west',
        away: { from: -1, to: 9, deputy: 5 },
        routes: [
          { site: 'west', specialty: 'orthopedics' },
          { site: 'west', specialty: 'behavioral_health' },
        ],
      },
    ],
    liaisons: [
      { timeZone: EAST },
      { timeZone: EAST, away: { from: -9, to: -5, deputy: 1 } },
      { timeZone: WEST, digestAt: '08:30' },
    ],
    leaders: [
      { timeZone: EAST, scope: {}, reports: ['weekly', 'monthly', 'quarterly'] },
      { timeZone: WEST, scope: { site: 'west' }, reports: ['weekly'] },
    ],
  },
  updatesBy: 'coordinator',
  priorities: { routine: 80, urgent: 14, asap: 3, stat: 3 },
  ways: { pace: 1, wait: 1, lapses: 1, losses: 1, pauses: 1 },
  refused: 5,
  orphans: 2,
  eventsEveryHours: { [SOURCES.scheduling]: 96, [SOURCES.documents]: 96, [SOURCES.portal]: 72 },
  quietDays: {
    // Neither notes nor heartbeats come any more.
    [SOURCES.documents]: { heartbeats: 3, events: 3 },
    // It is alive, but has nothing to say: somebody changed a filter.
    [SOURCES.portal]: { heartbeats: 0, events: 4 },
  },
};

/**
 * One coordinator for two sites, with far more overdue than can be worked off, and a third site that escalates to them
 * and whose coordinator was away. It gets worse, most of all in the west.
 */
const SWAMPED: Profile = {
  ...USUAL,
  size: { referrals: 1000, weeks: 20 },
  sites: [
    { id: 'north', zone: EAST, share: 0.44, noShow: [0.14, 0.16], pace: [1, 1.5], escalateTo: 'coordinator-1' },
    { id: 'south', zone: EAST, share: 0.28, noShow: [0.14, 0.16], pace: [1, 1.5], escalateTo: 'coordinator-1' },
    { id: 'west', zone: WEST, share: 0.22, noShow: [0.1, 0.23], pace: [0.5, 3], escalateTo: 'coordinator-1' },
    { id: 'lakes', zone: CENTER, share: 0.06, noShow: [0.13, 0.13], pace: [0.6, 0.6], escalateTo: 'coordinator-3' },
  ],
  practices: practicesOf(40, 2),
  staff: {
    coordinators: [
      { timeZone: EAST, holidaysOf: 'north', routes: [{ site: 'north' }, { site: 'south' }] },
      { timeZone: WEST, holidaysOf: 'west', away: { from: -10, to: -4, deputy: 3 }, routes: [{ site: 'west' }] },
      { timeZone: CENTER, holidaysOf: 'lakes', routes: [{ site: 'lakes' }] },
    ],
    liaisons: [{ timeZone: EAST }, { timeZone: EAST }],
    leaders: USUAL.staff.leaders,
  },
  ways: { ...USUAL.ways, pace: 1.5, wait: 1.3, lapses: 1.7 },
  overload: { dropped: 0.16, flapping: 0.25, marked: 0.35 },
  refused: 8,
};

/** Enough people for the work: nearly everything is kept, and a digest is short or an all-clear. */
const CALM: Profile = {
  ...USUAL,
  size: { referrals: 240, weeks: 16 },
  sites: [
    {
      id: 'north',
      zone: EAST,
      share: 0.4,
      noShow: [0.08, 0.08],
      escalateTo: 'coordinator-1',
      fallback: 'coordinator-1',
    },
    {
      id: 'south',
      zone: EAST,
      share: 0.3,
      noShow: [0.08, 0.08],
      escalateTo: 'coordinator-1',
      fallback: 'coordinator-1',
    },
    {
      id: 'lakes',
      zone: CENTER,
      share: 0.3,
      noShow: [0.08, 0.08],
      escalateTo: 'coordinator-1',
      fallback: 'coordinator-3',
    },
  ],
  practices: practicesOf(18, 2),
  staff: {
    coordinators: ['north', 'south', 'lakes'].map(
      (site): Colleague => ({
        timeZone: site === 'lakes' ? CENTER : EAST,
        holidaysOf: site,
        routes: [{ site }],
      }),
    ),
    liaisons: [{ timeZone: EAST }, { timeZone: EAST }],
    leaders: [{ timeZone: EAST, scope: {}, reports: ['weekly', 'monthly'] }],
  },
  ways: { pace: 0.3, wait: 0.35, lapses: 0.03, losses: 0.15, pauses: 0.1 },
  refused: 1,
  orphans: 0,
  eventsEveryHours: { [SOURCES.scheduling]: 120 },
  quietDays: {},
};

/** A clinic with one coordinator, one liaison and two practices, and about eight open referrals. */
const SMALL: Profile = {
  ...USUAL,
  size: { referrals: 26, weeks: 12 },
  sites: [
    { id: 'north', zone: EAST, share: 1, noShow: [0.12, 0.12], escalateTo: 'coordinator-1', fallback: 'coordinator-1' },
  ],
  practices: practicesOf(2, 1),
  staff: {
    coordinators: [{ timeZone: EAST, holidaysOf: 'north', routes: [{ site: 'north' }] }],
    liaisons: [{ timeZone: EAST, holidaysOf: 'north' }],
    leaders: [{ timeZone: EAST, scope: {}, reports: ['weekly'] }],
  },
  updatesBy: 'liaison',
  ways: { ...USUAL.ways, pace: 0.5, wait: 0.6, lapses: 0.35 },
  refused: 1,
  orphans: 1,
  // Two practices send too little for a silence to mean anything.
  eventsEveryHours: {},
  quietDays: {},
};

const PROFILES: Record<Likeness, Profile> = { swamped: SWAMPED, calm: CALM, small: SMALL };

/** How large an organization like that is, where nothing else is asked for. */
export function sizeOf({
  like,
  ...asked
}: { like?: Likeness | undefined } & Partial<Profile['size']>): Profile['size'] {
  const { size } = profileOf(like);
  return { referrals: asked.referrals ?? size.referrals, weeks: asked.weeks ?? size.weeks };
}

/** The profile of an organization like that; without a likeness the usual one. */
export function profileOf(like?: Likeness): Profile {
  return like === undefined ? USUAL : PROFILES[like];
}
