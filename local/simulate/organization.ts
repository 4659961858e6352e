import { Temporal } from 'temporal-polyfill';
import type { Directory, Hours, Policy, Site } from '../../shared/contracts/config.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { defaultPolicy } from '../packs/packs.ts';
import { holidaysOf } from './holidays.ts';
import { peopleOf } from './people.ts';
import { REGIONS } from './practices.ts';
import type { Profile, SitePlan } from './profile.ts';
import { USUAL } from './profiles.ts';
import { SOURCES } from './sources.ts';
import { ORGANIZATION_ZONE } from './zone.ts';

/** An organization that doesn't exist: its directory and policy, and how busy its parts are. */

export const SPECIALTIES = {
  cardiology: { share: 0.22, noteRate: 0.79, noShow: -0.01 },
  orthopedics: { share: 0.22, noteRate: 0.74, noShow: 0 },
  gastroenterology: { share: 0.17, noteRate: 0.71, noShow: 0.01 },
  dermatology: { share: 0.16, noteRate: 0.77, noShow: 0 },
  neurology: { share: 0.12, noteRate: 0.68, noShow: 0.01 },
  behavioral_health: { share: 0.11, noteRate: 0.65, noShow: 0.04 },
} as const;
export type Specialty = keyof typeof SPECIALTIES;

/** A site that is not in the directory: referrals for it are accepted, and are unassigned. */
export const UNKNOWN_SITE: SitePlan = { id: 'annex', zone: ORGANIZATION_ZONE, share: 0, noShow: [0.15, 0.15] };
/** By it a configuration is known to be invented here. */
export const ORGANIZATION_NAME = 'Example Health (fictitious)';
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
export function directoryOf(
  until: Instant,
  { liveFrom, deputiesAway = false }: Circumstances = {},
  profile: Profile = USUAL,
): Directory {
  const today = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(ORGANIZATION_ZONE).toPlainDate();
  const holidays = [today.year - 1, today.year].flatMap(holidaysOf);
  const site = (plan: SitePlan, index: number): Site => ({
    id: plan.id,
    name: `${plan.id[0]?.toUpperCase()}${plan.id.slice(1)} Clinic (fictitious)`,
    timeZone: plan.zone,
    region: REGIONS[index % REGIONS.length] as string,
    holidays,
    // Escalations go to coordinators, as a leader's mail has aggregates only.
    ...(plan.escalateTo ? { escalateTo: plan.escalateTo } : {}),
    ...(plan.fallback ? { fallbackCoordinatorId: plan.fallback } : {}),
    ...(HOURS[plan.id] ? { hours: HOURS[plan.id] } : {}),
  });
  return {
    organization: {
      name: ORGANIZATION_NAME,
      timeZone: ORGANIZATION_ZONE,
      operationsMailbox: 'operations@example.org',
      sender: 'loopwatch@example.org',
      allowedDomains: ['example.org'],
      identifiers: 'reference',
      ...(liveFrom === undefined ? {} : { liveFrom: formatInstant(liveFrom) }),
      updatesBy: profile.updatesBy,
      // Written as a person does; case makes no difference.
      sensitiveSpecialties: ['Behavioral_Health'],
      referralUrl: 'https://records.example.org/referrals/{referralId}',
    },
    sites: profile.sites.map(site),
    practices: [...profile.practices],
    people: peopleOf(profile.staff, today, deputiesAway),
    feeds: Object.values(SOURCES).map((name) => {
      const eventsEveryHours = profile.eventsEveryHours[name];
      return { name, expectedEveryHours: 24, ...(eventsEveryHours ? { eventsEveryHours } : {}) };
    }),
  };
}

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
