import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { withoutNarrative as resourceWithoutNarrative } from '../../shared/intake/dialects/fhir/narrative.ts';
import { withoutNarrative } from '../../shared/intake/dialects/hl7v2/split.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { chunksOf } from '../../shared/platform/concurrency.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { onTarget, type Target } from '../operate/target.ts';
import { type InputLine, readInput } from '../pipeline/input-files.ts';
import { sendMessages } from '../stand-ins/send-messages.ts';
import type { Print } from './print.ts';
import { Progress } from './progress.ts';

export interface SendOptions {
  /** Absent: the demo that is running. */
  stage?: string;
  dialect?: Dialect;
  exportedAt?: Instant;
  /** Sends what was sent before, too. */
  again?: boolean;
  json?: boolean;
}

/** What became of a file. */
interface SentFile {
  file: string;
  messages: number;
  /** Sent by this command, and by an earlier one. */
  sent: number;
  before: number;
  /** Messages that SQS never takes, by their place in the file. */
  rejected: { position: number; why: string }[];
}

const AT_ONCE = 100;

/**
 * `loopwatch send FILE...`: puts the messages of files on a stage's queue, without what people wrote in them. Which were
 * sent stands beside each file, so that a command that was stopped goes on there. Sending one twice changes nothing.
 * @returns the exit code: 1 if SQS refused any
 */
export async function sendFiles(paths: string[], options: SendOptions, print: Print): Promise<number> {
  const files = await onTarget(options.stage, async (target) => {
    const { config } = await dynamoStores(target.tables.client, target.tables.names).configs.inForce();
    const { dialect, exportedAt } = options;
    const reading = { config, ...(dialect && { dialect }), ...(exportedAt !== undefined && { exportedAt }) };
    const byFile = Map.groupBy(readInput(paths, reading), ({ file }) => file);
    const queueUrl = await target.queueUrl('referral-events');
    const sent: SentFile[] = [];
    for (const [file, lines] of byFile) sent.push(await sendFile(file, lines, queueUrl, target, options));
    return sent;
  });
  if (options.json) print(JSON.stringify({ files }));
  else for (const file of files) for (const line of fileLines(file)) print(line);
  return files.some(({ rejected }) => rejected.length > 0) ? 1 : 0;
}

async function sendFile(
  file: string,
  lines: readonly InputLine[],
  queueUrl: string,
  { sqs }: Pick<Target, 'sqs'>,
  { stage = 'local', again = false }: SendOptions,
): Promise<SentFile> {
  const outgoing = lines.map(toMessage);
  const note = new SentNote(`${file}.${stage}.sent`, outgoing);
  const before = again ? 0 : note.read();
  const result: SentFile = { file, messages: lines.length, sent: 0, before, rejected: [] };
  const progress = new Progress(lines.length);
  let done = before;
  for (const chunk of chunksOf(outgoing.slice(before), AT_ONCE)) {
    const { sent, rejected } = await sendMessages(sqs, queueUrl, chunk);
    for (const { index, message } of rejected) {
      result.rejected.push({ position: lines[done + index]?.position ?? 0, why: message });
    }
    result.sent += sent;
    done += chunk.length;
    note.write(done);
    progress.show(done, file);
  }
  progress.end();
  return result;
}

const toMessage = ({ body, file, position, attributes = {} }: InputLine) => ({
  body: kept(body, attributes.dialect),
  attributes: { ...attributes, file, position: String(position) },
});

/** What people wrote never leaves the machine; of a resource that can't be read nobody knows what that is. */
function kept(body: string, dialect: string | undefined): string {
  switch (dialect) {
    case 'hl7v2':
      return withoutNarrative(body);
    case 'fhir':
      try {
        return JSON.stringify(resourceWithoutNarrative(JSON.parse(body)));
      } catch {
        return 'not JSON, and not sent';
      }
    default:
      return body;
  }
}

/** How many messages of a file were sent, in a file beside it. It counts only for the same messages in the same order. */
class SentNote {
  readonly #path: string;
  readonly #hash: string;

  constructor(path: string, messages: readonly object[]) {
    this.#path = path;
    this.#hash = createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 32);
  }

  read(): number {
    if (!existsSync(this.#path)) return 0;
    try {
      const { hash, sent } = JSON.parse(readFileSync(this.#path, 'utf8'));
      return hash === this.#hash && Number.isSafeInteger(sent) ? sent : 0;
    } catch {
      return 0;
    }
  }

  write(sent: number): void {
    writeFileSync(this.#path, `${JSON.stringify({ hash: this.#hash, sent })}\n`);
  }
}

function fileLines({ file, messages, sent, before, rejected }: SentFile): string[] {
  const earlier = before > 0 ? `, ${before} sent before (--again sends them too)` : '';
  return [
    `${file}: ${sent} of ${plural(messages, 'message')} sent${earlier}`,
    ...rejected.map(({ position, why }) => `  ${position}: not taken by SQS, ${why}`),
  ];
}
