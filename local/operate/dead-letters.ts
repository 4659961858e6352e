import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, type Message, SendMessageCommand } from '@aws-sdk/client-sqs';
import { SECOND_MS } from '../../shared/contracts/duration.ts';
import { formatInstant } from '../../shared/contracts/instant.ts';
import { formatElapsed, plural } from '../../shared/mail/format-time.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { bold, padEnd, padStart, thousands, wrap } from '../cli/columns.ts';
import type { Print } from '../cli/print.ts';
import { confirmed } from './confirm.ts';
import { Counting } from './counting.ts';
import { contentsOf, DEAD_LETTER_QUEUES, type DeadLetterQueue, oldestIn, received } from './dead-letter-queues.ts';
import { commandOn } from './lines.ts';
import { onTarget, type Target } from './target.ts';
import { UsageError } from './usage-error.ts';

/** `loopwatch dlq`: messages that failed in all their tries. */

export interface DlqOptions {
  stage?: string;
  json?: boolean;
}

export interface RedriveOptions extends DlqOptions {
  dryRun?: boolean;
  /** Messages a second. */
  rate: number;
}

export interface DiscardOptions extends DlqOptions {
  dryRun?: boolean;
  yes?: boolean;
}

interface Standing extends DeadLetterQueue {
  count: number;
  /** Machine's time, as SQS gives it. Null: there are none. */
  oldest: { sentAt: number; expiresAt: number; looked: number } | null;
}

/** `dlq list`: how much lies in each dead-letter queue, since when, and when it expires. Never a message. */
export async function listDeadLetters({ stage, json = false }: DlqOptions, print: Print): Promise<void> {
  await onTarget(stage, async (target) => {
    const standings: Standing[] = [];
    for (const queue of DEAD_LETTER_QUEUES) {
      const contents = await contentsOf(queue, target);
      const oldest = contents.count === 0 ? null : await oldestIn(target, contents);
      const { count, keptMs } = contents;
      standings.push({ ...queue, count, oldest: oldest && { ...oldest, expiresAt: oldest.sentAt + keptMs } });
    }
    if (json) print(JSON.stringify({ stage: stage ?? null, queues: standings.map(asData) }));
    else print(listText(target.name, standings, stage));
  });
}

const asData = ({ name, count, oldest }: Standing) => ({
  queue: name,
  count,
  oldestSentAt: oldest && formatInstant(oldest.sentAt),
  firstExpiresAt: oldest && formatInstant(oldest.expiresAt),
});

function listText(where: string, standings: readonly Standing[], stage: string | undefined): string {
  const total = standings.reduce((sum, { count }) => sum + count, 0);
  const next = standings.find(({ count, source }) => count > 0 && source !== null);
  return [
    `${bold(where)}: ${total === 0 ? 'no dead letters' : plural(total, 'dead letter')}`,
    ...standings.flatMap(standingLines),
    ...(next === undefined
      ? []
      : ['Fix the cause first (docs/runbooks.md), then:', commandOn(stage, `dlq redrive ${next.name}`)]),
  ].join('\n');
}

function standingLines({ name, count, oldest, meaning }: Standing): string[] {
  const head = `  ${padEnd(name, 16)} ${padStart(thousands(count), 6)}`;
  if (count === 0) return [head];
  const since = oldest === null ? 'somebody else is reading them' : ageText(oldest, count);
  return [`${head}  ${since}`, ...wrap(meaning.split(' '), 74).map((line) => `      ${line}`)];
}

function ageText({ sentAt, expiresAt, looked }: NonNullable<Standing['oldest']>, count: number): string {
  const now = systemTime.now();
  const of = looked < count ? ` of ${looked} looked at` : '';
  return `oldest${of} ${formatElapsed(sentAt, now)}, expires in ${formatElapsed(now, expiresAt)}`;
}

const HIDDEN_SECONDS = 60;

/**
 * `dlq redrive`: sends the messages of dead-letter queues back to the queues they failed in. Each is sent, then deleted:
 * if this ends in between, it is there twice, which every consumer takes. SQS's own task for this knows no queue for
 * messages that came from SNS, has no dry run, and runs on when nobody looks.
 */
export async function redrive(queueName: string | undefined, options: RedriveOptions, print: Print): Promise<void> {
  const { stage, dryRun = false, rate, json = false } = options;
  const queues = DEAD_LETTER_QUEUES.filter(({ name, source }) =>
    queueName === undefined ? source !== null : name === queueName,
  );
  if (queues.some(({ source }) => source === null)) {
    throw new UsageError(
      'scheduler: there is nothing to send back. Each message is a scheduled run that failed, and the next run, a quarter hour later, does what it would have done. See that runs succeed again, then `npx loopwatch dlq discard scheduler`',
    );
  }
  await onTarget(stage, async (target) => {
    const done: { queue: string; found: number; sent: number }[] = [];
    for (const queue of queues) {
      const { url, count } = await contentsOf(queue, target);
      const sent = dryRun ? 0 : await sendBack(queue, { url, count, rate }, target);
      done.push({ queue: queue.name, found: count, sent });
    }
    if (json) print(JSON.stringify({ dryRun, queues: done }));
    else print(done.map((each) => redriveText(each, dryRun)).join('\n'));
  });
}

function redriveText({ queue, found, sent }: { queue: string; found: number; sent: number }, dryRun: boolean): string {
  if (dryRun) return `${queue}: would send back ${plural(found, 'message')}`;
  if (found === 0 && sent === 0) return `${queue}: nothing to send back`;
  const left = found - sent;
  const rest =
    left > 0 ? `; ${left} were in use or came back: look again in a minute with \`npx loopwatch dlq list\`` : '';
  return `${queue}: sent back ${plural(sent, 'message')}${rest}`;
}

/** @returns how many went back: what was there at the start, at most, so that what fails again isn't sent for ever */
export async function sendBack(
  queue: DeadLetterQueue,
  { url, count, rate }: { url: string; count: number; rate: number },
  target: Target,
): Promise<number> {
  const to = await target.queueUrl(queue.source ?? '');
  return eachMessage(
    target,
    { url, count, rate, what: `${queue.name}: sent back` },
    async ({ Body, MessageAttributes }) => {
      await target.sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body, MessageAttributes }));
    },
  );
}

/** Does something with each message that was there at the start, and deletes it. @returns how many there were */
async function eachMessage(
  target: Target,
  { url, count, rate, what }: { url: string; count: number; rate: number; what: string },
  work: (message: Message) => Promise<void>,
): Promise<number> {
  const counting = new Counting(what, count);
  let done = 0;
  try {
    while (done < count) {
      const messages = await received(target, url, Math.min(count - done, rate), HIDDEN_SECONDS);
      if (messages.length === 0) break;
      await forEach(messages, messages.length, async (message) => {
        await work(message);
        await target.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
      });
      done += messages.length;
      counting.show(done);
      if (done < count) await sleep((messages.length / rate) * SECOND_MS);
    }
  } finally {
    counting.end();
  }
  return done;
}

/** `dlq discard scheduler`: empties the queue of failed runs. The other queues hold what would be lost. */
export async function discardDeadLetters(queueName: string, options: DiscardOptions, print: Print): Promise<void> {
  const { stage, dryRun = false, yes = false, json = false } = options;
  const queue = DEAD_LETTER_QUEUES.find(({ name }) => name === queueName);
  if (queue?.source !== null) {
    throw new UsageError(
      `${queueName}: what lies there would be lost; \`npx loopwatch dlq redrive ${queueName}\` sends it back`,
    );
  }
  await onTarget(stage, async (target) => {
    const { url, count } = await contentsOf(queue, target);
    const question = `Discard ${plural(count, 'failed run')} of ${target.name}`;
    const isWanted = !dryRun && count > 0 && (await confirmed(question, yes));
    const what = { url, count, rate: Number.POSITIVE_INFINITY, what: 'discarded' };
    const discarded = isWanted ? await eachMessage(target, what, async () => {}) : 0;
    if (json) print(JSON.stringify({ dryRun, found: count, discarded }));
    else if (dryRun) print(`${queueName}: would discard ${plural(count, 'message')}`);
    else print(`${queueName}: ${discarded === 0 ? 'nothing discarded' : `discarded ${plural(discarded, 'message')}`}`);
  });
}
