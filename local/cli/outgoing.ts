import { type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import type { QuarantineRow } from '../../shared/contracts/output.ts';
import { type InputLine, type ReadingOptions, readInput } from '../pipeline/input-files.ts';
import { keptBody } from '../pipeline/kept-body.ts';
import type { OutgoingMessage } from '../stand-ins/send-messages.ts';

/** A file's messages, as they leave the machine. */
export interface Outgoing {
  file: string;
  messages: readonly OutgoingMessage[];
  positions: readonly number[];
  /** Columns that are named like fields of events; as no event has them, they aren't sent. */
  leftOut?: readonly string[];
  /** What can't be read, so that ingest would refuse it: lines, or the file, which then has no messages. */
  unreadable?: readonly Unreadable[];
}

export interface Unreadable {
  position: number;
  why: string;
}

/**
 * The messages of files, without what people wrote in them and columns that nobody reads. What can't be read is left out
 * and said, and the others go.
 * @throws InputError if there is nothing to read at all, such as no file of that name
 */
export function outgoingFiles(paths: readonly string[], options: Omit<ReadingOptions, 'refuse'>): Outgoing[] {
  const refused: QuarantineRow[] = [];
  const lines = readInput(paths, { ...options, refuse: (row) => refused.push(row) });
  const [linesOf, refusedOf] = [Map.groupBy(lines, ({ file }) => file), Map.groupBy(refused, ({ file }) => file ?? '')];
  return [...new Set([...linesOf.keys(), ...refusedOf.keys()])].map((file) => {
    const unreadable = (refusedOf.get(file) ?? []).map(({ position, detail }) => ({
      position: position ?? 1,
      why: detail,
    }));
    return outgoingOf(file, linesOf.get(file) ?? [], unreadable, options.config.dialects ?? NO_DIALECTS);
  });
}

function outgoingOf(
  file: string,
  lines: readonly InputLine[],
  unreadable: readonly Unreadable[],
  dialects: Dialects,
): Outgoing {
  const leftOut = new Set<string>();
  const messages: OutgoingMessage[] = [];
  for (const { body, position, attributes = {} } of lines) {
    const kept = keptBody(body, attributes, dialects);
    if (kept.fault !== undefined)
      return { file, messages: [], positions: [], unreadable: [{ position, why: kept.fault }] };
    for (const column of kept.unknown ?? []) leftOut.add(column);
    messages.push({ body: kept.body, attributes: { ...attributes, file, position: String(position) } });
  }
  return { file, messages, positions: lines.map(({ position }) => position), leftOut: [...leftOut], unreadable };
}
