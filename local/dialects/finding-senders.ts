import { type DialectSender, type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { readMessage } from '../../shared/intake/dialects/hl7v2/message.ts';
import { readFields } from '../../shared/intake/dialects/hl7v2/read-fields.ts';
import { translateBody } from '../../shared/intake/dialects/translate.ts';
import type { InputLine, ReadingOptions } from '../pipeline/input-files.ts';
import { senderOfFile } from '../pipeline/sender-of-file.ts';

/** By what the entry of a message's sender was found. */
export type FoundBy = '--sender' | "the file's name" | 'its envelope' | 'match';

export interface Finding {
  /** Null: no entry has it. */
  by: FoundBy | null;
  /** What of its entry's `match` the message doesn't meet, such as `MSH-4.1 is "SEAVIEW"`. */
  unmet: string | null;
}

const NOT_FOUND: Finding = { by: null, unmet: null };

/**
 * How the sender of a line was found, and whether a queue message without an attribute `sender` would find it.
 * @param said the sender of the command @returns takes the sender of one of its members
 */
export function findingOf(
  line: InputLine,
  config: ReadingOptions['config'],
  said: string | undefined,
): (sender: string | null) => Finding {
  const { senders } = config.dialects ?? NO_DIALECTS;
  const named = line.attributes?.sender;
  const entry = senders.find(({ name }) => name === named);
  if (!entry)
    return (sender) => (senders.some(({ name }) => name === sender) ? { by: 'match', unmet: null } : NOT_FOUND);
  const ofFile = senderOfFile(line.file, config.dialects);
  const byFile: FoundBy = entry.name === ofFile ? "the file's name" : 'its envelope';
  const finding: Finding = { by: said === undefined ? byFile : '--sender', unmet: unmetOf(line, entry, config) };
  return () => finding;
}

/** Null: it is met, or there is none. */
function unmetOf(line: InputLine, { name, match }: DialectSender, config: ReadingOptions['config']): string | null {
  const dialect = line.attributes?.dialect;
  if (dialect !== 'hl7v2' && dialect !== 'fhir') return null;
  // An entry may be for both.
  const paths = Object.entries(match ?? {}).filter(([path]) => (path === 'endpoint') === (dialect === 'fhir'));
  if (paths.length === 0) return null;
  const dialects: Dialects = { defaults: {}, senders: [{ name, match }] };
  const read = translateBody(line.body, dialect, {
    dialects,
    timeZone: config.directory.organization.timeZone,
    origin: {
      ...{ dialect, sender: null, file: line.file, position: line.position },
      ...{ exportedAt: null, arrivedAt: Number.MAX_SAFE_INTEGER },
    },
  });
  const members = 'members' in read ? read.members : [];
  if (members.every((member) => member.outcome === 'event' || member.sender === name)) return null;
  if (dialect === 'fhir') return 'no MessageHeader has its endpoint';
  const message = readMessage(line.body, readFields(dialects));
  if (!message) return null;
  const found = paths.flatMap(([path, wanted]) => {
    const value = message.read(path);
    return [wanted].flat().includes(value) ? [] : [`${path} is ${value === '' ? 'empty' : JSON.stringify(value)}`];
  });
  return found.join(', ');
}
