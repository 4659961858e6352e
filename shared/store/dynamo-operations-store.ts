import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type DynamoDBClient, GetItemCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Config } from '../contracts/config.ts';
import type { LoopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { MailContent } from '../contracts/mail.ts';
import type { PracticeFacts } from '../contracts/practice.ts';
import type { Report } from '../contracts/report.ts';
import { REFUSAL_REASONS } from '../contracts/vocabulary.ts';
import { practiceFactsOf } from '../domain/practice/facts.ts';
import { forEach } from '../platform/concurrency.ts';
import { all, fromItem, type Item, put, toItem, update } from './dynamo.ts';
import {
  configKey,
  eventSort,
  mailContentKey,
  mailDayKey,
  mailKey,
  practiceKey,
  quarantineBodyKey,
  quarantineKey,
  reportKey,
  reportRunKey,
} from './operations-keys.ts';
import {
  type ConfigInForce,
  type Delivery,
  type FinishedReports,
  type MailJob,
  NoConfigurationError,
  type OperationsStore,
  type Quarantined,
  type RefusedCounts,
  type ReportKey,
  type StoredReport,
} from './operations-store.ts';
import { cutBody, joinBody } from './quarantine-body.ts';
import type { Written } from './referral-store.ts';

const ABSENT = 'attribute_not_exists(pk)';
const QUARANTINE_DAYS = 90;

/** The operations table. */
export class DynamoOperationsStore implements OperationsStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  #config: { version: string; config: Config } | null = null;

  constructor(client: DynamoDBClient, options: { table: string }) {
    this.#client = client;
    this.#table = options.table;
  }

  /** One small read a call; the configuration itself is read only when its version has changed. */
  async config(): Promise<ConfigInForce> {
    const current = await this.#get(configKey('current'));
    if (!current) throw new NoConfigurationError();
    const version = current.version as string;
    if (this.#config?.version !== version) {
      const item = await this.#get(configKey(version));
      if (!item) throw new Error(`configuration ${version} is named as current but is not there`);
      this.#config = { version, config: JSON.parse(gunzipSync(item.config as Uint8Array).toString()) as Config };
    }
    return {
      ...this.#config,
      since: current.since as Instant,
      appliedVersion: current.appliedVersion as string,
    };
  }

  async pushConfig(config: Config, now: Instant): Promise<string> {
    const text = JSON.stringify(config);
    const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
    await put(this.#client, {
      TableName: this.#table,
      Item: { ...configKey(version), config: gzipSync(text) },
      ConditionExpression: ABSENT,
    });
    await update(this.#client, {
      TableName: this.#table,
      Key: configKey('current'),
      UpdateExpression:
        'SET version = :version, since = if_not_exists(since, :now), appliedVersion = if_not_exists(appliedVersion, :version)',
      ConditionExpression: 'attribute_not_exists(version) OR version <> :version',
      values: { ':version': version, ':now': now },
    });
    return version;
  }

  markApplied(version: string): Promise<Written> {
    return update(this.#client, {
      TableName: this.#table,
      Key: configKey('current'),
      UpdateExpression: 'SET appliedVersion = :version',
      ConditionExpression: 'version = :version',
      values: { ':version': version },
    });
  }

  /** The pieces of a long body first: an item that is there has its whole body. */
  async quarantine({ quarantineId, body, ...item }: Quarantined): Promise<Written> {
    const expiresAt = Math.floor(item.arrivedAt / 1000) + QUARANTINE_DAYS * 86_400;
    const chunks = cutBody(body);
    for (const [index, chunk] of (chunks ?? []).entries()) {
      await this.#putNew({ ...quarantineBodyKey(item.reason, quarantineId, index), chunk, expiresAt });
    }
    const held = chunks === null ? { body } : { chunks: chunks.length };
    return this.#putNew({ ...quarantineKey(item.reason, quarantineId), ...item, ...held, expiresAt });
  }

  async refusedBetween(from: Instant, to: Instant, by: 'arrivedAt' | 'refusedAt'): Promise<RefusedCounts> {
    const counts = await forEach(REFUSAL_REASONS, REFUSAL_REASONS.length, async (reason) => {
      const items = await this.#query(quarantineKey(reason, '').pk, { ProjectionExpression: by });
      const count = items.filter((item) => (item[by] as Instant) >= from && (item[by] as Instant) < to).length;
      return [reason, count] as const;
    });
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  async quarantined(reason: Quarantined['reason']): Promise<Quarantined[]> {
    const items = await this.#query(quarantineKey(reason, '').pk);
    return Promise.all(
      items.map(async ({ pk, sk, expiresAt, chunks, ...item }) => {
        const body = chunks === undefined ? item.body : await this.#longBody(reason, sk as string);
        return { ...item, body, quarantineId: sk } as unknown as Quarantined;
      }),
    );
  }

  async #longBody(reason: Quarantined['reason'], quarantineId: string): Promise<string> {
    const pieces = await this.#query(quarantineBodyKey(reason, quarantineId, 0).pk);
    return joinBody(pieces.map(({ chunk }) => chunk as Uint8Array));
  }

  async feedHeard(feed: string, at: Instant): Promise<void> {
    await update(this.#client, {
      TableName: this.#table,
      Key: { pk: 'feeds', sk: feed },
      UpdateExpression: 'SET lastHeardAt = :at',
      // A condition that fails costs what the write would: to write once a minute only would save nothing.
      ConditionExpression: 'attribute_not_exists(lastHeardAt) OR lastHeardAt < :at',
      values: { ':at': at },
    });
  }

  async feedsHeard(): Promise<Map<string, Instant>> {
    const items = await this.#query('feeds');
    return new Map(items.map(({ sk, lastHeardAt }) => [sk as string, lastHeardAt as number]));
  }

  appendPracticeEvent(event: LoopEvent, arrivedAt: Instant): Promise<Written> {
    return this.#putNew({
      pk: practiceKey(event.subject),
      sk: eventSort(event),
      event: JSON.stringify(event),
      arrivedAt,
    });
  }

  practiceFacts(practiceIds: readonly string[]): Promise<PracticeFacts[]> {
    return Promise.all(
      practiceIds.map(async (practiceId) => {
        const items = await this.#query(practiceKey(practiceId));
        return practiceFactsOf(
          practiceId,
          items.map(({ event }) => JSON.parse(event as string) as LoopEvent),
        );
      }),
    );
  }

  async mailsOn(date: string): Promise<MailJob[]> {
    return (await this.#query(mailDayKey(date))).map(readJob);
  }

  async mail(mailId: string): Promise<MailJob | null> {
    const item = await this.#get(mailKey(mailId));
    return item ? readJob(item) : null;
  }

  planMail(job: MailJob): Promise<Written> {
    return this.#putNew({ ...mailKey(job.mailId), ...job });
  }

  markQueued(mailId: string): Promise<Written> {
    return this.#updateMail(mailId, 'SET #status = :queued', '#status = :planned', {
      ':queued': 'queued',
      ':planned': 'planned',
    });
  }

  async claimMail(mailId: string, now: Instant, leaseUntil: Instant): Promise<MailJob | null> {
    const written = await this.#updateMail(
      mailId,
      'SET #status = :claimed, leaseUntil = :lease, asOf = if_not_exists(asOf, :now)',
      '#status IN (:planned, :queued) OR (#status = :claimed AND leaseUntil <= :now)',
      { ':claimed': 'claimed', ':lease': leaseUntil, ':planned': 'planned', ':queued': 'queued', ':now': now },
    );
    return written === 'written' ? this.mail(mailId) : null;
  }

  async freezeMail(mailId: string, content: MailContent): Promise<MailContent> {
    const written = await this.#putNew({ ...mailContentKey(mailId), content: gzipSync(JSON.stringify(content)) });
    if (written === 'written') return content;
    const frozen = await this.frozenMail(mailId);
    if (!frozen) throw new Error(`mail ${mailId}: its content was frozen but is not there`);
    return frozen;
  }

  async frozenMail(mailId: string): Promise<MailContent | null> {
    const item = await this.#get(mailContentKey(mailId));
    if (!item) return null;
    // Mails frozen before reports were mailed, which don't fit into an item as text, are text.
    const content = item.content as Uint8Array | string;
    return JSON.parse(typeof content === 'string' ? content : gunzipSync(content).toString()) as MailContent;
  }

  finishMail(
    mailId: string,
    { status, sentAt, messageId }: Pick<MailJob, 'status' | 'sentAt' | 'messageId'>,
  ): Promise<Written> {
    return this.#updateMail(
      mailId,
      'SET #status = :status, sentAt = :sentAt, messageId = :messageId',
      'attribute_exists(pk) AND #status <> :sent',
      { ':status': status, ':sentAt': sentAt, ':messageId': messageId, ':sent': 'sent' },
    );
  }

  /** SES tells what went out: that ends the mail as well, where the sender died before it could say so. */
  async recordDelivery({ mailId, event, at, messageId }: Delivery): Promise<Written> {
    const noted = await this.#updateMail(
      mailId,
      'SET #event = :at, messageId = :messageId',
      'attribute_exists(pk)',
      {
        ':at': at,
        ':messageId': messageId,
      },
      { '#event': `ses${event}At` },
    );
    if (event === 'Send' && noted === 'written') {
      await this.#updateMail(mailId, 'SET #status = :sent, sentAt = :at', '#status <> :sent', {
        ':sent': 'sent',
        ':at': at,
      });
    }
    return noted;
  }

  saveReport(key: ReportKey, { report, charts }: StoredReport): Promise<Written> {
    return this.#putNew({ ...reportKey(key), report: gzipSync(JSON.stringify(report)), charts });
  }

  async report(key: ReportKey): Promise<StoredReport | null> {
    const item = await this.#get(reportKey(key));
    if (!item) return null;
    return {
      report: JSON.parse(gunzipSync(item.report as Uint8Array).toString()) as Report,
      charts: item.charts as StoredReport['charts'],
    };
  }

  finishReports(run: FinishedReports): Promise<Written> {
    return this.#putNew({ ...reportRunKey(run), ...run });
  }

  async finishedReports(): Promise<FinishedReports[]> {
    const items = await this.#query(reportRunKey({ kind: 'weekly', period: '' }).pk);
    return items.map(({ pk, sk, ...run }) => run as unknown as FinishedReports);
  }

  #updateMail(
    mailId: string,
    expression: string,
    condition: string,
    values: Item,
    names: Record<string, string> = {},
  ): Promise<Written> {
    const all = { ...(`${expression}${condition}`.includes('#status') && { '#status': 'status' }), ...names };
    return update(this.#client, {
      TableName: this.#table,
      Key: mailKey(mailId),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ...(Object.keys(all).length > 0 && { ExpressionAttributeNames: all }),
      values,
    });
  }

  #putNew(item: Item): Promise<Written> {
    return put(this.#client, { TableName: this.#table, Item: item, ConditionExpression: ABSENT });
  }

  async #get(key: { pk: string; sk: string }): Promise<Item | null> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: toItem(key), ConsistentRead: true }),
    );
    return Item ? fromItem(Item) : null;
  }

  #query(pk: string, options: Pick<QueryCommandInput, 'ProjectionExpression'> = {}): Promise<Item[]> {
    return all(this.#client, {
      ...options,
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ConsistentRead: true,
      values: { ':pk': pk },
    });
  }
}

function readJob({ pk, sk, ...item }: Item): MailJob {
  return item as unknown as MailJob;
}
