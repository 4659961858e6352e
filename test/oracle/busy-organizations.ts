import { Random } from '../../local/simulate/random.ts';
import { directorySchema, policySchema } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { VariedOrganization } from './varied-organizations.ts';
import type { Arrival } from './varied-stories.ts';

/**
 * Organizations with enough referrals a week for the control chart of their clocks to say something: plain stories, of
 * which a planned share is in time.
 */

const WEEKS = 44;
/** Monday 1 June 2026, 12:00Z. */
const FIRST_MONDAY = Date.UTC(2026, 5, 1, 12);
/** Of those that are seen to, each is answered, tried, reached and booked so many hours on. */
const HOURS = { acceptance: 1, first_attempt: 2, reached: 30, scheduled: 60 } as const;
const CLOCKS = { acceptance: 24, first_attempt: 24, reached: 48, scheduled: 72 } as const;
type Kind = keyof typeof HOURS;
const KINDS = Object.keys(HOURS) as Kind[];
const OFF = ['visit', 'rebook', 'reroute', 'note', 'referrer_update'];

/** The share in time, by how many weeks are left; `rough` where now and then one more or fewer is. */
type Course = { share: (left: number) => number; rough: boolean };
const rough = (share: Course['share']): Course => ({ share, rough: true });
const even = (share: Course['share']): Course => ({ share, rough: false });
const COURSES: Course[] = [
  rough(() => 0.8),
  rough((left) => (left < 2 ? 0.2 : 0.8)),
  rough((left) => (left < 2 ? 0.9 : 0.3)),
  rough((left) => (left < 10 ? 0.6 : 0.85)),
  rough((left) => (left < 10 ? 0.6 : 0.35)),
  even((left) => (left < 8 ? 0.34 + 0.08 * left : 0.65)),
  even((left) => (left < 8 ? 0.66 - 0.08 * left : 0.35)),
];

/** The same seed gives the same organization. */
export function busyOrganization(seed: number): VariedOrganization {
  const random = new Random(seed);
  const courses = KINDS.map((kind, index): [Kind, Course] => {
    const course = COURSES[(seed * KINDS.length + index) % COURSES.length];
    if (!course) throw new Error('the rest is below the length');
    return [kind, course];
  });
  const arrivals = Array.from({ length: WEEKS }, (_, week) => week).flatMap((week) => {
    const n = random.int(8, 24);
    // the first of the week's referrals are seen to in time
    const inTime = courses.map(([kind, course]) => {
      const more = course.rough ? random.pick([-1, 0, 0, 0, 1]) : 0;
      return [kind, Math.round(course.share(WEEKS - 1 - week) * n) + more] as const;
    });
    return Array.from({ length: n }, (_, index) => {
      const seenTo = inTime.flatMap(([kind, first]) => (index < first ? [kind] : []));
      return story(
        `R-${week}-${index}`,
        FIRST_MONDAY + week * 7 * DAY_MS + random.int(0, 72) * HOUR_MS,
        seenTo,
        random,
      );
    }).flat();
  });
  arrivals.sort((a, b) => a.arrivedAt - b.arrivedAt);
  return { arrivals, config: configuration(), until: FIRST_MONDAY + WEEKS * 7 * DAY_MS };
}

function story(subject: string, receivedAt: Instant, seenTo: readonly Kind[], random: Random): Arrival[] {
  const tell = (hours: number, type: string, data: Record<string, unknown> = {}): Arrival => {
    const at = receivedAt + hours * HOUR_MS;
    const event = { specversion: '1.0', id: `${subject}-${type}-${hours}`, source: '/busy', type, subject };
    return { event: { ...event, time: formatInstant(at), data }, arrivedAt: at };
  };
  const said: Record<Kind, [type: string, data: Record<string, unknown>]> = {
    acceptance: ['referral.accepted', {}],
    first_attempt: ['contact.attempted', { channel: 'phone', outcome: 'no_answer' }],
    reached: ['contact.attempted', { channel: 'phone', outcome: 'reached' }],
    scheduled: ['appointment.scheduled', { appointmentId: 'A', startsAt: formatInstant(receivedAt + 90 * DAY_MS) }],
  };
  const received = {
    priority: 'routine',
    specialty: random.pick(['cardiology', 'cardiology', 'neurology']),
    site: 'main',
    practice: { id: 'practice' },
    patient: { id: subject },
  };
  const ended = random.chance(0.05)
    ? tell(12, 'referral.closed', { reason: 'duplicate', evidence: 'document' })
    : tell(96, 'referral.closed', { reason: 'patient_declined', evidence: 'document' });
  return [tell(0, 'referral.received', received), ...seenTo.map((kind) => tell(HOURS[kind], ...said[kind])), ended];
}

function configuration(): VariedOrganization['config'] {
  const on = KINDS.map((kind) => [kind, { target: { value: CLOCKS[kind], unit: 'hours' } }]);
  const off = OFF.map((kind) => [kind, { target: null }]);
  const clocks = Object.fromEntries([...on, ...off]);
  const timeZone = 'America/New_York';
  return {
    policy: policySchema.parse({
      versions: [{ version: '1', effectiveFrom: formatInstant(FIRST_MONDAY), rules: [{ match: {}, clocks }] }],
    }),
    directory: directorySchema.parse({
      organization: {
        name: 'Busy (fictitious)',
        timeZone,
        operationsMailbox: 'operations@example.org',
        sender: 'loopwatch@example.org',
        allowedDomains: ['example.org'],
        identifiers: 'reference',
        sensitiveSpecialties: [],
      },
      sites: [{ id: 'main', name: 'Main', timeZone, fallbackCoordinatorId: 'c' }],
      practices: [{ id: 'practice', name: 'Practice (fictitious)' }],
      people: [{ id: 'c', role: 'coordinator', name: 'C (fictitious)', email: 'c@example.org', timeZone }],
    }),
  };
}
