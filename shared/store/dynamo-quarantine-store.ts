import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../contracts/vocabulary.ts';
import { forEach } from '../platform/concurrency.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import type { Written } from './conditional-write.ts';
import { quarantineBodyKey, quarantineKey, refusedKey } from './operations-keys.ts';
import { cutBody, joinBody } from './quarantine-body.ts';
import { type Quarantined, type QuarantineStore, quarantined, type RefusedCounts } from './quarantine-store.ts';
import { bytes, readEach, readItem } from './read-item.ts';
import type { Key, Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const SHAPE = 'operations quarantine#<reason> <hash of body and place>';
const REFUSED_SHAPE = 'operations refused#<reason> <hash of body and place>';

/** `refusedAt` is absent from what was refused before it was kept. The body stands in the item or in pieces of its own. */
const quarantineItem = quarantined
  .omit({ quarantineId: true, body: true })
  .extend({ sk: z.string(), refusedAt: instant.optional(), body: z.string().optional(), chunks: z.number().optional() })
  .refine(({ body, chunks }) => (body === undefined) !== (chunks === undefined), { path: ['body'] });
const pieceItem = z.object({ chunk: bytes });
const refusedItem = {
  arrivedAt: z.object({ arrivedAt: instant }).transform((item) => item.arrivedAt),
  refusedAt: z.object({ refusedAt: instant }).transform((item) => item.refusedAt),
};

/** Refused input in the operations table. */
export class DynamoQuarantineStore implements QuarantineStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * The pieces of a long body come first: an item that is stored has its whole body. The count comes last: what is counted
   * can be looked up.
   */
  async add({ quarantineId, body, ...item }: Quarantined): Promise<Written> {
    const expiresAt = expiryOf(item.arrivedAt, KEPT_DAYS.quarantine);
    const chunks = cutBody(body);
    for (const [index, chunk] of (chunks ?? []).entries()) {
      await this.#table.putNew({ ...quarantineBodyKey(item.reason, quarantineId, index), chunk, expiresAt });
    }
    const held = chunks === null ? { body } : { chunks: chunks.length };
    const kept = await this.#table.putNew({ ...quarantineKey(item.reason, quarantineId), ...item, ...held, expiresAt });
    await this.#count(item, refusedKey(item.reason, quarantineId));
    return kept;
  }

  /** Counts a refusal once. Whoever sent a body again out of the quarantine has to see that it came back. */
  async #count({ arrivedAt, refusedAt }: Pick<Quarantined, 'arrivedAt' | 'refusedAt'>, key: Key): Promise<void> {
    const expiresAt = expiryOf(arrivedAt, KEPT_DAYS.refused);
    if ((await this.#table.putNew({ ...key, arrivedAt, refusedAt, expiresAt })) === 'written') return;
    await this.#table.update({
      key,
      UpdateExpression: 'SET refusedAgainAt = :arrivedAt',
      // A redelivery arrived when the first did.
      ConditionExpression: 'attribute_exists(pk) AND arrivedAt <> :arrivedAt',
      values: { ':arrivedAt': arrivedAt },
    });
  }

  async list(reason: RefusalReason): Promise<Quarantined[]> {
    const items = await this.#table.partition(quarantineKey(reason, '').pk);
    // Of what is being discarded, pieces may be gone already.
    const whole = items.filter(({ discardedAt }) => discardedAt === undefined);
    return Promise.all(
      whole.map(async (item) => {
        const { sk: quarantineId, chunks: _, ...read } = readItem(quarantineItem, item, SHAPE);
        const body = read.body ?? (await this.#longBody(reason, quarantineId));
        return { ...read, quarantineId, body, refusedAt: read.refusedAt ?? read.arrivedAt };
      }),
    );
  }

  async #longBody(reason: RefusalReason, quarantineId: string): Promise<string> {
    const pieces = await this.#table.partition(quarantineBodyKey(reason, quarantineId, 0).pk);
    return joinBody(
      pieces.map((piece) => readItem(pieceItem, piece, 'operations quarantine-body#<reason>#<hash> <number>').chunk),
    );
  }

  async countBetween(
    from: Instant,
    to: Instant,
    by: 'arrivedAt' | 'refusedAt',
    onUnreadable?: (error: LastingError) => void,
  ): Promise<RefusedCounts> {
    const counts = await forEach(REFUSAL_REASONS, REFUSAL_REASONS.length, async (reason) => {
      const items = await this.#table.partition(refusedKey(reason, '').pk, { ProjectionExpression: by });
      const instants = readEach(items, (item) => readItem(refusedItem[by], item, REFUSED_SHAPE), onUnreadable);
      return [reason, instants.filter((at) => at >= from && at < to).length] as const;
    });
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }
}
