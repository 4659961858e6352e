import { Temporal } from 'temporal-polyfill';
import type { Directory, Person, Policy, Practice, Site } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { npiCheckDigit } from '../../shared/domain/report/npi.ts';
import { defaultPolicy } from '../packs/packs.ts';

/** An organization that doesn't exist: its directory and policy, and how busy its parts are. */

export const ORGANIZATION_ZONE = 'America/New_York';
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

const NUMBERS = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
const COORDINATORS: Pick<Person, 'timeZone' | 'routes'>[] = [
  { timeZone: 'America/New_York', routes: [{ site: 'north' }] },
  { timeZone: 'America/New_York', routes: [{ site: 'north', specialty: 'cardiology' }] },
  { timeZone: 'America/New_York', routes: [{ site: 'south' }] },
  { timeZone: 'America/Chicago', routes: [{ site: 'lakes' }, { site: 'lakes', specialty: 'behavioral_health' }] },
  { timeZone: 'America/Los_Angeles', routes: [{ site: 'west' }] },
  {
    timeZone: 'America/Los_Angeles',
    routes: [
      { site: 'west', specialty: 'orthopedics' },
      { site: 'west', specialty: 'behavioral_health' },
    ],
  },
];

/** The directory, with the fixed holidays of the years around `until`. */
export function directoryOf(until: Instant): Directory {
  const year = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(ORGANIZATION_ZONE).year;
  const holidays = [year - 1, year].flatMap((each) => [`${each}-01-01`, `${each}-07-04`, `${each}-12-25`]);
  const office: [string, string] = ['08:00', '17:00'];
  const weekdays = { mon: office, tue: office, wed: office, thu: office, fri: office };
  const site = (plan: SitePlan, index: number): Site => ({
    id: plan.id,
    name: `${plan.id[0]?.toUpperCase()}${plan.id.slice(1)} Clinic (fictitious)`,
    timeZone: plan.zone,
    region: REGIONS[index % REGIONS.length] as string,
    holidays,
    // Escalations go to coordinators, as a leader's mail has aggregates only.
    escalateTo: plan.id === 'west' ? 'coordinator-5' : 'coordinator-1',
    ...(plan.id === 'lakes' ? {} : { fallbackCoordinatorId: plan.id === 'west' ? 'coordinator-5' : 'coordinator-3' }),
    ...(plan.id === 'west' ? { hours: { ...weekdays, sat: ['09:00', '12:00'] as [string, string] } } : {}),
  });
  const person = (role: Person['role'], number: number, rest: Omit<Person, 'id' | 'role' | 'name' | 'email'>) => ({
    id: `${role}-${number}`,
    role,
    name: `${role[0]?.toUpperCase()}${role.slice(1)} ${NUMBERS[number - 1]}`,
    email: `${role}-${number}@example.org`,
    ...rest,
  });
  return {
    organization: {
      name: 'Example Health (fictitious)',
      timeZone: ORGANIZATION_ZONE,
      operationsMailbox: 'operations@example.org',
      sender: 'loopwatch@example.org',
      allowedDomains: ['example.org'],
      identifiers: 'reference',
      updatesBy: 'coordinator',
      sensitiveSpecialties: ['behavioral_health'],
      referralUrl: 'https://records.example.org/referrals/{referralId}',
    },
    sites: SITES.map(site),
    practices: PRACTICES,
    people: [
      ...COORDINATORS.map((coordinator, index) => person('coordinator', index + 1, coordinator)),
      ...[1, 2, 3].map((number) =>
        person('liaison', number, { timeZone: number === 3 ? 'America/Los_Angeles' : ORGANIZATION_ZONE }),
      ),
      person('leader', 1, { timeZone: ORGANIZATION_ZONE, scope: {}, reports: ['weekly', 'monthly', 'quarterly'] }),
      person('leader', 2, { timeZone: 'America/Los_Angeles', scope: { site: 'west' }, reports: ['weekly'] }),
    ],
    feeds: Object.values(SOURCES).map((name) => ({ name, expectedEveryHours: 24 })),
  };
}

/** The sending systems; a feed has the name of its source. */
export const SOURCES = {
  records: 'urn:example:records',
  scheduling: 'urn:example:scheduling',
  outreach: 'urn:example:outreach',
  documents: 'urn:example:documents',
} as const;

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
