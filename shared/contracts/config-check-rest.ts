import type * as z from 'zod';
import type { Path } from './config-problem.ts';
import { type Dialects, dialectsSchema } from './dialects.ts';

/** Stands for an emit that is refused, so that those behind it keep their numbers. */
const SOUND = { type: 'referral.received', time: 'time' };
/** More faults than anybody mends at once. */
const MOST_FAULTS = 200;

type Json = Record<PropertyKey, unknown>;

/**
 * What of a `dialects.json` can be checked though its schema refuses some of it: without that, and each of the rest at its
 * own place. A person then sees all faults at once. Undefined: nothing can.
 */
export function acceptedPart(input: unknown): Dialects | undefined {
  try {
    const { error } = dialectsSchema.safeParse(input);
    if (!error || error.issues.length > MOST_FAULTS) return undefined;
    const copy = structuredClone(input);
    for (const issue of error.issues) leaveOut(copy, issue);
    return dialectsSchema.safeParse(copy).data;
  } catch (thrown) {
    // Too deep, or of too many faults.
    if (!(thrown instanceof RangeError)) throw thrown;
    return undefined;
  }
}

function leaveOut(copy: unknown, issue: z.core.$ZodIssue): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) remove(copy, [...issue.path, key]);
    return;
  }
  const [, , csv, emit] = issue.path;
  if (csv === 'csv' && emit === 'emit' && issue.path.length > 4) put(copy, issue.path.slice(0, 5), SOUND);
  // Of a mapping a part can't be missing, of words one can.
  else remove(copy, isWord(issue.path) ? issue.path : issue.path.slice(0, issue.path[0] === 'senders' ? 3 : 2));
}

/** `senders[0].crosswalks.priority.U`, `senders[0].csv.type.values.DNA`. */
const isWord = (path: Path): boolean => /\.crosswalks\.[^.]+\.|\.csv\.type\.values\./.test(`.${path.join('.')}`);

const above = (copy: unknown, path: Path): unknown =>
  path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (isJson(value) && Object.hasOwn(value, key) ? value[key] : undefined), copy);

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function put(copy: unknown, path: Path, value: unknown): void {
  const place = above(copy, path);
  if (isJson(place)) place[path.at(-1) ?? ''] = value;
}

function remove(copy: unknown, path: Path): void {
  const place = above(copy, path);
  if (isJson(place) && !Array.isArray(place)) delete place[path.at(-1) ?? ''];
}
