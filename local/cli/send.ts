import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { chunksOf } from '../../shared/platform/concurrency.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { onTarget } from '../operate/target.ts';
import { readingOf } from '../pipeline/input-files.ts';
import { type Unit, unitOf } from '../pipeline/place.ts';
import { type OutgoingMessage, sendMessages } from '../stand-ins/send-messages.ts';
import { fitted } from './error-text.ts';
import { countingIn, type NotRead, notReadText } from './not-read.ts';
import { type Outgoing, outgoingFiles, type Unreadable } from './outgoing.ts';
import type { Print } from './print.ts';
import { Progress } from './progress.ts';
import { SentNote } from './sent-note.ts';

export interface SendOptions {
  /** Absent: the demo that is running. */
  stage?: string;
  dialect?: Dialect;
  sender?: string;
  exportedAt?: Instant;
  /** Sends what was sent before, too. */
  again?: boolean;
  json?: boolean;
}

/** What became of a file. */
export interface SentFile {
  file: string;
  messages: number;
  /** Sent by this command, and by an earlier one. */
  sent: number;
  before: number;
  /** Messages that SQS never takes, by their place in the file. */
  rejected: { position: number; unit: Unit; why: string }[];
  /** Messages that weren't sent yet, as the command was stopped. */
  unsent: number;
  /** Columns that are named like fields of events; as no event has them, they weren't sent. */
  leftOut: string[];
  /** What can't be read: lines, or all of it. */
  unreadable: Unreadable[];
}

type Sending = Pick<SendOptions, 'stage' | 'again'>;

const AT_ONCE = 100;

/**
 * `loopwatch send FILE...`: puts the messages of files on a stage's queue, without what people wrote in them and columns
 * that nobody reads. Which were sent stands beside each file, so that a command that was stopped goes on there. Sending
 * one twice changes nothing.
 * @returns the exit code: 1 if anything can't be read, or SQS refused any
 * @throws InputError if there is nothing to read at all; whatever a call throws, once it is said what was sent until then
 */
export async function sendFiles(paths: string[], options: SendOptions, print: Print): Promise<number> {
  const { stage, json = false } = options;
  return onTarget(stage, async ({ tables, sqs, queueUrl }) => {
    const { config } = await dynamoStores(tables.client, tables.names).configs.inForce();
    const notRead: NotRead = {};
    const all = outgoingFiles(paths, { config, ...readingOf(options), leaveOut: countingIn(notRead) });
    const { files, stoppedBy } = await sendAll(all, await queueUrl('referral-events'), sqs, options);
    if (json) print(JSON.stringify({ files, notRead }));
    else
      for (const line of [...files.flatMap(fileLines), ...notReadLines(notRead)])
        print(fitted(line, process.stdout.isTTY ? process.stdout.columns : null));
    if (stoppedBy) throw stoppedBy.error;
    return files.some(({ rejected, unreadable }) => rejected.length + unreadable.length > 0) ? 1 : 0;
  });
}

/** Sends files one after the other, until a call fails. */
export async function sendAll(
  all: readonly Outgoing[],
  queueUrl: string,
  sqs: SQSClient,
  options: Sending,
): Promise<{ files: SentFile[]; stoppedBy: { error: unknown } | null }> {
  const files: SentFile[] = [];
  let stoppedBy: { error: unknown } | null = null;
  for (const outgoing of all) {
    const result = resultOf(outgoing);
    files.push(result);
    try {
      await sendFile(outgoing, result, queueUrl, sqs, stoppedBy !== null, options);
    } catch (error) {
      stoppedBy = { error };
    }
  }
  return { files, stoppedBy };
}

const resultOf = ({ file, messages, leftOut = [], unreadable = [] }: Outgoing): SentFile => ({
  ...{ file, messages: messages.length, sent: 0, before: 0 },
  ...{ rejected: [], unsent: messages.length, leftOut: [...leftOut], unreadable: [...unreadable] },
});

/** @param isStopped whether nothing more is sent: then it is only said what an earlier command sent */
async function sendFile(
  { file, messages, positions }: Outgoing,
  result: SentFile,
  queueUrl: string,
  sqs: SQSClient,
  isStopped: boolean,
  { stage = 'local', again = false }: Sending,
): Promise<void> {
  const note = new SentNote(`${file}.${stage}.sent`, queueUrl, messages);
  const earlier = again ? { done: 0, refused: [] } : note.read();
  const refused = new Set(earlier.refused);
  result.before = earlier.done - refused.size;
  result.unsent = messages.length - result.before;
  if (isStopped) return;
  // What was refused before is tried again: nobody else would say so a second time.
  const left = [...earlier.refused, ...[...messages.keys()].slice(earlier.done)];
  const progress = new Progress(messages.length);
  let done = earlier.done;
  for (const chunk of chunksOf(left, AT_ONCE)) {
    const { sent, rejected } = await sendMessages(
      sqs,
      queueUrl,
      chunk.map((place) => messages[place] as OutgoingMessage),
    );
    for (const place of chunk) refused.delete(place);
    for (const { index, message } of rejected) {
      const place = chunk[index] as number;
      refused.add(place);
      const unit = unitOf(file, messages[place]?.attributes?.dialect);
      result.rejected.push({ position: positions[place] as number, unit, why: message });
    }
    result.sent += sent;
    result.unsent -= chunk.length;
    done = Math.max(done, (chunk.at(-1) as number) + 1);
    note.write({ done, refused: [...refused] });
    progress.show(done, file);
  }
  progress.end();
}

function notReadLines(notRead: NotRead): string[] {
  const text = notReadText(notRead);
  return text === null ? [] : [`not read: ${text}`];
}

function fileLines({ file, messages, sent, before, rejected, unsent, leftOut, unreadable }: SentFile): string[] {
  if (messages === 0) return unreadable.map(({ why }) => `${file}: passed over, nothing of it was sent: ${why}`);
  const earlier = before > 0 ? `, ${before} sent before (--again sends them too)` : '';
  return [
    `${file}: ${sent} of ${plural(messages, 'message')} sent${earlier}`,
    ...(leftOut.length > 0 ? [`  not sent, as no event has such a field: ${leftOut.join(', ')}`] : []),
    ...unreadable.map(({ position, why }) => `  line ${position} was not sent: ${why}`),
    ...(rejected.length > 0 ? [`  ${rejected.length} not taken by SQS, and left unsent:`] : []),
    ...rejected.map(({ position, unit, why }) => `  ${unit} ${position}: ${why}`),
    ...(unsent > 0 ? [`  ${unsent} left unsent: the same command goes on there`] : []),
  ];
}
