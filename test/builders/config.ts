import { defaultPolicy } from '../../local/packs/packs.ts';
import { type Config, directorySchema, type Person, policySchema } from '../../shared/contracts/config.ts';

/**
 * The default pack with more to choose from: a second version in force from 9 March 2026, `acknowledge` for cardiology,
 * `payer` required for imaging, targets by payer and by tag, a clock switched off by a tag, no warning for one clock.
 */
export function samplePolicy(): Config['policy'] {
  const [base] = defaultPolicy().versions;
  if (!base) throw new Error('the default pack has a version');
  const days = (value: number) => ({ value, unit: 'business_days' as const });
  const rules = [
    ...base.rules,
    { match: { specialty: ['cardiology'] }, clocks: { acknowledge: { target: days(5), warnBefore: hours(24) } } },
    { match: { payer: ['hmo'] }, clocks: { visit: { target: days(15), escalateAfter: hours(36) } } },
    { match: { tags: ['quiet'], priority: ['routine' as const] }, clocks: { reroute: { target: null } } },
    {
      match: { tags: ['fast', 'vip'], site: ['west', 'cape'] },
      clocks: { scheduled: { target: { value: 6, unit: 'business_hours' as const }, warnAtStart: true } },
    },
  ];
  const required = [{ match: { specialty: ['imaging'] }, fields: ['payer' as const, 'practice.providerNpi' as const] }];
  const stricter = [{ match: {}, clocks: { reached: { target: days(3), warnBefore: hours(30) } } }];
  return policySchema.parse({
    versions: [
      { ...base, rules, required },
      {
        ...base,
        version: '2026-02',
        effectiveFrom: '2026-03-09T00:00:00.000Z',
        rules: [...rules, ...stricter],
        silence: { stat: 1, asap: 1, urgent: 2, routine: 5 },
        attendanceUnknownAfter: { value: 30, unit: 'hours' },
        pauseCaps: { awaiting_information: 3 },
      },
    ],
  });
}

const hours = (value: number) => ({ value, unit: 'hours' as const });

/** Sites in zones with and without daylight saving, routes of every kind, people for both roles. */
export function sampleDirectory(): Config['directory'] {
  const office = ['08:00', '17:00'];
  const weekdays = { mon: office, tue: office, wed: office, thu: office, fri: office };
  const zone = 'America/New_York';
  return directorySchema.parse({
    organization: {
      name: 'Example Health',
      timeZone: zone,
      operationsMailbox: 'operations@example.org',
      sender: 'loopwatch@example.org',
      allowedDomains: ['example.org'],
    },
    sites: [
      {
        id: 'north',
        name: 'North Clinic',
        timeZone: zone,
        holidays: ['2026-03-16', '2027-01-01'],
        fallbackCoordinatorId: 'c-1',
      },
      {
        id: 'west',
        name: 'West Clinic',
        timeZone: 'America/Los_Angeles',
        hours: { ...weekdays, sat: ['09:00', '12:00'] },
        fallbackCoordinatorId: 'c-gone',
      },
      { id: 'cape', name: 'Cape Clinic', timeZone: 'America/Havana', hours: { ...weekdays, sun: ['00:00', '01:30'] } },
    ],
    practices: [
      { id: 'practice-1', name: 'First Practice', liaisonId: 'l-1' },
      { id: 'practice-2', name: 'Second Practice', liaisonId: 'c-1' },
    ],
    people: [
      person('c-1', 'coordinator', [{ site: 'north', specialty: 'cardiology' }]),
      person('c-2', 'coordinator', [{ specialty: 'imaging' }, { site: 'west' }]),
      person('c-3', 'coordinator', [{ site: 'west', specialty: 'imaging' }]),
      person('l-1', 'liaison', []),
    ],
  });
}

function person(id: string, role: 'coordinator' | 'liaison', routes: { site?: string; specialty?: string }[]) {
  return { id, role, name: id.toUpperCase(), email: `${id}@example.org`, timeZone: 'America/New_York', routes };
}

export function sampleConfig(): Config {
  return { policy: samplePolicy(), directory: sampleDirectory() };
}

/** Somebody who gets reports, of the whole organization unless `over` says otherwise. */
export function leader(id = 'b-1', over: Partial<Person> = {}): Person {
  const [name, email] = [id.toUpperCase(), `${id}@example.org`];
  return { id, role: 'leader', name, email, timeZone: 'America/New_York', ...over };
}

/** The sample organization with a leader, `b-1`. */
export function configWithLeader(): Config {
  const { policy, directory } = sampleConfig();
  return { policy, directory: { ...directory, people: [...directory.people, leader()] } };
}
