import type { Random } from '../../local/simulate/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';

/** What more happens to a referral of the varied organizations than the simulator tells. */

export type Sent = Record<string, unknown> & {
  subject: string;
  type: string;
  time: string;
  data: Record<string, unknown>;
};
export interface Arrival {
  event: Sent;
  arrivedAt: Instant;
}
/** What the variations of one organization depend on. */
export interface Setting {
  random: Random;
  zone: string;
  /** The instant of the last weekly report. */
  lastReport: Instant;
  /** Where windows begin and end and reports are made. */
  edges: readonly Instant[];
  /** Every note comes and is acknowledged, and every missed appointment is booked again. */
  thorough: boolean;
}

const ADDITIONS = [
  'voided',
  'ended',
  'changed',
  'changed',
  'taken back',
  'looked at',
  'reported early',
  'missed',
  'missed',
  'said no',
  'reopened',
] as const;

export const timeOf = ({ event }: Arrival): Instant => Date.parse(event.time);

function addition(subject: string, id: string, time: Instant, type: string, data: object = {}): Arrival {
  const at = Math.floor(time);
  const event = { specversion: '1.0', id: `${subject}-${id}`, source: '/variations', type, subject, data: { ...data } };
  return { event: { ...event, time: formatInstant(at) }, arrivedAt: at };
}

/** The note of a visit, its acknowledgement, and the next booking after the last missed one, if they never came. */
export function whatIsOwed(story: Arrival[]): Arrival[] {
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
export function additions(story: Arrival[], { random, lastReport }: Setting): Arrival[] {
  const first = story[0] as Arrival;
  const { subject } = first.event;
  const [begin, end] = [Math.min(...story.map(timeOf)), Math.max(...story.map(timeOf))];
  const add: Add = (id, time, type, data) => addition(subject, id, time, type, data);
  const later = end + random.int(1, 400) * HOUR_MS;
  const aroundALook = lastReport - random.int(0, 3) * 7 * DAY_MS + random.pick([-5, 0, 0, 4, 8]) * MINUTE_MS;
  switch (random.pick(ADDITIONS)) {
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
    case 'reported early': {
      // a day before the referral, or longer, is another referral's report
      const before = random.pick([DAY_MS, DAY_MS + 1, random.int(2, 40) * DAY_MS]);
      return [add('early', begin - before, 'note.received')];
    }
    case 'missed':
      return missed(add, random.chance(0.5) ? lastReport - random.int(0, 5) * 7 * DAY_MS : end, random);
    case 'said no':
      return [add('no', later, 'contact.attempted', { channel: 'phone', outcome: 'declined' })];
    case 'reopened':
      return [
        add('reopened', later, 'referral.reopened'),
        ...(random.chance(0.5)
          ? [add('ended', later + 5 * DAY_MS, 'referral.closed', { reason: 'expired_admin' })]
          : []),
      ];
  }
}

type Add = (id: string, time: Instant, type: string, data?: object) => Arrival;

/** Two bookings, of one appointment or of two, that are missed or moved around an instant, and perhaps seen after all. */
function missed(add: Add, around: Instant, random: Random): Arrival[] {
  const first = around - random.int(1, 5) * DAY_MS;
  const second = first + random.int(-2, 6) * DAY_MS;
  const book = (id: string, time: Instant, type: string, appointmentId: string, startsAt: Instant) =>
    add(id, time, type, { appointmentId, startsAt: formatInstant(startsAt) });
  const other = random.pick(['M', 'M', 'N']);
  const moves = random.pick(['appointment.scheduled', 'appointment.rescheduled']);
  const about = (id: string, time: Instant, ...types: string[]) =>
    add(id, time, random.pick(types), { appointmentId: random.pick(['M', other]) });
  const afterwards = Math.max(first, second);
  const [booked, ...rest] = [
    book('book', first - 6 * DAY_MS, 'appointment.scheduled', 'M', first),
    about('miss', first + random.pick([-1, 0, 1, 30]) * HOUR_MS, 'appointment.no_show', 'appointment.cancelled'),
    book('move', first + random.pick([-20, 0, 2, 20]) * HOUR_MS, moves, other, second),
    about('again', afterwards + random.int(1, 20) * HOUR_MS, 'appointment.no_show'),
    about('seen', afterwards + random.int(1, 40) * HOUR_MS, 'visit.arrived', 'visit.completed'),
  ];
  return [booked as Arrival, ...rest.filter(() => random.chance(0.7))];
}

const OTHER_WORDS: Record<string, string[]> = {
  'referral.closed': ['reason'],
  'referral.declined': ['reason'],
  'contact.attempted': ['channel', 'outcome'],
};

/** What happened, with a word of the sender's own, or with no reason at all. */
export function inOtherWords({ event, arrivedAt }: Arrival, random: Random): Arrival {
  const fields = OTHER_WORDS[event.type];
  if (!fields) return { event, arrivedAt };
  const field = random.pick(fields);
  const { [field]: _, ...rest } = event.data;
  const theirs = [{ [field]: '' }, { [field]: 'a word of their own' }];
  const word = random.pick(field === 'reason' ? [{}, { [field]: null }, ...theirs] : theirs);
  return { arrivedAt, event: { ...event, data: { ...rest, ...word } } };
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
    { practice: { id: random.pick(['twin-1', 'twin-2']), name: 'Twin (fictitious)' } },
    { payer: 'payer-a', tags: ['new'] },
    { payer: random.pick(['', null]) },
  ]);
}
