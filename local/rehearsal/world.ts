import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { physicalName } from '../../infra/settings.ts';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Alert } from '../../shared/contracts/state.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { dynamoStores, type Stores } from '../../shared/store/dynamo-stores.ts';
import { EVENTS, REFERRAL } from '../../shared/store/keys.ts';
import { readEvent, readReferral } from '../../shared/store/referral-items.ts';
import { scan } from '../stand-ins/scan.ts';
import { CREDENTIALS, type Endpoint } from './endpoint.ts';

/** Reads the tables and queues of a deployed stage. */
export class World {
  readonly sqs: SQSClient;
  readonly stores: Stores;
  readonly stage: string;
  readonly #dynamodb: DynamoDBClient;

  constructor({ url, region, certificate }: Endpoint, stage: string) {
    const requestHandler = { httpsAgent: { ca: readFileSync(certificate) } };
    const client = { endpoint: url, region, credentials: CREDENTIALS, requestHandler };
    this.sqs = new SQSClient(client);
    this.#dynamodb = new DynamoDBClient(client);
    const [referrals, operations] = [physicalName(stage, 'referrals'), physicalName(stage, 'operations')];
    this.stores = dynamoStores(this.#dynamodb, { referrals, operations });
    this.stage = stage;
  }

  /** Every event in the logs of referrals and practices. */
  async logged(): Promise<LoopEvent[]> {
    const [referrals, operations] = await Promise.all([this.#scan('referrals'), this.#scan('operations')]);
    const events = [...referrals, ...operations].filter(({ sk }) => String(sk).startsWith(EVENTS));
    return events.map((item) => readEvent(item).event);
  }

  /** How many referrals have a projection. */
  async referrals(): Promise<number> {
    return (await this.#scan('referrals')).filter(({ sk }) => sk === REFERRAL).length;
  }

  /** How many referrals are still due as of a run. */
  async due(run: Instant): Promise<number> {
    const stored = (await this.#scan('referrals')).filter(({ sk }) => sk === REFERRAL).map(readReferral);
    return stored.filter(({ wakeAt }) => wakeAt !== null && wakeAt <= run).length;
  }

  async alerts(): Promise<Alert[]> {
    const items = await this.#scan('referrals');
    const stored = items.filter(({ sk }) => sk === REFERRAL).map(readReferral);
    return stored.flatMap(unpackAlerts).map(({ alert }) => alert);
  }

  /** The items of mails, with what SES reported about them. */
  async mails(): Promise<Item[]> {
    return (await this.#scan('operations')).filter(({ pk }) => String(pk).startsWith('mail#'));
  }

  async quarantined(): Promise<number> {
    return (await this.#scan('operations')).filter(({ pk }) => String(pk).startsWith('quarantine#')).length;
  }

  async queueUrl(purpose: string): Promise<string> {
    const name = physicalName(this.stage, purpose);
    const { QueueUrl } = await this.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    if (!QueueUrl) throw new Error(`no queue ${name}`);
    return QueueUrl;
  }

  /** How many messages are in a queue, including those in flight. */
  async depth(purpose: string): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: await this.queueUrl(purpose), AttributeNames: ['All'] });
    const { Attributes = {} } = await this.sqs.send(command);
    const visible = Number(Attributes.ApproximateNumberOfMessages);
    return visible + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
  }

  close(): void {
    this.sqs.destroy();
    this.#dynamodb.destroy();
  }

  #scan(purpose: string): Promise<Item[]> {
    return scan(this.#dynamodb, physicalName(this.stage, purpose));
  }
}
