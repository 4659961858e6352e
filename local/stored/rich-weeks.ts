import { type Config, configSchema } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import { keptUntil } from '../../shared/domain/referral/retention.ts';
import { FUZZ_DIALECTS, soundMessages } from '../fuzz/dialect-seeds.ts';
import { simulate } from '../simulate/simulate.ts';
import type { StoredMessage } from './stored-file.ts';

/** Weeks of an organization that doesn't exist, small, and with everything in them that leaves an item of some kind. */

/** A Wednesday after the turn of a month: a weekly and a monthly report fall due between the stop and the end. */
const END: Instant = Date.parse('2026-06-03T12:00:00.000Z');
/** A Thursday, 07:00 in New York: digests are due. */
const STOP: Instant = Date.parse('2026-05-21T11:00:00.000Z');
const WEEKS = 5;
const REFERRALS = 30;
const KEPT_MONTHS = 25;

export interface RichWeeks {
  config: Config;
  /** One that was in force before, with much that nobody should write and that this release takes. */
  oddConfig: Config;
  from: Instant;
  /** When a release stops, and another goes on. */
  stop: Instant;
  /** In the order of arrival. */
  arrivals: StoredMessage[];
}

export function richWeeks(seed: number): RichWeeks {
  const { events, directory, policy } = simulate({ referrals: REFERRALS, weeks: WEEKS, seed, faults: 0, until: END });
  const from = END - WEEKS * 7 * DAY_MS;
  const own = events.map((event) =>
    message(JSON.stringify(event), parseInstant(event.recordedtime ?? event.time) ?? 0),
  );
  const arrivals = [...own, ...history(from), ...dialects(from), ...refused()];
  const config = { directory, policy, dialects: FUZZ_DIALECTS };
  return {
    config,
    oddConfig: oddConfig(config),
    from,
    stop: STOP,
    arrivals: arrivals.filter(({ sentAt }) => sentAt <= END).sort((a, b) => a.sentAt - b.sentAt),
  };
}

/** What is stored stays readable, however strict `config validate` becomes. @throws if this release doesn't take it */
function oddConfig({ policy, directory, ...config }: Config): Config {
  const longest = { value: 10_000, unit: 'calendar_days' };
  const [first] = directory.practices;
  return configSchema.parse({
    ...config,
    policy: {
      ...policy,
      versions: policy.versions.map((version) => ({
        ...version,
        rules: [
          ...version.rules,
          { match: { specialty: ['nobody'] }, clocks: { visit: { target: longest, warnBefore: longest } } },
        ],
      })),
    },
    directory: {
      ...directory,
      sites: directory.sites.map((site, index) => (index === 0 ? { ...site, timeZone: 'EST' } : site)),
      practices: directory.practices.map((practice) => ({ ...practice, aliases: [first?.name] })),
    },
  });
}

const message = (body: string, sentAt: Instant, attributes: Record<string, string> = {}): StoredMessage => ({
  ...{ queue: 'referral-events', body, attributes, sentAt },
});

interface Told {
  type: string;
  subject: string;
  id: string;
  time: Instant;
  data: object;
}

const told = ({ time, ...event }: Told): string =>
  JSON.stringify({ specversion: '1.0', source: 'urn:example:records', ...event, time: formatInstant(time) });

const RECEIVED = {
  ...{ practice: { id: 'practice-01' }, patient: { id: 'patient-1' } },
  ...{ site: 'north', priority: 'routine', specialty: 'dermatology' },
};

/** Closed so long ago that the first goes in the nights before the stop, the second is retired, the third goes after. */
function history(from: Instant): StoredMessage[] {
  return [-2, 0, 5].flatMap((nights, index) => {
    const midnight = Math.floor(STOP / DAY_MS) * DAY_MS + nights * DAY_MS - HOUR_MS;
    const closed = keptUntil(midnight, KEPT_MONTHS);
    const subject = `R-history-${index + 1}`;
    const data = RECEIVED;
    return [
      told({ type: 'referral.received', subject, id: `${subject}-1`, time: closed - 20 * DAY_MS, data }),
      told({
        type: 'referral.closed',
        subject,
        id: `${subject}-2`,
        time: closed,
        data: { reason: 'patient_declined' },
      }),
    ].map((body) => message(body, from + HOUR_MS));
  });
}

/** Of a course: what says only the name of a booking or an order, and what names these. */
const NAMELESS = [2, 8, 13];
const NAMING = [0, 1, 7, 9, 11];

/**
 * Whole courses in each dialect; of two more only what waits, until what names it comes for one of them after the stop;
 * then, too, something that names its referral by a name which was noted before.
 */
function dialects(from: Instant): StoredMessage[] {
  const course = (serial: number, at: Instant, parts?: readonly number[]): StoredMessage[] =>
    soundMessages(serial, at)
      .filter((_, part) => parts?.includes(part) ?? true)
      .map(({ body, sentAt, attributes }) => message(body, sentAt, attributes));
  const [before, after] = [STOP - 2 * DAY_MS, STOP + 2 * DAY_MS];
  return [
    ...course(0, from + 8 * DAY_MS),
    ...course(1, from + 18 * DAY_MS),
    ...course(2, before, NAMELESS),
    ...course(3, before, NAMELESS),
    ...course(2, after, NAMING),
    ...course(1, after, NAMELESS),
  ];
}

/** Days before the stop, so that an operator has seen to some of them, and once more just before it. */
function refused(): StoredMessage[] {
  return [4 * DAY_MS, 3 * DAY_MS, 2 * DAY_MS, 30 * MINUTE_MS].flatMap((before, index) => {
    const at = STOP - before;
    const [subject, file] = [`R-refused-${index + 1}`, 'events.ndjson'];
    const data = RECEIVED;
    const early = told({ type: 'referral.received', subject, id: `${subject}-early`, time: at + 2 * HOUR_MS, data });
    const wrong = told({ type: 'referral.pondered', subject, id: `${subject}-wrong`, time: at, data: {} });
    const row = `Ref,Created,Urgency,Dept,Booked,Appt,Status,Exported\nC-refused-${index},no date,U,CARD,,,Open,${formatInstant(at)}\n`;
    const csv = { dialect: 'csv', sender: 'nightly', file: 'nightly.csv', exportedAt: formatInstant(at) };
    return [
      message(early, at, { file, position: '1' }),
      message(wrong, at, { file, position: '2' }),
      message(`not JSON ${index} ${'x'.repeat(60_000)}`, at, { file, position: '3' }),
      message(row, at, csv),
    ];
  });
}
