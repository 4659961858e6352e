import { type Chance, chanceOf } from './long-chance.ts';
import { type LongDirectory, longDirectory, longPolicy } from './long-config.ts';
import { type Care, courseFrom, type Happening } from './long-course.ts';
import { type LongSpan, type Receipt, receiptsOf } from './long-receipts.ts';
import { DAY, HOUR, iso, localDay, toInstant } from './time.ts';

/**
 * Organizations over ten months and more, with all that the weekly figures are about: most windows of section 9 look
 * back further than the organizations that the simulator makes are old.
 */

export interface LongOrganization {
  /** In the order of arrival; `event` is what the message says, `arrivedAt` in milliseconds. */
  arrivals: { event: Record<string, unknown>; arrivedAt: number }[];
  policy: ReturnType<typeof longPolicy>;
  directory: LongDirectory;
  until: number;
}

const MINUTE = HOUR / 60;

export function longOrganization(seed: number): LongOrganization {
  const chance = chanceOf(seed);
  const directory = longDirectory(chance);
  const span = spanOf(directory.organization.timeZone, chance);
  const policy = longPolicy(chance, span.start + chance.between(0.2, 0.9) * (span.until - span.start));
  const thorough = chance.happens(0.5);
  const arrivals = [
    ...receiptsOf(span, chance).flatMap((receipt, index) =>
      referral(`R-${index + 1}`, { ...receipt, thorough }, span, chance),
    ),
    ...orphans(span, chance),
    ...refusals(span, chance),
    ...heartbeats(span, chance),
  ];
  return {
    arrivals: arrivals.filter(({ arrivedAt }) => arrivedAt <= span.until).sort((a, b) => a.arrivedAt - b.arrivedAt),
    policy,
    directory,
    until: span.until,
  };
}

type Arrival = LongOrganization['arrivals'][0];

/** Ends between February 2026 and April 2027, so that reports fall into every part of a year. */
function spanOf(zone: string, chance: Chance): LongSpan {
  const last = localDay('UTC', Date.UTC(2026, 1, 1)) + chance.whole(0, 430);
  const lastReport = toInstant(zone, last - ((last + 3) % 7), 6 * 60);
  const until = lastReport + (chance.happens(0.5) ? 0 : chance.whole(0, 5 * 24) * HOUR);
  return { start: lastReport - chance.whole(41, 52) * 7 * DAY, until, lastReport, zone };
}

function message(subject: string, id: string, { time, type, data, entity }: Happening, source = '/records') {
  const envelope = { specversion: '1.0', id, source, type, subject, time: iso(time), data };
  return { ...envelope, ...(entity !== undefined && { entity }) };
}

/** Most messages come at once, some days or months later, some minutes before the time they tell. */
function arrivalOf(time: number, { lastReport }: LongSpan, chance: Chance): number {
  if (chance.happens(0.02) && time > lastReport - 60 * DAY) return time - 9 * MINUTE;
  if (chance.happens(0.06)) return Math.floor(time + chance.between(0, 20) * DAY);
  if (chance.happens(0.02)) return Math.floor(time + chance.between(20, 90) * DAY);
  return time + chance.whole(0, 20) * MINUTE;
}

function referral(id: string, receipt: Receipt & Care, span: LongSpan, chance: Chance): Arrival[] {
  const story = [
    { time: receipt.time, type: 'referral.received', data: receipt.data },
    ...courseFrom(receipt.time, receipt, chance),
  ];
  if (chance.happens(0.12)) story.push(changeOf(story, receipt, chance));
  if (chance.happens(0.1)) story.push(...aroundALook(span, chance));
  const messages = story.map((happening, index) => ({
    event: message(id, `e${index}`, happening, chance.one(['/records', '/records', '/schedule'])),
    arrivedAt: arrivalOf(happening.time, span, chance),
  }));
  const taken = chance.happens(0.07) ? [retraction(id, messages, chance)] : [];
  const voided = chance.happens(0.05) ? voiding(id, receipt.time, chance) : [];
  const twice = messages.filter(() => chance.happens(0.02)).map((one) => ({ ...one, arrivedAt: one.arrivedAt + HOUR }));
  return [...messages, ...taken, ...voided, ...twice];
}

function changeOf(story: Happening[], { time, data }: Receipt, chance: Chance): Happening {
  const last = story.at(-1)?.time ?? time;
  const practice = data.practice as Record<string, unknown>;
  const changed: Record<string, unknown> = chance.one([
    { priority: 'urgent' },
    { specialty: 'imaging' },
    { site: 'west' },
    { practice: { ...practice, providerNpi: '1234567893' } },
    { practice: { id: 'rare' } },
    { payer: 'ppo', tags: ['new'] },
    { payer: null },
  ]);
  return { time: Math.floor(chance.between(time - DAY, last + DAY)), type: 'referral.updated', data: changed };
}

/** Something at the very instant of a report, or a few minutes to either side of it. */
function aroundALook({ lastReport }: LongSpan, chance: Chance): Happening[] {
  const time = lastReport - chance.whole(0, 3) * 7 * DAY + chance.one([-5, 0, 0, 4, 8]) * MINUTE;
  const startsAt = iso(time + chance.whole(-3, 9) * DAY);
  return [
    chance.one<Happening>([
      { time, type: 'note.received', data: {} },
      { time, type: 'appointment.scheduled', data: { appointmentId: 'Z', startsAt } },
      { time, type: 'referral.closed', data: { reason: 'unreachable', evidence: 'letters' } },
      { time, type: 'contact.attempted', data: { channel: 'phone', outcome: 'reached' } },
      { time, type: 'referral.declined', data: { reason: 'not_accepting' } },
    ]),
  ];
}

/** Takes back one event, the receipt seldom; sometimes all that the sender said of an appointment. */
function retraction(subject: string, messages: Arrival[], chance: Chance): Arrival {
  const { event } = chance.happens(0.1) ? (messages[0] as Arrival) : chance.one(messages);
  const time = Date.parse(event.time as string) + chance.whole(1, 200) * HOUR;
  const of = event.entity !== undefined && chance.happens(0.7) ? { entity: event.entity } : { id: event.id };
  const data = { source: event.source, ...of };
  return { event: message(subject, 'taken-back', { time, type: 'event.retracted', data }), arrivedAt: time };
}

function voiding(subject: string, receivedAt: number, chance: Chance): Arrival[] {
  const time = receivedAt + chance.whole(1, 900) * HOUR;
  const event = message(subject, 'void', { time, type: 'referral.voided', data: {} });
  const back = { time: time + DAY, type: 'event.retracted', data: { source: '/records', id: 'void' } };
  const undone = { event: message(subject, 'unvoid', back), arrivedAt: back.time };
  return [{ event, arrivedAt: time }, ...(chance.happens(0.25) ? [undone] : [])];
}

/** Referrals of which there is everything but the receipt. */
function orphans({ start, until, lastReport }: LongSpan, chance: Chance): Arrival[] {
  const times = [chance.between(start, until), chance.between(start, until), lastReport - 24 * HOUR, lastReport - HOUR];
  return times.map((time, index) => {
    const happening = { time: Math.floor(time), type: 'referral.accepted', data: {} };
    return { event: message(`O-${index}`, 'e0', happening), arrivedAt: happening.time };
  });
}

function refusals({ start, until, lastReport }: LongSpan, chance: Chance): Arrival[] {
  const refused = Array.from({ length: 24 }, (_, index): Arrival[] => {
    const late = index < 14 ? lastReport - chance.between(0, 21) * DAY : chance.between(start, until);
    const arrivedAt = Math.floor(late);
    const right = message('R-1', `x${index}`, { time: arrivedAt, type: 'note.signed', data: {} });
    const event = chance.one<Record<string, unknown>>([
      { ...right, type: 'referral.received', data: { priority: 'soon' } },
      { ...right, type: 'referral.forgotten' },
      { ...right, time: iso(arrivedAt + 11 * MINUTE) },
      { ...right, specversion: '0.3' },
      { ...right, id: 'heart-0', subject: 'records', type: 'feed.heartbeat', data: { other: index } },
    ]);
    const again = chance.happens(0.4) ? [{ event, arrivedAt: arrivedAt + chance.one([0, MINUTE, 7 * DAY]) }] : [];
    return [{ event, arrivedAt }, ...again];
  });
  return refused.flat();
}

/** One feed that goes quiet in some organizations, one that says little, one that never said anything. */
function heartbeats({ start, until }: LongSpan, chance: Chance): Arrival[] {
  const beats: Arrival[] = [];
  const quietFrom = until - chance.one([0, 0, 3, 6, 20]) * DAY;
  const beat = (subject: string, time: number) => {
    const event = message(subject, `heart-${beats.length}`, { time, type: 'feed.heartbeat', data: {} });
    beats.push({ event, arrivedAt: time + chance.whole(0, 3) * HOUR });
  };
  for (let time = start; time < quietFrom; time += chance.whole(60, 100) * HOUR) beat('records', time);
  for (let time = start; time < until; time += chance.whole(150, 250) * HOUR) beat('fax', time);
  return beats;
}
