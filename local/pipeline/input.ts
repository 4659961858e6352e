import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { isAbout } from '../../shared/contracts/event.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { replayArrival } from '../../shared/intake/cloudevents.ts';
import { Random } from '../simulate/random.ts';
import type { Arrival } from './simulated-run.ts';

const NDJSON = ['.ndjson', '.jsonl'];

/** A line of an input file. */
export interface InputLine {
  body: string;
  file: string;
  /** From 1. */
  position: number;
}

/** Input that can't be read at all: a message for whoever typed the command. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The lines of files, and of the files in folders, in their order; empty lines are left out. */
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
 * When each line arrives: `recordedtime`, else `time`. A line that doesn't say arrives with the one before it in its
 * file, at the file's start with the first that does.
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
    // A feed's heartbeats share a subject, but no item that two batches could contend for.
    return { subject: isAbout({ type }, 'feed') ? null : subject, identity };
  } catch {
    return { subject: null, identity: null };
  }
}

/** A share of the messages twice. */
export function duplicated(arrivals: readonly Arrival[], share: number, seed: number): Arrival[] {
  const random = new Random(seed);
  return arrivals.flatMap((arrival) => (random.chance(share) ? [arrival, { ...arrival }] : [arrival]));
}

/** All that would have arrived by `until`, delivered in random order, all at the last of those arrivals. */
export function shuffled(arrivals: readonly Arrival[], until: Instant, seed: number): Arrival[] {
  const seen = arrivals.filter(({ deliverAt }) => deliverAt <= until);
  const last = seen.reduce((latest, { deliverAt }) => Math.max(latest, deliverAt), 0);
  const random = new Random(seed);
  return seen
    .map((arrival) => ({ arrival, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ arrival }) => ({ ...arrival, deliverAt: last }));
}
