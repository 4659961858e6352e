import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { replayArrival } from '../../shared/intake/cloudevents.ts';
import { dialectOf } from '../../shared/intake/dialect-of.ts';
import { splitCsv } from '../../shared/intake/dialects/csv/split-csv.ts';
import { splitFhir } from '../../shared/intake/dialects/fhir/split.ts';
import { decodeHl7 } from '../../shared/intake/dialects/hl7v2/character-set.ts';
import { splitHl7 } from '../../shared/intake/dialects/hl7v2/split.ts';
import type { Translated } from '../../shared/intake/dialects/member.ts';
import { senderNamed } from '../../shared/intake/dialects/sender.ts';
import { translateBody } from '../../shared/intake/dialects/translate.ts';
import { isEnvelope, unwrap } from '../../shared/intake/envelope.ts';
import { InputError } from './input-error.ts';
import { CSV_FILES, filesOf, type LeaveOut } from './input-paths.ts';
import { csvText, jsonLines, jsonText, type Refuse, refuseAll } from './input-text.ts';
import { keptBody } from './kept-body.ts';
import { isOfLines } from './place.ts';
import { senderOfFile } from './sender-of-file.ts';

/** A message of an input file. */
export interface InputLine {
  body: string;
  file: string;
  /** Line, message or entry number, from 1. */
  position: number;
  /** Attributes of its message, beside its place. */
  attributes?: Readonly<Record<string, string>>;
  /** When it arrives. Absent: its body says it as a CloudEvent does. */
  arrivesAt?: Instant | null;
  /** Fields that its members lack and that a default stands for, such as `referral.received.priority`, each as often. */
  missing?: readonly string[];
  /** Which of its members mean nothing here, and why. */
  passedOver?: readonly { kind: string; why: string }[];
}

export interface ReadingOptions {
  /** Of a configuration what translation needs. */
  config: { dialects?: Dialects | undefined; directory: { organization: { timeZone: string } } };
  /** Of files whose name or content doesn't say. */
  dialect?: Dialect;
  /** Whose files they are, by the name of an entry of `dialects.json`. Absent: as the names of files begin. */
  sender?: string;
  /** Of exports that say so neither in a column nor in their name. */
  exportedAt?: Instant;
  /** Gets each file and line in a wrong encoding, and the others go on. Without it the first one ends the reading. */
  refuse?: Refuse;
  /** Gets what of folders isn't read, and `empty` for each file that holds nothing. */
  leaveOut?: LeaveOut;
}

/** What a command says of how its files are read. */
type SaidOfFiles = Pick<ReadingOptions, 'dialect' | 'sender' | 'exportedAt'>;

/** What of a command's options says how its files are read: the same for every command. */
export const readingOf = ({ dialect, sender, exportedAt }: SaidOfFiles): SaidOfFiles => ({
  ...(dialect !== undefined && { dialect }),
  ...(sender !== undefined && { sender }),
  ...(exportedAt !== undefined && { exportedAt }),
});

/** What HL7 v2 begins with; the byte before a message that MLLP puts there counts as white space, as a mark does. */
const HL7 = /^\s*(?:MSH|FHS|BHS)\|/;
const HEAD_BYTES = 64;
/** Of a message: SQS takes 1 MiB with its attributes. */
const MOST_BYTES = 900_000;
const MOST_ROWS = 500;

/**
 * The messages of files, and of the files in folders, in order; empty lines are left out. An HL7 v2 file is cut into its
 * messages, CSV into bodies with the row of names, lists and lines of FHIR into resources; a Bundle stays whole.
 * @throws InputError if a file can't be read at all, nobody has the name of `sender`, or a file is in a wrong encoding and
 * nobody takes what is refused
 */
export function readInput(paths: readonly string[], options: ReadingOptions): InputLine[] {
  checkSender(options);
  const { leaveOut = () => {}, refuse, dialect } = options;
  return paths
    .flatMap((path) => filesOf(path, dialect !== undefined, leaveOut))
    .flatMap((file) => {
      let isRefused = false;
      const noting: Refuse = (row) => {
        isRefused = true;
        (refuse ?? refuseAll)(row);
      };
      const messages = messagesOf(file, { ...options, refuse: noting });
      if (messages.length === 0 && !isRefused) leaveOut('empty');
      return messages;
    });
}

function checkSender({ sender, config }: ReadingOptions): void {
  const names = (config.dialects ?? NO_DIALECTS).senders.map(({ name }) => name);
  if (sender === undefined || names.includes(sender)) return;
  const known = names.length > 0 ? `expected one of ${names.join(', ')}` : 'it has none';
  throw new InputError(`no sender ${sender} in dialects.json: ${known}`);
}

/** The dialect that a file is in, whatever stands in it. Null: its content says. */
function dialectOfFile(file: string, { dialect }: ReadingOptions): Dialect | null {
  if (dialect !== undefined) return dialect;
  const extension = extname(file).toLowerCase();
  if (extension === '.hl7' || (extension === '.txt' && beginsAsHl7(file))) return 'hl7v2';
  return CSV_FILES.includes(extension) ? 'csv' : null;
}

/** A text file may be anything; messages of HL7 v2 show what they are. */
function beginsAsHl7(file: string): boolean {
  return HL7.test(readFileSync(file).subarray(0, HEAD_BYTES).toString('utf8'));
}

function messagesOf(file: string, options: ReadingOptions): InputLine[] {
  switch (dialectOfFile(file, options)) {
    case 'csv':
      return csvMessages(file, options);
    case 'hl7v2': {
      const text = decodeHl7(readFileSync(file));
      if (text.trimStart().startsWith('{')) {
        return lines(file, options).map((line) => translatedLine(line, 'hl7v2', options));
      }
      return splitHl7(text).map(({ text: body, number }) =>
        translatedLine({ body, file, position: number }, 'hl7v2', options),
      );
    }
    case 'fhir': {
      const text = jsonText(file, 'fhir', options.refuse ?? refuseAll);
      return text === null ? [] : fhirMessages(text, file, options);
    }
    case 'cloudevents':
      return lines(file, options);
    case null: {
      const all = lines(file, options).map((line) => {
        const { body, attributes } = unwrap(line.body, {});
        return { line, dialect: dialectOf(body, attributes.dialect) };
      });
      const ofFile = all.find(({ dialect }) => dialect !== null)?.dialect ?? null;
      return all.flatMap(({ line, dialect }) => guessedMessages(line, dialect ?? ofFile, options));
    }
  }
}

function lines(file: string, { refuse = refuseAll }: ReadingOptions): InputLine[] {
  if (isOfLines(file)) {
    return jsonLines(file, 'cloudevents', refuse).map(({ text, number }) => ({ body: text, file, position: number }));
  }
  const text = jsonText(file, 'cloudevents', refuse);
  return text === null || text.trim() === '' ? [] : [{ body: text, file, position: 1 }];
}

/**
 * A line, or a whole file of JSON: without anything of CloudEvents it is FHIR.
 * @param found its dialect; of a line that doesn't show any, the first that another line of its file shows
 */
function guessedMessages(line: InputLine, found: Dialect | null, options: ReadingOptions): InputLine[] {
  const isFile = extname(line.file).toLowerCase() === '.json';
  const isInside = isEnvelope(line.body);
  switch (found ?? (isFile ? 'fhir' : null)) {
    case 'fhir': {
      if (isInside) return [translatedLine(line, 'fhir', options)];
      const messages = fhirMessages(line.body, line.file, options);
      return messages.length === 1 ? messages.map((each) => ({ ...each, position: line.position })) : messages;
    }
    case 'hl7v2':
      return [translatedLine(line, 'hl7v2', options)];
    case 'csv':
      return isInside ? [translatedLine(line, 'csv', options)] : [line];
    case 'cloudevents':
      return [isInside ? { ...line, body: unwrap(line.body, {}).body } : line];
    case null:
      return [line];
  }
}

const fhirMessages = (text: string, file: string, options: ReadingOptions): InputLine[] =>
  splitFhir(text).map((each) => translatedLine({ body: each.text, file, position: each.position }, 'fhir', options));

function csvMessages(file: string, options: ReadingOptions): InputLine[] {
  const dialects = options.config.dialects ?? NO_DIALECTS;
  const mapping = senderNamed(dialects, senderOf(file, options) ?? '')?.csv;
  const text = csvText(file, mapping?.encoding ?? 'utf-8', options.refuse ?? refuseAll);
  if (text === null) return [];
  const splitting = { delimiter: mapping?.delimiter ?? ',', maxBytes: MOST_BYTES, maxRows: MOST_ROWS };
  return splitCsv(text, splitting).map(({ body, position }) =>
    translatedLine({ body, file, position }, 'csv', options),
  );
}

/** The sender that was said, else as the file's name begins. Null: none. */
const senderOf = (file: string, { sender: said, config }: ReadingOptions): string | null =>
  said ?? senderOfFile(file, config.dialects);

/**
 * A message in a dialect without its envelope, with the attributes that say so and the instant at which its sender wrote it
 * down. What the envelope says of its sender counts where the command and the name of the file say nothing.
 */
function translatedLine(sent: InputLine, dialect: Exclude<Dialect, 'cloudevents'>, options: ReadingOptions): InputLine {
  const { config } = options;
  const dialects = config.dialects ?? NO_DIALECTS;
  const inside = isEnvelope(sent.body) ? unwrap(sent.body, { dialect }) : { body: sent.body, attributes: {} };
  const said: Readonly<Record<string, string>> = inside.attributes;
  const sender = senderOf(sent.file, options) ?? said.sender ?? null;
  const exportedAt = options.exportedAt ?? (said.exportedAt === undefined ? null : parseInstant(said.exportedAt));
  const attributes = {
    dialect,
    ...(sender !== null && { sender }),
    ...(exportedAt !== null && { exportedAt: formatInstant(exportedAt) }),
  };
  const line = { ...sent, body: fitting(inside.body, attributes, dialects) };
  const read = translateBody(line.body, dialect, {
    dialects,
    timeZone: config.directory.organization.timeZone,
    origin: {
      ...{ dialect, sender, file: line.file, position: line.position },
      exportedAt,
      arrivedAt: Number.MAX_SAFE_INTEGER,
    },
  });
  const members = 'members' in read ? read.members : [];
  const written = members.flatMap(writtenAt);
  const missing = members.flatMap((member) => (member.outcome === 'translated' ? member.missing : []));
  const passedOver = members.flatMap(passedOverOf);
  return {
    ...{ ...line, attributes, arrivesAt: written.length > 0 ? Math.max(...written) : null },
    ...(missing.length > 0 && { missing }),
    ...(passedOver.length > 0 && { passedOver }),
  };
}

/** Also what has no key, which it needs none of: intake passes that over once it finds no referral. */
function passedOverOf(member: Translated): { kind: string; why: string }[] {
  if (member.outcome === 'passed_over') return [{ kind: member.kind, why: member.why }];
  if (member.outcome !== 'translated' || member.needsReferral) return [];
  const { referralId, others } = member.keys;
  return referralId === null && others.length === 0 ? [{ kind: member.kind, why: 'no key' }] : [];
}

/** A body that no message holds, by the documents in it, loses what `send` cuts: what is left is translated to the same. */
function fitting(body: string, attributes: Readonly<Record<string, string>>, dialects: Dialects): string {
  if (Buffer.byteLength(body) <= MOST_BYTES) return body;
  const kept = keptBody(body, attributes, dialects);
  return kept.fault === undefined && kept.body !== '' ? kept.body : body;
}

/**
 * When the sender wrote a member down; for want of that, when the last of what it says happened. An export that says only
 * its date was made at some time of that day: after what it says of it.
 */
function writtenAt(member: Translated): Instant[] {
  switch (member.outcome) {
    case 'translated': {
      const { recordedAt } = member;
      const times = member.facts.map(({ time }) => time);
      if (recordedAt === null) return times;
      return [recordedAt, ...times.filter((time) => time < recordedAt + DAY_MS)];
    }
    case 'heartbeat':
      return [member.time];
    case 'event':
      return [replayArrival(member.body) ?? []].flat();
    case 'passed_over':
    case 'refused':
      return [];
  }
}
