import { oracleReports, type Report } from './report.ts';

/** Small organizations whose figures can be worked out by hand: New York, one clinic, two practices, plain targets. */

type Message = { event: Record<string, unknown>; arrivedAt: number };
export type Told = [
  subject: string,
  time: string,
  type: string,
  data?: object,
  more?: { id?: string; source?: string; arrives?: string },
];

const days = (value: number, unit = 'business_days') => ({ target: { value, unit } });
const version = {
  version: 'v1',
  effectiveFrom: '2025-01-01T00:00:00.000Z',
  rules: [
    {
      match: {},
      clocks: {
        acceptance: days(2),
        first_attempt: days(48, 'hours'),
        reached: days(5),
        scheduled: days(8),
        visit: days(28, 'calendar_days'),
        rebook: days(7),
        referrer_update: days(2),
        note: days(14, 'calendar_days'),
      },
    },
  ],
  required: [{ match: { specialty: ['imaging'] }, fields: ['payer'] }],
};

export const storyConfig = {
  policy: { versions: [version] },
  directory: {
    organization: { name: 'Story', timeZone: 'America/New_York' },
    sites: [{ id: 'north', name: 'North', timeZone: 'America/New_York', fallbackCoordinatorId: 'c' }],
    practices: [
      { id: 'a', name: 'A', segment: 'primary', region: 'inner' },
      { id: 'b', name: 'B', segment: 'other', aliases: ['B and Sons'] },
    ],
    people: [{ id: 'c', role: 'coordinator' }],
    feeds: [
      { name: 'records', expectedEveryHours: 24 },
      { name: 'fax', expectedEveryHours: 24 },
      { name: 'lab', expectedEveryHours: 48, eventsEveryHours: 24 },
    ],
  },
};

/** Data of a receipt at the clinic. Each has a patient of its own. */
export const from = (practice: string, more: object = {}) => ({
  priority: 'routine',
  specialty: 'dermatology',
  site: 'north',
  practice: { id: practice },
  patient: { id: `patient-${++patients}` },
  ...more,
});
let patients = 0;

/** Instants are `2026-02-23 15:00`, UTC. */
export const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** An event arrives when it happens, unless the test says otherwise. */
export function arrivalsOf(told: readonly Told[]): Message[] {
  return told.map(([subject, time, type, data = {}, { id, source, arrives } = {}], index) => ({
    event: {
      specversion: '1.0',
      id: id ?? `e${index}`,
      source: source ?? 's',
      type,
      subject,
      time: new Date(at(time)).toISOString(),
      data,
    },
    arrivedAt: at(arrives ?? time),
  }));
}

/** The reports of a week by scope. */
export function weekOf(name: string, asOf: string, told: readonly Told[]): Map<string, Report> {
  const period = { kind: 'weekly' as const, name };
  return oracleReports({ arrivals: arrivalsOf(told), config: storyConfig, asOf: at(asOf), period });
}

export function organizationIn(name: string, asOf: string, told: readonly Told[]): Report {
  return weekOf(name, asOf, told).get('organization') as Report;
}
