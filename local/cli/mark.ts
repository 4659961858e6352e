import { randomUUID } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { physicalName } from '../../infra/settings.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Alert } from '../../shared/contracts/state.ts';
import type { AlertKind } from '../../shared/contracts/vocabulary.ts';
import { policyOf } from '../../shared/domain/mail/policy-versions.ts';
import { readCloudEvent } from '../../shared/intake/cloudevents.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { clientConfig } from '../stand-ins/client-config.ts';
import { newDynamoClient } from '../stand-ins/own-tables.ts';
import { type Instance, instanceNow, readInstance, runningInstance } from './instance.ts';
import type { Print } from './print.ts';
import { stageAccess } from './stage-access.ts';

const SOURCE = 'urn:loopwatch:cli';

export interface MarkOptions {
  instance?: number;
  by: string;
  note?: string;
  until?: Instant;
  queueUrl?: string;
  stage?: string;
  json?: boolean;
}

/** What is said about which alert. */
export interface Mark {
  type: 'alert.acknowledged' | 'alert.snoozed';
  referralId: string;
  kind: AlertKind | 'all';
}

/** The command line is wrong. */
export class MarkUsageError extends Error {
  override readonly name = 'MarkUsageError';
}

/** Puts an acknowledgement or a snooze on the queue. */
export async function mark({ type, referralId, kind }: Mark, options: MarkOptions, print: Print): Promise<void> {
  const target = await targetOf(options);
  try {
    if (options.until !== undefined && options.until <= target.now) {
      throw new MarkUsageError(`--until has passed: it is ${formatInstant(target.now)}`);
    }
    const event = markEvent(type, referralId, kind, target.now, options);
    const checked = readCloudEvent(JSON.stringify(event), target.now);
    if ('refusal' in checked) throw new MarkUsageError(checked.refusal.detail);
    const cap = target.running ? await capOfOpen(target.running, referralId, kind, options.instance) : null;
    await target.sqs.send(new SendMessageCommand({ QueueUrl: target.queueUrl, MessageBody: JSON.stringify(event) }));
    if (options.json) print(JSON.stringify(event));
    else
      print(
        `${type} of ${referralId}, ${kind}, by ${options.by}: event ${event.id} is on the queue${capText(options.until, target.now, cap)}`,
      );
  } finally {
    target.sqs.destroy();
  }
}

/** That a snooze may end before `until`. @param cap days after which the policy ends it; null if it isn't known */
function capText(until: Instant | undefined, now: Instant, cap: number | null): string {
  if (until === undefined) return '';
  if (cap === null) return '; the policy may end it earlier: snoozeCapDays, 30 by default';
  const end = now + cap * DAY_MS;
  return until <= end ? '' : `; the policy caps it: hidden until ${formatInstant(end)}`;
}

function markEvent(
  type: string,
  subject: string,
  kind: Mark['kind'],
  now: Instant,
  { instance, by, note, until }: MarkOptions,
) {
  return {
    specversion: '1.0',
    // The only ids of ours that are not derived from anything: the same command typed twice makes two events.
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

interface Target {
  sqs: SQSClient;
  queueUrl: string;
  now: Instant;
  /** The instance on this machine that the queue belongs to; null if it belongs to a deployed stage. */
  running: Instance | null;
}

/** The queue to use, and what time it is there: a local instance has its own simulated time. */
async function targetOf(options: MarkOptions): Promise<Target> {
  if (options.queueUrl !== undefined) {
    return targetAt(options.queueUrl, new SQSClient(clientConfig(endpointOf(options.queueUrl))));
  }
  if (options.stage !== undefined) {
    const { clientConfig: config } = await stageAccess(options.stage, process.env.SQS_ENDPOINT);
    const sqs = new SQSClient(config);
    return targetAt(await stageQueue(sqs, options.stage), sqs);
  }
  const { queueUrl, endpoints } = runningInstance('or name a deployed one with --stage or --queue-url');
  return targetAt(queueUrl, new SQSClient(clientConfig(endpoints.sqs)));
}

function targetAt(queueUrl: string, sqs: SQSClient): Target {
  const instance = readInstance();
  const running = instance?.queueUrl === queueUrl ? instance : null;
  return { sqs, queueUrl, running, now: running ? instanceNow(running) : systemTime.now() };
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

/**
 * After how many days the policy ends a snooze of the referral.
 * @throws Error if no such alert is open; a misspelt referral would otherwise go by in silence
 */
async function capOfOpen(
  running: Instance,
  referralId: string,
  kind: Mark['kind'],
  instance?: number,
): Promise<number> {
  const { endpoints, tables } = running;
  const client = newDynamoClient(endpoints.dynamodb);
  try {
    const stores = dynamoStores(client, tables);
    const stored = await stores.referrals.load(referralId);
    if (!stored) throw new Error(`${referralId}: no such referral`);
    const open = unpackAlerts(stored)
      .map(({ alert }) => alert)
      .filter(({ resolvedAt }) => resolvedAt === null);
    const isMeant = (alert: Alert) => alert.kind === kind && (instance ?? alert.instance) === alert.instance;
    if (kind === 'all' ? open.length > 0 : open.some(isMeant)) {
      const { config } = await stores.configs.inForce();
      return policyOf(stored.state, config, instanceNow(running)).snoozeCapDays;
    }
    const others = open.map((alert) => (alert.instance === 1 ? alert.kind : `${alert.kind} (${alert.instance})`));
    throw new Error(
      `${referralId} has no open alert${kind === 'all' ? '' : ` of kind ${kind}`}; open: ${others.join(', ') || 'none'}`,
    );
  } finally {
    client.destroy();
  }
}
