import { Random } from '../../local/simulate/random.ts';
import { DEFAULT_UNTIL, simulate } from '../../local/simulate/simulate.ts';
import { type Config, directorySchema, policySchema } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { linesOf } from './agreement.ts';
import { oracleReportPeriods } from './report-periods.ts';
import { localDay, toInstant } from './time.ts';

/**
 * Simulated organizations of about ten months for the comparison of reports, varied so that every figure has something
 * to say: events on the edges of windows, late arrivals, changed and withdrawn facts, a neglected week.
 */

type Sent = Record<string, unknown> & { subject: string; type: string; time: string; data: Record<string, unknown> };
export interface Arrival {
  event: Sent;
  arrivedAt: Instant;
}
export interface VariedOrganization {
  /** In the order of arrival, up to `until`. */
  arrivals: Arrival[];
  config: Config;
  until: Instant;
}

/** What the variations of one organization depend on. */
interface Setting {
  random: Random;
  zone: string;
  /** The instant of the last weekly report. */
  lastReport: Instant;
  /** Where windows begin and end and reports are made. */
  edges: readonly Instant[];
  /** Every note comes and is acknowledged, and every missed appointment is booked again. */
  thorough: boolean;
}

const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Australia/Sydney',
  'Asia/Kolkata',
  'America/St_Johns',
];
/** A stream of random numbers that the simulator doesn't draw from. */
const STREAM = 999;
/** Sizes of the windows that a report looks back on, in days (domain contract, section 9). */
const WINDOWS = [28, 56, 60, 90, 180, 238];

/** The same seed gives the same organization. */
export function variedOrganization(seed: number): VariedOrganization {
  const random = new Random(seed, STREAM);
  const until = DEFAULT_UNTIL + random.int(-120, 310) * DAY_MS + random.int(0, 23) * HOUR_MS;
  const weeks = random.int(41, 52);
  const simulated = simulate({ referrals: 60, weeks, thin: 0.06, faults: 0.02, seed, until });
  const start = until - weeks * 7 * DAY_MS;
  const zone = random.pick(ZONES);
  const config = {
    policy: variedPolicy(simulated.policy, random, start + random.between(0.2, 0.9) * (until - start)),
    directory: variedDirectory(simulated.directory, zone),
  };
  const periods = oracleReportPeriods(config, start, until);
  const lastReport = periods.findLast(({ kind }) => kind === 'weekly')?.asOf ?? until;
  const edges = [
    ...periods.flatMap(({ from, to, asOf }) => [from, to, asOf]),
    ...WINDOWS.map((days) => lastReport - days * DAY_MS),
  ];
  const setting = { random, zone, lastReport, edges, thorough: random.chance(0.5) };
  const stories = Map.groupBy(readable(simulated.lines), ({ event }) => event.subject);
  const neglectedFrom = lastReport - random.int(1, 6) * 7 * DAY_MS;
  const arrivals = [...stories].flatMap(([subject, story]) =>
    subject.startsWith('R-') ? variedStory(neglected(story, neglectedFrom), setting) : story,
  );
  return {
    arrivals: arrivals.filter(({ arrivedAt }) => arrivedAt <= until).sort((a, b) => a.arrivedAt - b.arrivedAt),
    config,
    until,
  };
}

/** Lines that aren't JSON never reach a report of the oracle, so they are left out. */
function readable(lines: readonly string[]): Arrival[] {
  return linesOf(lines).flatMap(({ body, arrivedAt }) => {
    try {
      return [{ event: JSON.parse(body) as Sent, arrivedAt }];
    } catch {
      return [];
    }
  });
}

/** Two versions whose names sort differently by code point and by code unit; `acknowledge` for some specialties. */
function variedPolicy(policy: Config['policy'], random: Random, secondFrom: Instant): Config['policy'] {
  const days = (value: number) => ({ target: { value, unit: 'business_days' } });
  const versions = policy.versions.flatMap((first) => {
    const rules = [
      ...first.rules,
      { match: { specialty: ['cardiology', 'orthopedics', 'dermatology'] }, clocks: { acknowledge: days(5) } },
      { match: { payer: ['payer-a'], site: ['west'] }, clocks: { visit: days(15) } },
      { match: { tags: ['prior-authorization'] }, clocks: { reroute: { target: null } } },
    ];
    const stricter = { match: {}, clocks: { first_attempt: days(1) } };
    const second = {
      ...first,
      version: random.pick(['a', 'T', '\u{1F4C5}', '\uFF5E']),
      effectiveFrom: formatInstant(Math.floor(secondFrom)),
      rules: [...rules, stricter],
      pauseCaps: { awaiting_information: 4 },
      required: [{ match: { site: ['west', 'north'] }, fields: ['payer', 'tags'] }],
    };
    return [{ ...first, rules }, ...(random.chance(0.8) ? [second] : [])];
  });
  return policySchema.parse({ versions });
}

/** The organization moves to another zone; one site and one practice have no referrals. */
function variedDirectory(directory: Config['directory'], timeZone: string): Config['directory'] {
  return directorySchema.parse({
    ...directory,
    organization: { ...directory.organization, timeZone },
    sites: [
      ...directory.sites,
      { id: 'idle', name: 'Idle Clinic', timeZone: 'UTC', fallbackCoordinatorId: 'coordinator-1' },
    ],
    practices: [...directory.practices, { id: 'mute', name: 'Mute Practice', segment: 'dental', region: 'nowhere' }],
    feeds: [...(directory.feeds ?? []), { name: 'lab', expectedEveryHours: 24 }],
  });
}

const timeOf = ({ event }: Arrival): Instant => Date.parse(event.time);

/** The same event at another time. It arrives as much later. */
function moved(arrival: Arrival, time: Instant): Arrival {
  const arrivedAt = arrival.arrivedAt + time - timeOf(arrival);
  return { arrivedAt, event: { ...arrival.event, time: formatInstant(time) } };
}

/** Nobody sees to a referral for twelve days if it was received in the seven days from an instant on. */
function neglected(story: Arrival[], from: Instant): Arrival[] {
  const receivedAt = Math.min(...story.map(timeOf));
  if (receivedAt < from || receivedAt >= from + 7 * DAY_MS) return story;
  return story.map((one) => (one.event.type === 'referral.received' ? one : moved(one, timeOf(one) + 12 * DAY_MS)));
}

function variedStory(story: Arrival[], setting: Setting): Arrival[] {
  const { random } = setting;
  const told = setting.thorough ? [...story, ...whatIsOwed(story)] : [...story];
  if (random.chance(0.4)) told.push(...additions(story, setting));
  told.sort((a, b) => timeOf(a) - timeOf(b));
  const shifted = told
    .map((one, index) => (random.chance(0.1) ? onAnEdge(one, told[index - 1], told[index + 1], setting) : one))
    .map((one) => (one.event.type === 'referral.received' ? withOrder(one, setting) : one))
    .map((one) => ({ ...one, arrivedAt: arrivalOf(one, setting) }));
  const again = shifted.filter(() => random.chance(0.03));
  const delay = () => random.pick([0, MINUTE_MS, 7 * DAY_MS]);
  return [...shifted, ...again.map((one) => ({ ...one, arrivedAt: one.arrivedAt + delay() }))];
}

/** Some messages come days or months late, some minutes before the time they state. */
function arrivalOf(arrival: Arrival, { random, lastReport }: Setting): Instant {
  if (random.chance(0.02) && timeOf(arrival) > lastReport - 60 * DAY_MS) return timeOf(arrival) - 9 * MINUTE_MS;
  return random.chance(0.04) ? arrival.arrivedAt + random.int(0, 90) * DAY_MS : arrival.arrivedAt;
}

/** Moves an event to an edge within four days, or to the millisecond before it, but not past its neighbours. */
function onAnEdge(one: Arrival, before: Arrival | undefined, after: Arrival | undefined, setting: Setting): Arrival {
  const earliest = Math.max(timeOf(one) - 4 * DAY_MS, before ? timeOf(before) + 1 : Number.NEGATIVE_INFINITY);
  const latest = Math.min(timeOf(one) + 4 * DAY_MS, after ? timeOf(after) : Number.POSITIVE_INFINITY);
  const near = setting.edges.filter((edge) => edge > earliest && edge < latest);
  return near.length === 0 ? one : moved(one, setting.random.pick(near) + setting.random.pick([0, 0, -1]));
}

function addition(subject: string, id: string, time: Instant, type: string, data: object = {}): Arrival {
  const at = Math.floor(time);
  const event = { specversion: '1.0', id: `${subject}-${id}`, source: '/variations', type, subject, data: { ...data } };
  return { event: { ...event, time: formatInstant(at) }, arrivedAt: at };
}

/** The note of a visit, its acknowledgement, and the next booking after the last missed one, if they never came. */
function whatIsOwed(story: Arrival[]): Arrival[] {
  const last = (...types: string[]) => story.findLast(({ event }) => types.includes(event.type));
  const owed = (after: Arrival, days: number, type: string, data: object = {}) =>
    addition(after.event.subject, type, timeOf(after) + days * DAY_MS, type, data);
  const visit = last('visit.completed');
  if (visit) {
    const note = last('note.received');
    const late = note ? [] : [owed(visit, 9, 'note.received')];
    return last('note.acknowledged') ? late : [...late, owed(note ?? visit, 11, 'note.acknowledged')];
  }
  const missed = last('appointment.scheduled', 'appointment.cancelled', 'appointment.no_show');
  if (missed === undefined || missed.event.type === 'appointment.scheduled') return [];
  const startsAt = formatInstant(timeOf(missed) + 10 * DAY_MS);
  return [owed(missed, 4, 'appointment.scheduled', { appointmentId: 'again', startsAt })];
}

/** One thing more that happens to a referral: a change, a withdrawal, an end, or something as a report is made. */
function additions(story: Arrival[], { random, lastReport }: Setting): Arrival[] {
  const first = story[0] as Arrival;
  const { subject } = first.event;
  const [begin, end] = [Math.min(...story.map(timeOf)), Math.max(...story.map(timeOf))];
  const add = (id: string, time: Instant, type: string, data?: object) => addition(subject, id, time, type, data);
  const later = end + random.int(1, 400) * HOUR_MS;
  const aroundALook = lastReport - random.int(0, 3) * 7 * DAY_MS + random.pick([-5, 0, 0, 4, 8]) * MINUTE_MS;
  switch (random.pick(['voided', 'ended', 'changed', 'changed', 'taken back', 'looked at', 'reopened'] as const)) {
    case 'voided': {
      const at = begin + random.int(1, 900) * HOUR_MS;
      const undone = { source: '/variations', id: `${subject}-void` };
      const back = random.chance(0.25) ? [add('unvoid', at + DAY_MS, 'event.retracted', undone)] : [];
      return [add('void', at, 'referral.voided'), ...back];
    }
    case 'ended': {
      // half the time at the very instant of another event
      const at = random.chance(0.5) ? timeOf(random.pick(story)) : random.between(begin, end);
      const reason = random.pick(['converted_econsult', 'duplicate', 'moved', 'test', 'unreachable', 'wait_too_long']);
      const evidence = random.pick([{ evidence: 'document/1' }, { evidence: null }, { evidence: '' }, {}]);
      return [add('end', at, 'referral.closed', { reason, ...evidence })];
    }
    case 'changed':
      return [add('change', random.between(begin - DAY_MS, end + DAY_MS), 'referral.updated', changeOf(first, random))];
    case 'taken back': {
      // now and then the receipt, sometimes everything that the sender said of an appointment
      const { event, ...taken } = random.chance(0.2) ? first : random.pick(story);
      const of = event.entity !== undefined && random.chance(0.7) ? { entity: event.entity } : { id: event.id };
      const at = timeOf({ event, ...taken }) + random.int(1, 200) * HOUR_MS;
      return [add('retraction', at, 'event.retracted', { source: event.source, ...of })];
    }
    case 'looked at': {
      const startsAt = formatInstant(aroundALook + random.int(-3, 9) * DAY_MS);
      const [type, data] = random.pick<[string, object]>([
        ['note.received', {}],
        ['appointment.scheduled', { appointmentId: 'Z', startsAt }],
        ['referral.closed', { reason: 'unreachable', evidence: 'letters' }],
        ['contact.attempted', { channel: 'phone', outcome: 'reached' }],
        ['referral.declined', { reason: 'not_accepting' }],
      ]);
      return [add('look', aroundALook, type, data)];
    }
    case 'reopened':
      return [
        add('reopened', later, 'referral.reopened'),
        ...(random.chance(0.5)
          ? [add('ended', later + 5 * DAY_MS, 'referral.closed', { reason: 'expired_admin' })]
          : []),
      ];
  }
}

function changeOf(receipt: Arrival, random: Random): object {
  const practice = receipt.event.data.practice as object | undefined;
  const provider = (more: object) => ({ practice: { id: 'practice-01', ...practice, ...more } });
  return random.pick([
    { priority: 'urgent' },
    { specialty: 'neurology' },
    { site: 'west' },
    { practice: { id: random.pick(['practice-01', 'Stranger', '\uFF5E', '\u{1F4C5}']) } },
    provider({ providerNpi: '1234567893' }), // passes the check
    provider({ providerNpi: random.pick(['1234567890', '123456789', 'NPI-1']) }), // doesn't
    provider({ providerNpi: random.pick(['', null]), providerName: random.pick(['', null, 'Provider']) }),
    { payer: 'payer-a', tags: ['new'] },
    { payer: random.pick(['', null]) },
  ]);
}

/** When the visit was ordered: as a date, as an instant of any offset, or where a year begins or its orders end. */
function withOrder(receipt: Arrival, { random, zone }: Setting): Arrival {
  if (!random.chance(0.4)) return receipt;
  const { orderedAt, ...data } = receipt.event.data;
  const date = formatInstant(timeOf(receipt) - random.int(0, 12) * DAY_MS).slice(0, 10);
  const year = Number(date.slice(0, 4));
  const edge = random.pick([Date.UTC(year, 0, 1), Date.UTC(year, 10, 1)]);
  const order = random.pick([
    {},
    { orderedAt: date },
    { orderedAt: `${date}T${random.pick(['00:00:00-05:00', '23:30:00+09:00', '12:00:00Z'])}` },
    { orderedAt: formatInstant(toInstant(zone, localDay('UTC', edge), 0) - random.pick([0, 1])) },
  ]);
  return { ...receipt, event: { ...receipt.event, data: { ...data, ...order } } };
}
