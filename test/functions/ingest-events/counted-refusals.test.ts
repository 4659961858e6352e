import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { tableSpec } from '../../../local/cost/model.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { DAY_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Written } from '../../../shared/store/conditional-write.ts';
import { DynamoQuarantineStore } from '../../../shared/store/dynamo-quarantine-store.ts';
import { Table } from '../../../shared/store/table.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { World } from '../../doubles/world.ts';

/** What is refused is counted where it happens, in items that hold nothing of it. */

const SENT = at('03-02 15:00');
/** It lay in the queue for two days. */
const REFUSED = SENT + 2 * DAY_MS;
/** Its quarantine item, two pieces of its body, and its count. */
const LONG_BODY = Array.from({ length: 45_000 }, (_, index) => `${Math.sin(index)}`).join('');

/** Fails before or after one of its writes, counted from 1. */
class FailingTable extends Table {
  fails: { at: number; side: 'before' | 'after' } | null = null;
  #writes = 0;

  override async putNew(item: Parameters<Table['putNew']>[0]): Promise<Written> {
    this.#writes += 1;
    const fails = this.fails?.at === this.#writes ? this.fails.side : null;
    if (fails === 'before') throw new Error('throttled');
    const written = await super.putNew(item);
    if (fails === 'after') throw new Error('timed out');
    return written;
  }

  get writes(): number {
    return this.#writes;
  }
}

async function open() {
  const keys = [{ AttributeName: 'pk' }, { AttributeName: 'sk' }];
  const dynamo = new MemoryDynamo([tableSpec({ TableName: 'operations', KeySchema: keys })]);
  const table = new FailingTable(dynamo.attach(new DynamoDBClient({ region: 'us-east-1' })), 'operations');
  const quarantine = new DynamoQuarantineStore(table);
  const world = await World.open(sampleConfig(), { quarantine });
  const deliver = (body: string, when: number, sentAt = SENT) =>
    world.deliver({ at: when, messages: [{ body, sentAt }] });
  return { deliver, quarantine, table, items: () => dynamo.items('operations') };
}

describe('A refusal', () => {
  it('is counted by when it arrived and by when it was refused, days later', async () => {
    const { deliver, quarantine } = await open();
    await deliver('{"bad', REFUSED);
    expect(await quarantine.countBetween(SENT, SENT + 1, 'arrivedAt')).toEqual({ malformed: 1 });
    expect(await quarantine.countBetween(SENT, SENT + DAY_MS, 'refusedAt')).toEqual({});
    expect(await quarantine.countBetween(REFUSED, REFUSED + 1, 'refusedAt')).toEqual({ malformed: 1 });
  });

  it('is counted in an item that says when and why, and nothing of what was refused', async () => {
    const { deliver, items } = await open();
    await deliver('{"bad', REFUSED);
    const [count, ...others] = items().filter(({ pk }) => pk?.S?.startsWith('refused#'));
    expect(others).toEqual([]);
    expect(count?.pk?.S).toBe('refused#malformed');
    expect(Object.keys(count ?? {}).sort()).toEqual(['arrivedAt', 'expiresAt', 'pk', 'refusedAt', 'sk']);
  });

  it.each(['before', 'after'] as const)(
    'is kept whole and counted once, even if ingest dies %s any of its writes',
    async (side) => {
      const undisturbed = await open();
      await undisturbed.deliver(LONG_BODY, REFUSED);
      expect(undisturbed.table.writes).toBeGreaterThan(3);
      for (let write = 1; write <= undisturbed.table.writes; write += 1) {
        const { deliver, quarantine, table } = await open();
        table.fails = { at: write, side };
        expect((await deliver(LONG_BODY, REFUSED)).batchItemFailures, `write ${write}`).toHaveLength(1);
        await deliver(LONG_BODY, REFUSED + 6 * MINUTE_MS);
        expect((await quarantine.list('malformed')).map(({ body }) => body === LONG_BODY)).toEqual([true]);
        expect(await quarantine.countBetween(SENT, SENT + 1, 'arrivedAt')).toEqual({ malformed: 1 });
        const minute = (refusedAt: number) => quarantine.countBetween(refusedAt, refusedAt + 1, 'refusedAt');
        const told = [await minute(REFUSED), await minute(REFUSED + 6 * MINUTE_MS)];
        expect(told.filter(({ malformed }) => malformed === 1)).toHaveLength(1);
      }
    },
  );

  it('is counted once if the sender sends the same again a week later', async () => {
    const { deliver, quarantine } = await open();
    await deliver('{"bad', SENT);
    await deliver('{"bad', SENT + 7 * DAY_MS, SENT + 7 * DAY_MS);
    expect(await quarantine.countBetween(SENT, SENT + 8 * DAY_MS, 'arrivedAt')).toEqual({ malformed: 1 });
    expect(await quarantine.countBetween(SENT, SENT + DAY_MS, 'arrivedAt')).toEqual({ malformed: 1 });
  });
});
