import type { Instant } from '../contracts/instant.ts';
import type { MailContent } from '../contracts/mail.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';
import type { Item } from './dynamo.ts';
import { type Delivery, type MailJob, type MailStore, mailJob } from './mail-store.ts';
import { mailContentKey, mailDayKey, mailKey, mailPartKey } from './operations-keys.ts';
import { packMail, unpackMail } from './packed-mail.ts';
import { readEach, readItem } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const readJob = (item: Item): MailJob => readItem(mailJob, item, 'operations mail#<UTC date> <mail>');

/** Mails in the operations table. */
export class DynamoMailStore implements MailStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async dueOn(date: string, onUnreadable?: (error: LastingError) => void): Promise<MailJob[]> {
    return readEach(await this.#table.partition(mailDayKey(date)), readJob, onUnreadable);
  }

  async get(mailId: string): Promise<MailJob | null> {
    const item = await this.#table.get(mailKey(mailId));
    return item ? readJob(item) : null;
  }

  plan({ sentAt, ...job }: MailJob): Promise<Written> {
    return this.#table.putNew({
      ...mailKey(job.mailId),
      ...job,
      sentAt: sentAt ?? undefined,
      expiresAt: expiryOf(job.dueAt, KEPT_DAYS.mail),
    });
  }

  markQueued(mailId: string): Promise<Written> {
    return this.#update(mailId, 'SET #status = :queued', '#status = :planned', {
      ':queued': 'queued',
      ':planned': 'planned',
    });
  }

  async claim(mailId: string, now: Instant, leaseUntil: Instant): Promise<MailJob | null> {
    const written = await this.#update(
      mailId,
      'SET #status = :claimed, leaseUntil = :lease, asOf = if_not_exists(asOf, :now)',
      '#status IN (:planned, :queued) OR (#status = :claimed AND leaseUntil <= :now)',
      { ':claimed': 'claimed', ':lease': leaseUntil, ':planned': 'planned', ':queued': 'queued', ':now': now },
    );
    return written === 'written' ? this.get(mailId) : null;
  }

  /**
   * The first part comes last, so that content which is frozen is whole. What a sender that died or was slower wrote of
   * its own is in nobody's way, and expires.
   */
  async freeze(mailId: string, content: MailContent): Promise<MailContent> {
    const { first, others } = packMail(content);
    const expiresAt = expiryOf(content.asOf, KEPT_DAYS.mail);
    for (const [index, part] of others.entries()) {
      await this.#table.putNew({ ...mailPartKey(mailId, first.hash, index + 1), content: part, expiresAt });
    }
    const written = await this.#table.putNew({ ...mailContentKey(mailId), ...first, expiresAt });
    if (written === 'written') return content;
    const frozen = await this.frozen(mailId);
    if (!frozen) throw new Error(`mail ${mailId}: its content was frozen but is not there`);
    return frozen;
  }

  async frozen(mailId: string): Promise<MailContent | null> {
    const item = await this.#table.get(mailContentKey(mailId));
    return item && unpackMail(item, (hash, number) => this.#table.get(mailPartKey(mailId, hash, number)));
  }

  finish(mailId: string, { status, sentAt, messageId, heldAt }: Parameters<MailStore['finish']>[1]): Promise<Written> {
    const sent = sentAt === null ? '' : ', sentAt = :sentAt';
    const held = heldAt === undefined ? '' : ', heldAt = if_not_exists(heldAt, :heldAt)';
    return this.#update(
      mailId,
      `SET #status = :status, messageId = :messageId${sent}${held}`,
      'attribute_exists(pk) AND #status <> :sent',
      {
        ':status': status,
        ':messageId': messageId,
        ':sent': 'sent',
        ...(sentAt !== null && { ':sentAt': sentAt }),
        ...(heldAt !== undefined && { ':heldAt': heldAt }),
      },
    );
  }

  release(mailId: string): Promise<Written> {
    return this.#update(mailId, 'SET #status = :planned', '#status = :held', {
      ':planned': 'planned',
      ':held': 'held',
    });
  }

  /** It says what holds when it is claimed the next time, as nothing was frozen. */
  reopen(mailId: string): Promise<Written> {
    return this.#update(mailId, 'SET #status = :planned REMOVE asOf', '#status = :undeliverable', {
      ':planned': 'planned',
      ':undeliverable': 'undeliverable',
    });
  }

  /**
   * SES reports that a mail went out: that ends the mail even if its sender died before it could note it. A mail has no
   * `sentAt` before it is sent, so one update serves both.
   */
  recordDelivery({ mailId, event, at, messageId }: Delivery): Promise<Written> {
    if (event !== 'Send') {
      const names = { '#event': `ses${event}At` };
      const values = { ':at': at, ':messageId': messageId };
      return this.#update(mailId, 'SET #event = :at, messageId = :messageId', 'attribute_exists(pk)', values, names);
    }
    return this.#update(
      mailId,
      'SET sesSendAt = :at, messageId = :messageId, #status = :sent, sentAt = if_not_exists(sentAt, :at)',
      'attribute_exists(pk)',
      { ':at': at, ':messageId': messageId, ':sent': 'sent' },
    );
  }

  #update(
    mailId: string,
    expression: string,
    condition: string,
    values: Item,
    names: Record<string, string> = { '#status': 'status' },
  ): Promise<Written> {
    return this.#table.update({
      key: mailKey(mailId),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeNames: names,
      values,
    });
  }
}
