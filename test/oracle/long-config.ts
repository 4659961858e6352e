import type { Chance } from './long-chance.ts';
import { iso } from './time.ts';

/** Policy and directory of a long organization: every dimension that a report is divided by, and some strangers to them. */

const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Australia/Sydney',
  'Asia/Kolkata',
  'America/St_Johns',
];
const OFFICE = ['08:00', '17:00'];
const WEEK = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE };

type Target = { value: number; unit: string };
const hours = (value: number): Target => ({ value, unit: 'hours' });
const businessHours = (value: number): Target => ({ value, unit: 'business_hours' });
const businessDays = (value: number): Target => ({ value, unit: 'business_days' });
const calendarDays = (value: number): Target => ({ value, unit: 'calendar_days' });
const targets = (of: Record<string, Target | null>) =>
  Object.fromEntries(Object.entries(of).map(([kind, target]) => [kind, { target }]));

const ROUTINE = targets({
  acceptance: businessDays(2),
  first_attempt: businessDays(2),
  reached: businessDays(5),
  scheduled: businessDays(8),
  visit: calendarDays(28),
  rebook: businessDays(7),
  reroute: businessDays(4),
  referrer_update: businessDays(2),
  note: calendarDays(14),
});
const PRESSING = targets({
  acceptance: businessHours(6),
  first_attempt: businessHours(6),
  reached: businessDays(2),
  scheduled: businessDays(3),
  visit: hours(96),
  rebook: businessDays(2),
  note: hours(72),
});

/** @param secondFrom when the second version comes into force */
export function longPolicy(chance: Chance, secondFrom: number) {
  const rules = [
    { match: {}, clocks: ROUTINE },
    { match: { priority: ['urgent', 'asap', 'stat'] }, clocks: PRESSING },
    { match: { specialty: ['cardiology'] }, clocks: targets({ acknowledge: businessDays(3) }) },
    { match: { tags: ['quiet'] }, clocks: targets({ reroute: null }) },
    { match: { payer: ['hmo'], site: ['west'] }, clocks: targets({ visit: businessDays(15), note: calendarDays(7) }) },
  ];
  const stricter = { match: {}, clocks: targets({ acknowledge: businessDays(5), first_attempt: businessDays(1) }) };
  const versions = [
    {
      version: 'second',
      effectiveFrom: iso(secondFrom),
      rules: [...rules, stricter],
      pauseCaps: { awaiting_information: 4 },
      required: [
        { match: {}, fields: ['practice.id', 'payer'] },
        { match: { specialty: ['imaging'], priority: ['urgent'] }, fields: ['practice.providerNpi', 'tags'] },
      ],
    },
    {
      version: chance.one(['first', 'Third', '\u{1F4C5}', '\uFF5E']), // names sort by code point
      effectiveFrom: '2026-01-01T00:00:00.000Z', // the earliest of them holds for what came before any
      rules,
      required: [
        { match: { specialty: ['cardiology', 'imaging'] }, fields: ['practice.providerNpi', 'payer'] },
        { match: { site: ['west'] }, fields: ['tags'] },
      ],
    },
  ];
  return { versions: chance.happens(0.8) ? versions : versions.slice(1) };
}

export interface LongDirectory {
  organization: { name: string; timeZone: string } & Record<string, unknown>;
  sites: ({ id: string; name: string; timeZone: string } & Record<string, unknown>)[];
  practices: { id: string; name: string; aliases?: string[]; segment?: string; region?: string; liaisonId?: string }[];
  people: Record<string, unknown>[];
  feeds: { name: string; expectedEveryHours: number }[];
}

export function longDirectory(chance: Chance): LongDirectory {
  const timeZone = chance.one(ZONES);
  const person = (id: string, role: string, more: object = {}) => ({
    id,
    role,
    name: id.toUpperCase(),
    email: `${id}@example.org`,
    timeZone,
    ...more,
  });
  return {
    organization: {
      name: 'Long Example Health',
      timeZone,
      operationsMailbox: 'operations@example.org',
      sender: 'loopwatch@example.org',
      allowedDomains: ['example.org'],
    },
    sites: [
      { id: 'main', name: 'Main Clinic', timeZone, fallbackCoordinatorId: 'c-1' },
      // nobody's fallback, so that some referrals are unassigned
      { id: 'west', name: 'West Clinic', timeZone: 'America/Denver', hours: { ...WEEK, sat: ['09:00', '12:00'] } },
      { id: 'idle', name: 'Idle Clinic', timeZone: 'UTC' },
    ],
    practices: [
      { id: 'steady', name: 'Steady Family Practice', segment: 'primary_care', region: 'inner', liaisonId: 'l-1' },
      { id: 'fading', name: 'Fading Practice', segment: 'primary_care', region: 'outer' },
      { id: 'gone', name: 'Gone Practice', segment: 'specialist', region: 'outer' },
      { id: 'back', name: 'Practice That Came Back', segment: 'specialist' },
      { id: 'fresh', name: 'Fresh Practice', region: 'inner' },
      { id: 'rare', name: 'Rare Practice' },
      { id: 'flood', name: 'Flood Practice', segment: 'primary_care', region: 'inner', aliases: ['Flood'] },
      { id: 'mute', name: 'Mute Practice', segment: 'dental', region: 'nowhere' },
    ],
    people: [
      person('c-1', 'coordinator', { routes: [{ site: 'main', specialty: 'cardiology' }] }),
      person('c-2', 'coordinator', { routes: [{ specialty: 'imaging' }] }),
      person('l-1', 'liaison'),
      person('boss', 'leader', { reports: ['weekly', 'monthly', 'quarterly'] }),
    ],
    feeds: [
      { name: 'records', expectedEveryHours: 96 },
      { name: 'fax', expectedEveryHours: 240 },
      { name: 'lab', expectedEveryHours: 24 },
    ],
  };
}
