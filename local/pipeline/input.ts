import { isAbout } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant, isInYears } from '../../shared/contracts/instant.ts';
import { localDate, startOfDate } from '../../shared/domain/time/local-date.ts';
import { replayArrival } from '../../shared/intake/cloudevents.ts';
import { Random } from '../simulate/random.ts';
import type { OutgoingMessage } from '../stand-ins/send-messages.ts';
import type { InputLine } from './input-files.ts';
import { type Place, unitOf } from './place.ts';

/** A message of a replay, and what identifies the event in it if that can be read. */
export interface Arrival extends OutgoingMessage {
  /** What the handlers see as SQS's sent time. */
  arrivedAt: Instant;
  /** When it is handed over: at `arrivedAt`, unless the replay is shuffled. */
  deliverAt: Instant;
  /** The referral or practice; null if the message is a heartbeat or can't be read. */
  subject: string | null;
  /** Subject, source and id of the event; null if the message can't be read. */
  identity: string | null;
}

/** When a line arrives that says so. */
export interface SaidArrival extends Place {
  at: Instant;
}

/** When the lines arrive that say so, in their order. */
export function saidArrivals(lines: readonly InputLine[]): SaidArrival[] {
  return lines.flatMap((line) => {
    const at = ownArrival(line);
    return at === null ? [] : [{ at, ...placeOf(line) }];
  });
}

/** Where a line stands, and what its position counts. */
export const placeOf = ({ file, position, attributes }: InputLine): Place => ({
  ...{ file, position },
  unit: unitOf(file, attributes?.dialect),
});

/** The midnight that begins the local day of an instant. */
export const startOfDay = (instant: Instant, timeZone: string): Instant =>
  startOfDate(localDate(instant, timeZone), timeZone);

/** The midnight that ends the local day of an instant. */
export function endOfDay(instant: Instant, timeZone: string): Instant {
  return startOfDate(localDate(instant, timeZone).add({ days: 1 }), timeZone);
}

/**
 * When each line arrives: at its `recordedtime`, else at its `time`. A line without either arrives with the line before
 * it in the same file; at the start of a file, with the first line that has one; else at `until`.
 */
export function toArrivals(lines: readonly InputLine[], until: Instant): Arrival[] {
  const own = lines.map(ownArrival);
  return lines.map((line, index) => {
    let arrivedAt = own[index] ?? null;
    for (let before = index; arrivedAt === null && lines[before]?.file === line.file; before -= 1) {
      arrivedAt = own[before] ?? null;
    }
    for (let after = index; arrivedAt === null && lines[after]?.file === line.file; after += 1) {
      arrivedAt = own[after] ?? null;
    }
    return {
      body: line.body,
      arrivedAt: arrivedAt ?? until,
      deliverAt: arrivedAt ?? until,
      attributes: { ...line.attributes, file: line.file, position: String(line.position) },
      ...identify(line.body),
    };
  });
}

/** Null: the line doesn't say, or it names an instant that no message may have. */
function ownArrival({ body, arrivesAt }: InputLine): Instant | null {
  if (arrivesAt === undefined) return replayArrival(body);
  return arrivesAt !== null && isInYears(formatInstant(arrivesAt)) ? arrivesAt : null;
}

function identify(body: string): { subject: string | null; identity: string | null } {
  try {
    const { subject, source, id, type } = JSON.parse(body);
    if (typeof subject !== 'string') return { subject: null, identity: null };
    const identity = JSON.stringify([subject, source, id]);
    // Heartbeats of a feed share a subject, but two batches of them don't contend for an item.
    return { subject: isAbout({ type }, 'feed') ? null : subject, identity };
  } catch {
    return { subject: null, identity: null };
  }
}

/** Doubles a share of the messages, chosen at random. */
export function duplicated(arrivals: readonly Arrival[], share: number, seed: number): Arrival[] {
  const random = new Random(seed);
  return arrivals.flatMap((arrival) => (random.chance(share) ? [arrival, { ...arrival }] : [arrival]));
}

/** Everything that arrives by `until`, in random order, delivered all at once when the last of it has arrived. */
export function shuffled(arrivals: readonly Arrival[], until: Instant, seed: number): Arrival[] {
  const seen = arrivals.filter(({ deliverAt }) => deliverAt <= until);
  const last = seen.reduce((latest, { deliverAt }) => Math.max(latest, deliverAt), 0);
  const random = new Random(seed);
  return seen
    .map((arrival) => ({ arrival, draw: random.next() }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ arrival }) => ({ ...arrival, deliverAt: last }));
}
