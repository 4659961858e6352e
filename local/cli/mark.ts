import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Command, Option } from 'commander';
import { physicalName } from '../../infra/settings.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { AlertKind } from '../../shared/contracts/vocabulary.ts';
import { readCloudEvent } from '../../shared/intake/cloudevents.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { clientConfig } from '../stand-ins/client-config.ts';
import { alertKind, count, instant, url } from './arguments.ts';
import type { Print } from './config.ts';
import { type Instance, instanceNow, readInstance, runningInstance } from './instance.ts';

const SOURCE = 'urn:loopwatch:cli';

interface MarkOptions {
  instance?: number;
  by: string;
  note?: string;
  until?: Instant;
  queueUrl?: string;
  stage?: string;
  json?: boolean;
}

export function addAck(program: Command, print: Print): void {
  const ack = program
    .command('ack')
    .description('say that an alert is known and worked on: digests go on listing it, marked');
  addMark(ack, 'alert.acknowledged', print);
}

export function addSnooze(program: Command, print: Print): void {
  const snooze = program
    .command('snooze')
    .description('hide an alert from digests until an instant; for a day after that it is listed as snooze-expired')
    .requiredOption('--until <instant>', 'hidden until then', instant);
  addMark(snooze, 'alert.snoozed', print);
}

function addMark(command: Command, type: 'alert.acknowledged' | 'alert.snoozed', print: Print): void {
  command
    .argument('<referralId>', 'as in the digest')
    .argument('<kind>', 'kind of the alert, such as note or referrer_update', alertKind)
    .requiredOption('--by <who>', 'who says so')
    .option('--instance <n>', 'which of several of the kind; the open one without it', count)
    .option('--note <text>', 'kept in the event log, never mailed')
    .addOption(new Option('--stage <name>', 'a deployed stage: its queue is found by its name').conflicts('queueUrl'))
    .option('--queue-url <url>', 'the queue itself; without this and --stage the demo that is running', url)
    .option('--json', 'print the event as JSON')
    .action(async (referralId: string, kind: AlertKind, options: MarkOptions) => {
      const place = await placeOf(options, referralId, kind);
      try {
        if (options.until !== undefined && options.until <= place.now) {
          command.error(`error: --until has passed: it is ${formatInstant(place.now)}`, { exitCode: 2 });
        }
        const event = markEvent(type, referralId, kind, place.now, options);
        const checked = readCloudEvent(JSON.stringify(event), place.now);
        if ('refusal' in checked) command.error(`error: ${checked.refusal.detail}`, { exitCode: 2 });
        await place.sqs.send(new SendMessageCommand({ QueueUrl: place.queueUrl, MessageBody: JSON.stringify(event) }));
        if (options.json) print(JSON.stringify(event));
        else print(`${type} of ${referralId}, ${kind}, by ${options.by}: event ${event.id} is on the queue`);
      } finally {
        place.sqs.destroy();
      }
    });
}

function markEvent(
  type: string,
  subject: string,
  kind: AlertKind,
  now: Instant,
  { instance, by, note, until }: MarkOptions,
) {
  return {
    specversion: '1.0',
    // Said twice it is two events: the only ids of ours that are not derived from anything.
    id: randomUUID(),
    source: SOURCE,
    type,
    subject,
    time: formatInstant(now),
    data: {
      kind,
      ...(instance === undefined ? {} : { instance }),
      ...(until === undefined ? {} : { until: formatInstant(until) }),
      by,
      ...(note === undefined ? {} : { note }),
    },
  };
}

interface Place {
  sqs: SQSClient;
  queueUrl: string;
  now: Instant;
}

/** The queue to use, and what time it is there: a local instance has a time of its own. */
async function placeOf(options: MarkOptions, referralId: string, kind: AlertKind): Promise<Place> {
  const { queueUrl } = options;
  if (queueUrl !== undefined) {
    return { sqs: new SQSClient(clientConfig(endpointOf(queueUrl))), queueUrl, now: nowAt(queueUrl) };
  }
  if (options.stage !== undefined) {
    const endpoint = process.env.SQS_ENDPOINT;
    const sqs = new SQSClient(endpoint ? clientConfig(endpoint) : {});
    const found = await stageQueue(sqs, options.stage);
    return { sqs, queueUrl: found, now: nowAt(found) };
  }
  const running = runningInstance('or name a deployed one with --stage or --queue-url');
  await assertOpen(running, referralId, kind, options.instance);
  return {
    sqs: new SQSClient(clientConfig(running.endpoints.sqs)),
    queueUrl: running.queueUrl,
    now: instanceNow(running),
  };
}

function nowAt(queueUrl: string): Instant {
  const running = readInstance();
  return running?.queueUrl === queueUrl ? instanceNow(running) : systemClock.now();
}

/** A stand-in's queues have names under localhost, which not every machine resolves. */
function endpointOf(queueUrl: string): string {
  const { origin, hostname, port } = new URL(queueUrl);
  return hostname.endsWith('.localhost') ? `http://localhost:${port}` : origin;
}

async function stageQueue(sqs: SQSClient, stage: string): Promise<string> {
  const name = physicalName(stage, 'referral-events');
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    if (QueueUrl) return QueueUrl;
  } catch (error) {
    sqs.destroy();
    throw new Error(`no queue ${name} to be found in this account and region: ${(error as Error).message}`);
  }
  throw new Error(`no queue ${name} to be found in this account and region`);
}

/** A mark is for an alert that is open; a misspelt referral would otherwise go by in silence. */
async function assertOpen(
  { endpoints, tables }: Instance,
  referralId: string,
  kind: AlertKind,
  instance?: number,
): Promise<void> {
  const client = new DynamoDBClient(clientConfig(endpoints.dynamodb));
  try {
    const store = new DynamoReferralStore(client, { table: tables.referrals, shards: 1 });
    const { stored, alerts } = await store.watch(referralId);
    if (!stored) throw new Error(`${referralId}: no such referral`);
    const open = alerts.map(({ alert }) => alert).filter(({ resolvedAt }) => resolvedAt === null);
    if (open.some((alert) => alert.kind === kind && (instance ?? alert.instance) === alert.instance)) return;
    const others = open.map((alert) => (alert.instance === 1 ? alert.kind : `${alert.kind} (${alert.instance})`));
    throw new Error(`${referralId} has no open alert of kind ${kind}; open: ${others.join(', ') || 'none'}`);
  } finally {
    client.destroy();
  }
}
