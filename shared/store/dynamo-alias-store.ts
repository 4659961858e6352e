import * as z from 'zod';
import { SECOND_MS } from '../contracts/duration.ts';
import type { Instant } from '../contracts/instant.ts';
import { type Backoff, jitteredBackoff } from '../platform/backoff.ts';
import type { Alias, AliasStore } from './alias-store.ts';
import type { Written } from './conditional-write.ts';
import type { Item } from './dynamo.ts';
import { aliasKey } from './operations-keys.ts';
import { readBatches } from './read-batch.ts';
import { readItem } from './read-item.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const aliasItem = z.object({
  sender: z.string(),
  key: z.string(),
  referralId: z.string(),
  isOpen: z.boolean().default(false),
  expiresAt: z.number().transform((seconds) => seconds * SECOND_MS),
});
const read = (item: Item): Alias => readItem(aliasItem, item, 'operations alias#<hash of sender and key> referral');

/** Aliases in the operations table: an item each, under a hash of sender and key. */
export class DynamoAliasStore implements AliasStore {
  readonly #table: Table;
  readonly #backoff: Backoff;

  constructor(table: Table, { backoff = jitteredBackoff }: { backoff?: Backoff } = {}) {
    this.#table = table;
    this.#backoff = backoff;
  }

  async find(
    sender: string,
    keys: readonly string[],
    { consistent = false }: { consistent?: boolean } = {},
  ): Promise<Alias[]> {
    const wanted = [...new Set(keys)].map((key) => aliasKey(sender, key));
    return (await readBatches(this.#table, wanted, this.#backoff, { consistent })).map(read);
  }

  async get(sender: string, key: string): Promise<Alias | null> {
    const item = await this.#table.get(aliasKey(sender, key));
    return item ? read(item) : null;
  }

  name({ sender, key, referralId }: Pick<Alias, 'sender' | 'key' | 'referralId'>, now: Instant): Promise<Written> {
    const expiresAt = expiryOf(now, KEPT_DAYS.alias);
    return this.#table.putNew({ ...aliasKey(sender, key), sender, key, referralId, isOpen: true, expiresAt });
  }

  settle({ sender, key, referralId }: Alias): Promise<Written> {
    return this.#table.update({
      key: aliasKey(sender, key),
      UpdateExpression: 'REMOVE isOpen',
      ConditionExpression: 'referralId = :referralId',
      values: { ':referralId': referralId },
    });
  }

  keep({ sender, key, referralId }: Alias, now: Instant): Promise<Written> {
    return this.#table.update({
      key: aliasKey(sender, key),
      UpdateExpression: 'SET expiresAt = :expiresAt',
      ConditionExpression: 'referralId = :referralId AND expiresAt < :expiresAt',
      values: { ':referralId': referralId, ':expiresAt': expiryOf(now, KEPT_DAYS.alias) },
    });
  }
}
