import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { isAbout } from '../../shared/contracts/event.ts';
import { formatInstant, type Instant, isInYears } from '../../shared/contracts/instant.ts';
import { localDate, startOfDate } from '../../shared/domain/time/local-date.ts';
import { replayArrival } from '../../shared/intake/cloudevents.ts';
import { Random } from '../simulate/random.ts';
import type { OutgoingMessage } from '../stand-ins/send-messages.ts';

const NDJSON = ['.ndjson', '.jsonl'];

/** A line of an input file. */
export interface InputLine {
  body: string;
  file: string;
  /** From 1. */
  position: number;
}

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

/** The input can't be read at all. The message is for the person who typed the command. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The lines of files, and of the files in folders, in order; empty lines are left out. Throws InputError. */
export function readInput(paths: readonly string[]): InputLine[] {
  return paths.flatMap(filesOf).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const lines = NDJSON.includes(extname(file)) ? text.split(/\r?\n/) : [text];
    return lines.map((body, index) => ({ body, file, position: index + 1 })).filter(({ body }) => body.trim() !== '');
  });
}

function filesOf(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new InputError(`${path}: no such file or folder`);
  if (!found.isDirectory()) {
    if (![...NDJSON, '.json'].includes(extname(path))) {
      throw new InputError(`${path}: expected .ndjson, .jsonl or .json with CloudEvents`);
    }
    return [path];
  }
  const inside = readdirSync(path)
    .sort()
    .filter((name) => [...NDJSON, '.json'].includes(extname(name)));
  if (inside.length === 0) throw new InputError(`${path}: holds no .ndjson, .jsonl or .json file`);
  return inside.map((name) => join(path, name));
}

/**
 * The midnight that ends the day of the last arrival. Arrivals at instants that no message may have are left out.
 * @returns null if no line says when it arrives
 */
export function endOfLastDay(lines: readonly InputLine[], timeZone: string): Instant | null {
  const own = lines.flatMap(({ body }) => replayArrival(body) ?? []);
  const last = own.filter((instant) => isInYears(formatInstant(instant))).reduce((a, b) => Math.max(a, b), 0);
  return last === 0 ? null : startOfDate(localDate(last, timeZone).add({ days: 1 }), timeZone);
}

/**
 * When each line arrives: at its `recordedtime`, else at its `time`. A line without either arrives with the line before
 * it in the same file; at the start of a file, with the first line that has one; else at `until`.
 */
export function toArrivals(lines: readonly InputLine[], until: Instant): Arrival[] {
  const own = lines.map(({ body }) => replayArrival(body));
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
      attributes: { file: line.file, position: String(line.position) },
      ...identify(line.body),
    };
  });
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
