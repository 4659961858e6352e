import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import { DIALECTS, REFUSAL_REASONS, type RefusalReason } from '../contracts/vocabulary.ts';
import { forEach } from '../platform/concurrency.ts';
import type { Written } from './conditional-write.ts';
import type { Item } from './dynamo.ts';
import { quarantineBodyKey, quarantineKey, refusedKey } from './operations-keys.ts';
import { joinBody } from './quarantine-body.ts';
import { bytes, readItem, UnreadableItemError } from './read-item.ts';
import type { Table } from './table.ts';

const SHAPE = 'operations quarantine#<reason> <hash of body and place>';
const PIECE = 'operations quarantine-body#<reason>#<hash> <number>';

const entryItem = z
  .object({
    sk: z.string(),
    reason: z.enum(REFUSAL_REASONS),
    detail: z.string(),
    dialect: z.enum(DIALECTS),
    arrivedAt: instant,
    refusedAt: instant.optional(),
    file: z.string().nullable(),
    position: z.number().nullable(),
    sender: z.string().nullable().default(null),
    exportedAt: z.string().nullable().default(null),
    /** In seconds: from then on the table may remove it. */
    expiresAt: z.number(),
    /** When somebody last began to send it again. */
    replayedAt: instant.optional(),
    /** Since then it is known to have been taken in. */
    takenAt: instant.optional(),
    /** It was refused again for this reason, and lies in the quarantine under it. */
    refusedAs: z.enum(REFUSAL_REASONS).optional(),
    /** Its body is being removed. */
    discardedAt: instant.optional(),
  })
  .transform(({ sk: quarantineId, refusedAt, ...item }) => ({
    quarantineId,
    ...item,
    refusedAt: refusedAt ?? item.arrivedAt,
  }));
/** What is noted where refusals are counted: a function can't read what lies in quarantine. */
const countItem = z.object({ refusedAt: instant, refusedAgainAt: instant.optional() });

/** What is known of a refused message, without its body. */
export type QuarantineEntry = z.output<typeof entryItem> & {
  /** It was refused again for the same reason: if it was sent again, since then. */
  refusedAgainAt?: Instant;
};
type EntryKey = Pick<QuarantineEntry, 'reason' | 'quarantineId'>;

const AT_ONCE = 8;
const bodyItem = z.object({ body: z.string().optional(), chunks: z.number().optional() });
const pieceItem = z.object({ chunk: bytes });

const ATTRIBUTES = [
  ...['sk', 'reason', 'detail', 'dialect', 'arrivedAt', 'refusedAt', 'file', 'position', 'expiresAt'],
  ...['sender', 'exportedAt'],
  ...['replayedAt', 'takenAt', 'refusedAs', 'discardedAt'],
];
/** Some of the names are words of DynamoDB's own. */
const WITHOUT_BODY = {
  ProjectionExpression: ATTRIBUTES.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(ATTRIBUTES.map((name) => [`#${name}`, name])),
};

/** What an operator does with refused input. No function uses it. */
export class DynamoQuarantineDesk {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** What was refused for a reason, page by page as DynamoDB reads them, in no order. Bodies stay where they are. */
  async *pages(reason: RefusalReason): AsyncGenerator<QuarantineEntry[]> {
    const query = {
      ...WITHOUT_BODY,
      KeyConditionExpression: 'pk = :pk',
      ConsistentRead: true,
      values: { ':pk': quarantineKey(reason, '').pk },
    };
    for await (const page of this.#table.pages(query))
      yield this.#read(page, ({ replayedAt }) => replayedAt !== undefined);
  }

  /** What has an id that begins like this: a body may have been refused for several reasons. */
  async startingWith(idStart: string): Promise<QuarantineEntry[]> {
    const found = await Promise.all(
      REFUSAL_REASONS.map((reason) =>
        this.#table.all({
          ...WITHOUT_BODY,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :start)',
          ConsistentRead: true,
          values: { ':pk': quarantineKey(reason, '').pk, ':start': idStart },
        }),
      ),
    );
    return this.#read(found.flat());
  }

  /** Null: there is none any more. */
  async get({ reason, quarantineId }: EntryKey): Promise<QuarantineEntry | null> {
    const item = await this.#table.get(quarantineKey(reason, quarantineId));
    const [entry = null] = item ? await this.#read([item]) : [];
    return entry;
  }

  /** Whether something was refused again stands where refusals are counted. */
  #read(items: readonly Item[], isAsked = (_entry: QuarantineEntry): boolean => true): Promise<QuarantineEntry[]> {
    return forEach(items, AT_ONCE, async (item) => {
      const entry = readEntry(item);
      const counted = isAsked(entry) ? await this.#table.get(refusedKey(entry.reason, entry.quarantineId)) : null;
      if (counted === null) return entry;
      const { refusedAt, refusedAgainAt } = readItem(countItem, counted, 'operations refused#<reason> <hash>');
      // An earlier release counted nothing: then the first that is counted is not the first refusal. A count outlives its
      // entry: then its first refusal is before the entry's, and says nothing of it.
      const again = refusedAgainAt ?? (refusedAt > (entry.refusedAt ?? 0) ? refusedAt : undefined);
      return again === undefined ? entry : { ...entry, refusedAgainAt: again };
    });
  }

  /** A refused body. Null: it was discarded, or is being. */
  async body({ reason, quarantineId }: EntryKey): Promise<string | null> {
    const item = await this.#table.get(quarantineKey(reason, quarantineId));
    if (item === null || item.discardedAt !== undefined) return null;
    const { body, chunks } = readItem(bodyItem, item, SHAPE);
    if (body !== undefined) return body;
    const pieces = await this.#table.partition(quarantineBodyKey(reason, quarantineId, 0).pk);
    if (pieces.length !== chunks) throw new UnreadableItemError(`items ${PIECE} can't be read: not all are there`);
    return joinBody(pieces.map((piece) => readItem(pieceItem, piece, PIECE).chunk));
  }

  /** Notes that it is about to be sent again. `conflict`: it is gone, being discarded, or known to be taken in. */
  async markReplayed(entry: EntryKey, now: Instant): Promise<Written> {
    // From now on a note that it was refused again is about this time.
    await this.#table.update({
      key: refusedKey(entry.reason, entry.quarantineId),
      UpdateExpression: 'REMOVE refusedAgainAt',
      ConditionExpression: 'attribute_exists(refusedAgainAt)',
    });
    return this.#update(
      entry,
      'SET replayedAt = :now',
      'attribute_exists(pk) AND attribute_not_exists(takenAt) AND attribute_not_exists(discardedAt)',
      { ':now': now },
    );
  }

  /** Notes that it is known to have been taken in. */
  markTaken(entry: EntryKey, now: Instant): Promise<Written> {
    return this.#update(entry, 'SET takenAt = :now', 'attribute_exists(pk) AND attribute_not_exists(takenAt)', {
      ':now': now,
    });
  }

  /** Notes for which other reason it was refused again. */
  markRefusedAs(entry: EntryKey, reason: RefusalReason): Promise<Written> {
    return this.#update(entry, 'SET refusedAs = :reason', 'attribute_exists(pk)', { ':reason': reason });
  }

  /**
   * Removes a refused message with its body. It is marked first and goes last: whoever reads it in between knows that its
   * body isn't whole, and if this ends in between, the mark shows what is left to be done again. That it was discarded is
   * noted where refusals are counted, so that it doesn't come back from a table that was restored to an earlier time.
   * @returns `conflict`: there was none any more
   */
  async discard(entry: EntryKey, now: Instant): Promise<Written> {
    const { reason, quarantineId } = entry;
    const set = 'SET discardedAt = if_not_exists(discardedAt, :now)';
    if ((await this.#update(entry, set, 'attribute_exists(pk)', { ':now': now })) === 'conflict') return 'conflict';
    // An earlier release counted nothing.
    await this.#table.update({
      key: refusedKey(reason, quarantineId),
      UpdateExpression: 'SET discardedAt = :now',
      ConditionExpression: 'attribute_exists(pk)',
      values: { ':now': now },
    });
    const pieces = await this.#table.partition(quarantineBodyKey(reason, quarantineId, 0).pk, {
      ProjectionExpression: 'pk, sk',
    });
    for (const { pk, sk } of pieces) {
      const key = { pk: String(pk), sk: String(sk) };
      await this.#table.remove({ key, ConditionExpression: 'attribute_exists(pk)' });
    }
    return this.#table.remove({
      key: quarantineKey(reason, quarantineId),
      ConditionExpression: 'attribute_exists(discardedAt)',
    });
  }

  #update({ reason, quarantineId }: EntryKey, set: string, condition: string, values: Item): Promise<Written> {
    return this.#table.update({
      key: quarantineKey(reason, quarantineId),
      UpdateExpression: set,
      ConditionExpression: condition,
      values,
    });
  }
}

const readEntry = (item: Item): QuarantineEntry => readItem(entryItem, item, SHAPE);
