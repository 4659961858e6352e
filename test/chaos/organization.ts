import { defaultPolicy } from '../../local/packs/packs.ts';
import type { OutgoingMessage } from '../../local/stand-ins/send-messages.ts';
import type { Config, Person } from '../../shared/contracts/config.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { EventType } from '../../shared/contracts/event.ts';
import { type Instant, parseInstant } from '../../shared/contracts/instant.ts';

/** One small organization for all tests of what goes wrong: a site, two coordinators, a liaison. */

export const QUARTER = 15 * MINUTE_MS;

/** An instant from its text; a mistyped one is the test's own fault. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`not an instant: ${text}`);
  return instant;
}

const person = (id: string, role: Person['role'], over: Partial<Person> = {}): Person => ({
  id,
  role,
  name: `Person ${id}`,
  email: `${id}@example.org`,
  timeZone: 'America/New_York',
  ...over,
});

export function organization(people: readonly Person[] = []): Config {
  return {
    policy: defaultPolicy(),
    directory: {
      organization: {
        name: 'Example Health',
        timeZone: 'America/New_York',
        operationsMailbox: 'operations@example.org',
        sender: 'loopwatch@example.org',
        allowedDomains: ['example.org'],
        identifiers: 'reference',
        updatesBy: 'coordinator',
        sensitiveSpecialties: ['behavioral_health'],
      },
      sites: [{ id: 'north', name: 'North Clinic', timeZone: 'America/New_York' }],
      practices: [{ id: 'p1', name: 'First Family Practice', liaisonId: 'l1' }],
      people: [person('c1', 'coordinator', { routes: [{ site: 'north' }] }), person('l1', 'liaison'), ...people],
    },
  };
}

/** The same with a second coordinator, who takes cardiology over. */
export const withSecondCoordinator = (): Config =>
  organization([person('c2', 'coordinator', { routes: [{ site: 'north', specialty: 'cardiology' }] })]);

/** An event as a sender puts it on the queue. Its id is its type, so that one of a type is enough. */
export function message(
  subject: string,
  type: EventType,
  time: string,
  data: object = {},
  { id = type, arrives = time }: { id?: string; arrives?: string } = {},
): OutgoingMessage {
  const event = { specversion: '1.0', id, source: 'urn:test', type, subject, time, data };
  return { body: JSON.stringify(event), arrivedAt: at(arrives) };
}

/** Fields of a `referral.received`. */
export const received = (priority: string, specialty = 'neurology') => ({
  priority,
  specialty,
  site: 'north',
  practice: { id: 'p1' },
  patient: { id: 'patient-1' },
});
