import { type Config, directorySchema, policySchema } from '../../shared/contracts/config.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { at } from '../builders/instants.ts';
import type { Line } from './agreement.ts';
import type { Digest, DigestRow } from './digest.ts';

/**
 * Small stories of a group of coordinators, whose digests can be worked out by hand. March 2026 begins on a Sunday; 07:00
 * in New York is 12:00 UTC up to Friday the 6th and 11:00 from Monday the 9th on.
 */

export interface Asked {
  lines: readonly Line[];
  config: Config;
  /** The configuration is pushed. */
  from: Instant;
  until: Instant;
}
export type AskDigests = (asked: Asked) => Digest[] | Promise<Digest[]>;

/** An event arrives when it happens, unless `arrives` says otherwise. */
export type Step = [referralId: string, time: string, type: string, data?: object, more?: { arrives?: string }];

export interface Story {
  steps: Step[];
  until: string;
  from?: string;
  clocks?: object;
  policy?: object;
  people?: Partial<Record<string, object>>;
  organization?: object;
  /** Of the clinic. */
  holidays?: string[];
}

const days = (value: number, unit = 'business_days') => ({ target: { value, unit } });
const warned = { warnBefore: { value: 24, unit: 'hours' }, escalateAfter: { value: 5, unit: 'calendar_days' } };
/** Due two business days on at 17:00, at risk a day before, escalated five days after. */
export const FIRST_ATTEMPT = { first_attempt: { ...days(2), ...warned } };
/** Due at midnight after 14 days, at risk a week before. */
export const NOTE = { note: { ...days(14, 'calendar_days'), warnBefore: { value: 7, unit: 'calendar_days' } } };
export const VISIT = { visit: { ...days(28, 'calendar_days'), warnBefore: { value: 24, unit: 'hours' } } };
export const REBOOK = { rebook: { ...days(7), warnAtStart: true } };
export const clock = (value: number, unit: string, more: object = warned) => ({ ...days(value, unit), ...more });

export const received = (priority = 'routine', more: object = {}) => ({
  priority,
  specialty: 'dermatology',
  site: 'north',
  practice: { id: 'practice' },
  patient: { id: 'p' },
  ...more,
});
/** Monday 09:00 in New York. */
export const MONDAY = '03-02 14:00';
export const iso = (text: string): string => formatInstant(at(text));
export const booked = (id: string, startsAt: string) => ({ appointmentId: id, startsAt: iso(startsAt) });

const NEW_YORK = 'America/New_York';
/** `c` has every referral of the clinic that isn't given to somebody else; what escalates there is shown to `boss`. */
function configOf({
  clocks = FIRST_ATTEMPT,
  policy = {},
  people = {},
  organization = {},
  holidays = [],
}: Story): Config {
  const person = (id: string) => ({
    id,
    role: 'coordinator',
    name: `Coordinator ${id}`,
    email: `${id}@example.org`,
    timeZone: NEW_YORK,
    ...people[id],
  });
  return {
    policy: policySchema.parse({
      versions: [
        { version: 'v', effectiveFrom: '2020-01-01T00:00:00.000Z', rules: [{ match: {}, clocks }], ...policy },
      ],
    }),
    directory: directorySchema.parse({
      organization: {
        name: 'Story (fictitious)',
        timeZone: NEW_YORK,
        operationsMailbox: 'operations@example.org',
        sender: 'loopwatch@example.org',
        allowedDomains: ['example.org'],
        identifiers: 'reference',
        sensitiveSpecialties: [],
        ...organization,
      },
      sites: [
        {
          id: 'north',
          name: 'North',
          timeZone: NEW_YORK,
          holidays,
          fallbackCoordinatorId: 'c',
          escalateTo: 'boss',
        },
        { id: 'lost', name: 'Lost', timeZone: NEW_YORK, escalateTo: 'boss' },
      ],
      practices: [{ id: 'practice', name: 'Practice (fictitious)' }],
      people: ['c', 'd', 'boss'].map(person),
    }),
  };
}

function linesOf(steps: readonly Step[]): Line[] {
  return steps.map(([subject, time, type, data = {}, { arrives = time } = {}], index) => {
    const id = `e${String(index).padStart(5, '0')}`;
    const event = { specversion: '1.0', id, source: 's', type, subject, time: iso(time), data };
    return { body: JSON.stringify(event), arrivedAt: at(arrives) };
  });
}

/** A row in few words: `due first_attempt new`, or `R2: due first_attempt 2 +acknowledged` if it isn't of `R`. */
function brief({ referralId, kind, section, state, marks }: DigestRow): string {
  const whose = referralId === 'R' ? '' : `${referralId}: `;
  return `${whose}${section} ${kind} ${state}${marks.map((mark) => ` +${mark}`).join('')}`;
}

export interface Digests {
  /** The rows of a person's digest of a day such as 03-05, in few words; null: none was sent. */
  rows(personId: string, day: string): string[] | null;
  digest(personId: string, day: string): Digest | undefined;
}

export async function tellOfDigests(ask: AskDigests, story: Story): Promise<Digests> {
  const { from = '03-01 12:00', until, steps } = story;
  const asked = { lines: linesOf(steps), config: configOf(story), from: at(from), until: at(until) };
  const told = await ask(asked);
  const digest = (personId: string, day: string) =>
    told.find((one) => one.personId === personId && one.period === `2026-${day}`);
  return { digest, rows: (personId, day) => digest(personId, day)?.rows.map(brief) ?? null };
}
