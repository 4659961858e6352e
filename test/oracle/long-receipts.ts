import type { Chance } from './long-chance.ts';
import { DAY, iso, localDay, toInstant } from './time.ts';

/** Which practice of a long organization sends whom, and when: sources that fade, go, return, and one that floods. */

export interface Receipt {
  time: number;
  neglected: boolean;
  data: Record<string, unknown>;
}

export interface LongSpan {
  start: number;
  until: number;
  /** The last Monday 06:00 of the organization up to `until`. */
  lastReport: number;
  zone: string;
}

interface Sending {
  practice: string;
  time: number;
  neglected?: boolean;
}

// Two that pass, two that only look as if, two that don't even look right.
const NPIS = ['1234567893', '1245319599', '1234567890', '1245319595', '123456789', 'NPI-1'];
const SPECIALTIES = ['cardiology', 'dermatology', 'dermatology', 'imaging', 'orthopedics'];
const PRIORITIES = ['routine', 'routine', 'routine', 'routine', 'routine', 'urgent', 'urgent', 'asap', 'stat'];
const SITES = ['main', 'main', 'main', 'west', 'west', 'annex'];

export function receiptsOf(span: LongSpan, chance: Chance): Receipt[] {
  const sendings = [...regulars(span, chance), ...comings(span, chance), ...strangers(span, chance)];
  return sendings
    .filter(({ time }) => time >= span.start && time <= span.until)
    .map(({ practice, time, neglected = false }) => {
      const instant = chance.happens(0.12) ? onAnEdge(time, span, chance) : Math.floor(time);
      return { time: instant, neglected, data: receiptData(practice, instant, span, chance) };
    });
}

/** @param gap days between two of them, from ... to ... */
function series(practice: string, from: number, to: number, gap: [number, number], chance: Chance): Sending[] {
  const sendings: Sending[] = [];
  for (let time = from; time < to; time += chance.between(...gap) * DAY) sendings.push({ practice, time });
  return sendings;
}

function regulars({ start, until }: LongSpan, chance: Chance): Sending[] {
  const fadedAt = until - (56 + chance.between(-12, 40)) * DAY;
  return [
    ...series('steady', start + chance.between(0, 3) * DAY, until, [3, 9], chance),
    ...series('fading', until - 250 * DAY, fadedAt, [3, 6], chance),
    ...(chance.happens(0.5) ? [{ practice: 'fading', time: fadedAt + chance.between(5, 50) * DAY }] : []),
    ...series('flood', until - 200 * DAY, until, [20, 40], chance),
    ...floodOf(until - chance.whole(1, 6) * 7 * DAY, chance),
  ];
}

/** So many in two days that their clocks alone make a week. */
function floodOf(from: number, chance: Chance): Sending[] {
  const neglected = chance.happens(0.6);
  return Array.from({ length: 14 }, () => ({ practice: 'flood', time: from + chance.between(0, 2) * DAY, neglected }));
}

function comings({ start, until }: LongSpan, chance: Chance): Sending[] {
  const goneAt = until - chance.between(61, 150) * DAY;
  const gap: [number, number] = chance.happens(0.5) ? [5, 12] : [24, 40];
  return [
    ...series('gone', goneAt - 4.5 * gap[1] * DAY, goneAt, gap, chance),
    ...series('back', start + 2 * DAY, start + 60 * DAY, [8, 18], chance),
    { practice: 'back', time: until - chance.between(0, 40) * DAY },
    ...series('fresh', until - chance.between(1, 35) * DAY, until, [6, 20], chance),
  ];
}

function strangers({ start, until }: LongSpan, chance: Chance): Sending[] {
  const some = (practice: string, length: number) =>
    Array.from({ length }, () => ({ practice, time: chance.between(start, until) }));
  return [...some('rare', chance.whole(7, 12)), ...some('stranger', chance.whole(2, 5)), ...some('Stranger', 1)];
}

/** Where a window begins or ends, to the millisecond or one beside it. */
function onAnEdge(time: number, { zone, lastReport, until, start }: LongSpan, chance: Chance): number {
  const day = localDay(zone, time);
  const monday = day - ((day + 3) % 7);
  const edges = [
    toInstant(zone, monday, 0),
    toInstant(zone, monday, 6 * 60),
    ...[28, 56, 60, 90, 180, 238].map((days) => lastReport - days * DAY),
  ];
  const edge = chance.one(edges) + chance.one([0, 0, -1]);
  return edge < start || edge > until ? Math.floor(time) : edge;
}

function receiptData(practice: string, time: number, span: LongSpan, chance: Chance): Record<string, unknown> {
  const optional = <T>(share: number, key: string, value: T) => (chance.happens(share) ? { [key]: value } : {});
  return {
    priority: chance.one(PRIORITIES),
    specialty: chance.one(SPECIALTIES),
    site: chance.one(SITES),
    practice: { id: practice, ...providerOf(practice, chance) },
    patient: { id: `patient-${chance.whole(1, 80)}` },
    ...optional(0.75, 'payer', chance.one(['hmo', 'ppo', ''])),
    ...optional(0.6, 'tags', chance.one([['quiet'], ['new', 'quiet'], ['new'], []])),
    ...optional(0.1, 'coordinatorId', chance.one(['c-1', 'c-gone'])),
    ...orderOf(time, span, chance),
  };
}

function providerOf(practice: string, chance: Chance): Record<string, unknown> {
  if (chance.happens(0.15)) return chance.one([{}, { providerNpi: '' }, { providerNpi: null, providerName: null }]);
  if (chance.happens(0.15)) return { providerName: 'Provider' };
  if (practice === 'steady') return { providerNpi: chance.one(NPIS.slice(0, 2)) };
  if (practice === 'fading' || practice === 'flood') return { providerNpi: chance.one(['1003000126', '1003000134']) };
  return { providerNpi: chance.one(NPIS), providerName: 'Provider' };
}

/** Mostly ordered some days before it came; as a date, or as an instant of any offset. */
function orderOf(time: number, { zone }: LongSpan, chance: Chance): Record<string, unknown> {
  if (chance.happens(0.45)) return {};
  const ordered = time - chance.between(0, 12) * DAY;
  const date = iso(ordered)?.slice(0, 10) as string;
  if (chance.happens(0.5)) return { orderedAt: date };
  if (chance.happens(0.6))
    return { orderedAt: `${date}T${chance.one(['00:00:00-05:00', '23:30:00+09:00', '12:00:00Z'])}` };
  // where the year begins and where its orders end
  const year = Number(date.slice(0, 4));
  const edge = chance.one([Date.UTC(year, 0, 1), Date.UTC(year, 10, 1)]) / DAY;
  return { orderedAt: iso(toInstant(zone, edge, 0) - chance.one([0, 1])) };
}
