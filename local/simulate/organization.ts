import { Temporal } from 'temporal-polyfill';
import type { Directory, Hours, Policy, Practice, Site } from '../../shared/contracts/config.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { npiCheckDigit } from '../../shared/domain/report/npi.ts';
import { defaultPolicy } from '../packs/packs.ts';
import { holidaysOf } from './holidays.ts';
import { peopleOf } from './people.ts';
import { ORGANIZATION_ZONE } from './zone.ts';

/** An organization that doesn't exist: its directory and policy, and how busy its parts are. */

export { ORGANIZATION_ZONE } from './zone.ts';

export const SPECIALTIES = {
  cardiology: { share: 0.22, noteRate: 0.79, noShow: -0.01 },
  orthopedics: { share: 0.22, noteRate: 0.74, noShow: 0 },
  gastroenterology: { share: 0.17, noteRate: 0.71, noShow: 0.01 },
  dermatology: { share: 0.16, noteRate: 0.77, noShow: 0 },
  neurology: { share: 0.12, noteRate: 0.68, noShow: 0.01 },
  behavioral_health: { share: 0.11, noteRate: 0.65, noShow: 0.04 },
} as const;
export type Specialty = keyof typeof SPECIALTIES;

export interface SitePlan {
  id: string;
  zone: string;
  share: number;
  /** Share of appointments that the patient misses: at the start, and at the end of the period. */
  noShow: readonly [number, number];
}

/** Attendance in the west worsens over the last 12 weeks, for the weekly report to find. */
export const SITES = [
  { id: 'north', zone: 'America/New_York', share: 0.34, noShow: [0.11, 0.11] },
  { id: 'south', zone: 'America/New_York', share: 0.24, noShow: [0.14, 0.14] },
  { id: 'lakes', zone: 'America/Chicago', share: 0.2, noShow: [0.13, 0.13] },
  { id: 'west', zone: 'America/Los_Angeles', share: 0.22, noShow: [0.1, 0.23] },
] as const satisfies SitePlan[];

/** A site that is not in the directory: referrals for it are accepted, and are unassigned. */
export const UNKNOWN_SITE: SitePlan = { id: 'annex', zone: ORGANIZATION_ZONE, share: 0, noShow: [0.15, 0.15] };
export const UNKNOWN_PRACTICE = 'practice-99';

const SEGMENTS = ['primary_care', 'internal_medicine', 'pediatrics', 'urgent_care'];
const REGIONS = ['east', 'central', 'coast'];
const ANIMALS =
  'Aardvark Badger Capybara Dingo Echidna Falcon Gecko Hedgehog Ibex Jackdaw Kestrel Lynx Meerkat Narwhal Ocelot Penguin Quokka Raccoon Seahorse Tapir Urchin Vole Walrus Xerus Yak Zebu Albatross Bison Cuttlefish Dormouse Egret Flamingo Gibbon Heron Iguana Jerboa Kookaburra Lemur Manatee Newt';

/** Practices with a story. The others send at a steady rate: a few many referrals, most few. */
export const STORIES = {
  declining: 'practice-37',
  inactive: 'practice-38',
  reactivated: 'practice-39',
  fresh: 'practice-40',
} as const;

/** Practices whose records have mistakes. */
export const MISTAKES = { name: 'practice-03', digit: 'practice-02', shared: 'practice-05' } as const;

export const PRACTICES: Practice[] = ANIMALS.split(' ').map((animal, index) => ({
  id: practiceId(index + 1),
  name: `${animal} (fictitious)`,
  segment: SEGMENTS[index % SEGMENTS.length] as string,
  region: REGIONS[index % REGIONS.length] as string,
  liaisonId: `liaison-${(index % 3) + 1}`,
  ...(index === 4 ? { aliases: ['Echidna East (fictitious)'] } : {}),
}));

export function practiceId(number: number): string {
  return `practice-${String(number).padStart(2, '0')}`;
}

/** A well-formed NPI that belongs to nobody: none that begins with 2 has been issued. */
export function fictitiousNpi(number: number): string {
  const digits = `2${String(90_000_000 + number)}`;
  return digits + npiCheckDigit(digits);
}

const OFFICE: [string, string] = ['08:00', '17:00'];
const WEEK: Hours = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE };
/** Opening hours of sites other than Monday to Friday, 08:00 to 17:00: Saturdays, an evening, a closed lunch hour. */
const HOURS: Record<string, Hours> = {
  west: { ...WEEK, sat: ['09:00', '12:00'] },
  south: { ...WEEK, thu: [OFFICE, ['18:00', '24:00']] },
  lakes: Object.fromEntries(
    Object.keys(WEEK).map((day) => [
      day,
      [
        ['08:00', '12:00'],
        ['13:00', '17:00'],
      ],
    ]),
  ),
};

/** How an organization differs from others. */
export interface Circumstances {
  /** What fell due before was not watched yet. */
  liveFrom?: Instant;
  /** Two of those who stand in for others at the end are away themselves. */
  deputiesAway?: boolean;
}

/** The directory, with the holidays of the years around `until` and those who are away around it. */
export function directoryOf(until: Instant, { liveFrom, deputiesAway = false }: Circumstances = {}): Directory {
  const today = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(ORGANIZATION_ZONE).toPlainDate();
  const holidays = [today.year - 1, today.year].flatMap(holidaysOf);
  const site = (plan: SitePlan, index: number): Site => ({
    id: plan.id,
    name: `${plan.id[0]?.toUpperCase()}${plan.id.slice(1)} Clinic (fictitious)`,
    timeZone: plan.zone,
    region: REGIONS[index % REGIONS.length] as string,
    holidays,
    // Escalations go to coordinators, as a leader's mail has aggregates only.
    escalateTo: plan.id === 'west' ? 'coordinator-5' : 'coordinator-1',
    ...(plan.id === 'lakes' ? {} : { fallbackCoordinatorId: plan.id === 'west' ? 'coordinator-5' : 'coordinator-3' }),
    ...(HOURS[plan.id] ? { hours: HOURS[plan.id] } : {}),
  });
  return {
    organization: {
      name: 'Example Health (fictitious)',
      timeZone: ORGANIZATION_ZONE,
      operationsMailbox: 'operations@example.org',
      sender: 'loopwatch@example.org',
      allowedDomains: ['example.org'],
      identifiers: 'reference',
      ...(liveFrom === undefined ? {} : { liveFrom: formatInstant(liveFrom) }),
      updatesBy: 'coordinator',
      // Written as a person does; case makes no difference.
      sensitiveSpecialties: ['Behavioral_Health'],
      referralUrl: 'https://records.example.org/referrals/{referralId}',
    },
    sites: SITES.map(site),
    practices: PRACTICES,
    people: peopleOf(today, deputiesAway),
    feeds: Object.entries(SOURCES).map(([key, name]) => ({
      name,
      expectedEveryHours: 24,
      ...(key in EVENTS_EVERY ? { eventsEveryHours: EVENTS_EVERY[key as keyof typeof EVENTS_EVERY] } : {}),
    })),
  };
}

/** The sending systems; a feed has the name of its source. */
export const SOURCES = {
  records: 'urn:example:records',
  scheduling: 'urn:example:scheduling',
  outreach: 'urn:example:outreach',
  documents: 'urn:example:documents',
  portal: 'urn:example:portal',
} as const;
/** Hours after which a feed without events is quiet, however often it says that it is alive. */
const EVENTS_EVERY = { scheduling: 96, documents: 96, portal: 72 } as const;
/** How many days before the end these feeds went quiet, for the operations mail and the report to find. */
export const QUIET_DAYS = {
  /** Neither notes nor heartbeats come any more. */
  [SOURCES.documents]: { heartbeats: 3, events: 3 },
  /** It is alive, but has nothing to say: somebody changed a filter. */
  [SOURCES.portal]: { heartbeats: 0, events: 4 },
} as Readonly<Record<string, { heartbeats: number; events: number }>>;

/** The default pack, in force from 2020, with fields that some specialties and priorities require. */
export function policyOf(): Policy {
  return {
    versions: defaultPolicy().versions.map((version) => ({
      ...version,
      version: 'simulation-1',
      effectiveFrom: '2020-01-01T00:00:00.000Z',
      required: [
        { match: { specialty: ['cardiology', 'neurology'] }, fields: ['practice.providerNpi', 'payer'] },
        { match: { priority: ['stat', 'urgent'] }, fields: ['patient.initials'] },
      ],
    })),
  };
}
