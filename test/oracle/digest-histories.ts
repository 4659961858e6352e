import fc from 'fast-check';
import { type Config, directorySchema } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../shared/contracts/duration.ts';
import type { EventType } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { ALERT_KINDS } from '../../shared/contracts/vocabulary.ts';
import { sampleDirectory, samplePolicy } from '../builders/config.ts';
import { type Happening, HISTORY_START, one } from '../builders/happenings.ts';
import { type Arriving, histories } from '../builders/histories.ts';
import { QUARTER } from '../builders/instants.ts';
import type { Asked } from './digest-story.ts';

/** Random referrals of a group of coordinators, for the comparison of digests. */

interface Setting {
  config: Config;
  /** The configuration is pushed. */
  from: Instant;
}

/** Three coordinators who work on other days, at other hours and in other zones, and are told of each other's escalations. */
function configOf({
  catchAll = false,
  liveFrom = null,
}: {
  catchAll?: boolean;
  liveFrom?: string | null;
} = {}): Config {
  const directory = sampleDirectory();
  const people: Record<string, object> = {
    'c-2': { timeZone: 'America/Los_Angeles', digestAt: '08:15', workdays: ['tue', 'wed', 'thu', 'fri', 'sat'] },
    'c-3': { timeZone: 'Asia/Kolkata', digestAt: '06:30', holidaysOf: 'north', workdays: ['mon', 'wed', 'fri'] },
    ...(catchAll && { 'c-1': { routes: [{}] } }),
  };
  const escalateTo: Record<string, string> = { north: 'c-2', west: 'c-1', cape: 'c-3' };
  return {
    policy: samplePolicy(),
    directory: directorySchema.parse({
      ...directory,
      organization: { ...directory.organization, ...(liveFrom !== null && { liveFrom }) },
      sites: directory.sites.map((site) => ({ ...site, escalateTo: escalateTo[site.id] })),
      people: directory.people.map((person) => ({ ...person, ...people[person.id] })),
    }),
  };
}

/** The configuration is pushed at the start, before it or in the midst of all; somebody has what nobody has; it goes live late. */
const settings: fc.Arbitrary<Setting> = fc.record({
  config: one(
    configOf(),
    configOf(),
    configOf({ catchAll: true }),
    configOf({ liveFrom: formatInstant(HISTORY_START + 9 * DAY_MS + HOUR_MS) }),
  ),
  from: one(HISTORY_START, HISTORY_START, HISTORY_START - 9 * DAY_MS - HOUR_MS, HISTORY_START + 8 * DAY_MS + HOUR_MS),
});

const WEEKS = 7 * DAY_MS;

const days = (from: number, to: number) => fc.integer({ min: from * 96, max: to * 96 }).map((n) => n * QUARTER);
const later = (time: Instant, by: number): string => formatInstant(time + by);
const says = (type: EventType, data: fc.Arbitrary<object> = fc.constant({})): fc.Arbitrary<Happening> =>
  data.map((said) => ({ type, data: () => said }));
const kind = fc.oneof({ weight: 2, arbitrary: one('all') }, { weight: 1, arbitrary: one(...ALERT_KINDS) });
const priority = one('routine', 'routine', 'routine', 'routine', 'urgent', 'asap', 'stat');

/** What happens to a referral in the course of weeks, with what a coordinator does about its alerts. */
const incident: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(one('reached', 'voicemail', 'no_answer', 'declined'), fc.option(days(0, 3), { freq: 2 })).map(
      ([outcome, next]): Happening => ({
        type: 'contact.attempted',
        data: (time) => ({ channel: 'phone', outcome, nextAttemptAt: next === null ? null : later(time, next) }),
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(one('A', 'B'), days(0, 20)).map(
      ([appointmentId, by]): Happening => ({
        type: 'appointment.scheduled',
        data: (time) => ({ appointmentId, startsAt: later(time, by) }),
      }),
    ),
  },
  { weight: 3, arbitrary: says('appointment.no_show', fc.record({ appointmentId: one('A', 'B') })) },
  {
    weight: 2,
    arbitrary: says('appointment.cancelled', fc.record({ appointmentId: one('A', 'B'), by: one('patient') })),
  },
  { weight: 2, arbitrary: says('visit.completed') },
  { weight: 1, arbitrary: says('visit.arrived') },
  { weight: 1, arbitrary: says('note.received') },
  { weight: 1, arbitrary: says('referral.accepted') },
  { weight: 1, arbitrary: says('referral.declined', fc.constant({ reason: 'coverage' })) },
  { weight: 1, arbitrary: says('referrer.notified', fc.constant({ about: 'scheduled' })) },
  { weight: 1, arbitrary: says('referral.paused', fc.constant({ reason: 'awaiting_information' })) },
  { weight: 2, arbitrary: says('referral.resumed') },
  {
    weight: 2,
    arbitrary: says('referral.closed', fc.record({ reason: one('patient_declined', 'duplicate', 'deceased') })),
  },
  { weight: 3, arbitrary: says('referral.reopened') },
  { weight: 1, arbitrary: says('referral.updated', fc.record({ coordinatorId: one('c-1', 'c-2', 'c-gone', null) })) },
  { weight: 1, arbitrary: says('referral.updated', fc.record({ priority: one('routine', 'urgent') })) },
  { weight: 4, arbitrary: says('alert.acknowledged', fc.record({ kind, by: one('c-1') })) },
  {
    weight: 5,
    arbitrary: fc.tuple(kind, days(0, 6)).map(
      ([of, by]): Happening => ({
        type: 'alert.snoozed',
        data: (time) => ({ kind: of, by: 'c-1', until: later(time, by) }),
      }),
    ),
  },
);
const receipt = fc.record({
  priority,
  specialty: one('dermatology', 'cardiology', 'imaging'),
  site: one('north', 'north', 'west', 'cape', 'nowhere'),
});
/** Of `c-1`, all of them. */
const receiptOfOne = fc.record({
  priority: fc.oneof({ weight: 4, arbitrary: one('routine') }, { weight: 1, arbitrary: priority }),
  specialty: one('cardiology'),
  site: one('north'),
});
const step = fc.record({
  gap: fc.oneof({ weight: 1, arbitrary: days(0, 1) }, { weight: 1, arbitrary: days(0, 5) }),
  delay: fc.oneof({ weight: 6, arbitrary: one(0) }, { weight: 1, arbitrary: days(0, 2) }),
  does: incident,
});

/** A referral to which one thing happens after the other, so that its alerts have the time to rise. */
function courses(
  subject: string,
  { start, most, of = receipt }: { start: number; most: number; of?: typeof receipt },
): fc.Arbitrary<Arriving[]> {
  const receipts = fc.option(of, { freq: 15 });
  return fc.tuple(days(0, start), receipts, fc.array(step, { maxLength: most })).map(([after, dimensions, steps]) => {
    let now = HISTORY_START + after;
    const tell = (id: number, delay: number, { type, data }: Happening): Arriving => ({
      event: {
        specversion: '1.0',
        id: `${id}`,
        source: '/records',
        type,
        subject,
        time: formatInstant(now),
        data: data(now),
      },
      arrivedAt: now + delay,
    });
    const data = {
      ...dimensions,
      practice: { id: 'practice-1', providerNpi: '2900000018' },
      patient: { id: 'p' },
      payer: 'ppo',
    };
    const told = dimensions === null ? [] : [tell(0, 0, { type: 'referral.received', data: () => data })];
    for (const { gap, delay, does } of steps) {
      now += gap;
      told.push(tell(told.length, delay, does));
    }
    return told;
  });
}

const several = (
  { min, max }: { min: number; max: number },
  of: (subject: string) => fc.Arbitrary<Arriving[]>,
): fc.Arbitrary<Arriving[]> =>
  fc
    .integer({ min, max })
    .chain((n) => fc.tuple(...Array.from({ length: n }, (_, index) => of(`R-${index}`))))
    .map((all) => all.flat());

const asked = (weeks: number, arriving: Arriving[], setting: Setting): Asked => ({
  lines: arriving
    .toSorted((a, b) => a.arrivedAt - b.arrivedAt)
    .map(({ event, arrivedAt }) => ({ body: JSON.stringify(event), arrivedAt })),
  ...setting,
  until: HISTORY_START + weeks * WEEKS,
});

/** Some referrals with every awkward case there is. */
export const awkwardGroups: fc.Arbitrary<Asked> = fc
  .tuple(
    several({ min: 2, max: 6 }, (subject) => histories(subject, { maxEvents: 25 })),
    settings,
  )
  .map(([arriving, setting]) => asked(6, arriving, setting));

/** Some referrals that are worked on now and then. */
export const workedGroups: fc.Arbitrary<Asked> = fc
  .tuple(
    several({ min: 4, max: 12 }, (subject) => courses(subject, { start: 14, most: 14 })),
    settings,
  )
  .map(([arriving, setting]) => asked(6, arriving, setting));

/** One person with more referrals than a section lists. */
export const swampedGroups: fc.Arbitrary<Asked> = several({ min: 120, max: 140 }, (subject) =>
  courses(subject, { start: 2, most: 1, of: receiptOfOne }),
).map((arriving) => asked(2, arriving, { config: configOf(), from: HISTORY_START }));
