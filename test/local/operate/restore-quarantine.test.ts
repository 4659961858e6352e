import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { TableSpec } from '../../../local/cost/model.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { restoreInto } from '../../../local/operate/restore.ts';
import { tableSpecs } from '../../../local/stand-ins/tables.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { DynamoQuarantineDesk } from '../../../shared/store/dynamo-quarantine-desk.ts';
import { DynamoQuarantineStore } from '../../../shared/store/dynamo-quarantine-store.ts';
import { Table } from '../../../shared/store/table.ts';
import { at } from '../../builders/instants.ts';
import { quarantined } from '../../builders/stored.ts';

/** What comes back of refused messages from a table that was restored to an earlier time. */

const MONDAY = at('03-02 14:00');
const TUESDAY = MONDAY + DAY_MS;
const NAMES = { referrals: 'loopwatch-local-referrals', operations: 'loopwatch-local-operations' };
const RESTORED = 'restored';
const SPECS = tableSpecs(await localTemplates());
const RESTORED_SPEC = { ...(SPECS.find(({ name }) => name === NAMES.operations) as TableSpec), name: RESTORED };

const SHORT = { quarantineId: 'short', reason: 'invalid' as const, body: 'no JSON' };
const LONG = { quarantineId: 'long', reason: 'invalid' as const, body: `no JSON ${'x'.repeat(60_000)}` };

function stage() {
  const stop = { after: Number.POSITIVE_INFINITY };
  const dynamo = new MemoryDynamo([...SPECS, RESTORED_SPEC], () => {
    stop.after -= 1;
    if (stop.after === 0) throw new Error('stopped');
  });
  const client = dynamo.attach(new DynamoDBClient({ region: 'us-east-1' }));
  const live = new Table(client, NAMES.operations);
  const desk = new DynamoQuarantineDesk(live);
  const quarantinedItems = () =>
    dynamo.items(NAMES.operations).filter(({ pk }) => /^quarantine(-body)?#/.test(pk?.S ?? ''));
  return {
    desk,
    quarantinedItems,
    refuse: async (arrivedAt: Instant) => {
      const store = new DynamoQuarantineStore(live);
      for (const { quarantineId, ...each } of [SHORT, LONG]) {
        await store.add(quarantined(quarantineId, { ...each, arrivedAt, refusedAt: arrivedAt }));
      }
    },
    /** The table as it is now is what will be restored. */
    backUp: async () => {
      for (const Item of dynamo.items(NAMES.operations)) {
        await client.send(new PutItemCommand({ TableName: RESTORED, Item }));
      }
    },
    lose: async () => {
      for (const { pk, sk } of quarantinedItems()) {
        if (pk && sk) await client.send(new DeleteItemCommand({ TableName: NAMES.operations, Key: { pk, sk } }));
      }
    },
    /** @param calls after how many it dies. @returns whether it made so many */
    discard: async (now: Instant, calls = Number.POSITIVE_INFINITY) => {
      stop.after = calls;
      try {
        for (const each of [LONG, SHORT]) await desk.discard(each, now);
        return false;
      } catch {
        return true;
      } finally {
        stop.after = Number.POSITIVE_INFINITY;
      }
    },
    restore: () =>
      restoreInto(
        {
          name: 'the test',
          tables: { client, names: NAMES },
          sqs: {} as SQSClient,
          queueUrl: async () => '',
          now: TUESDAY,
        },
        { operations: RESTORED },
      ),
  };
}

describe('a refused message that the restored table has', () => {
  it('comes back if it was lost', async () => {
    const { refuse, backUp, lose, restore, desk } = stage();
    await refuse(MONDAY);
    await backUp();
    await lose();
    expect(await restore()).toMatchObject({ putBack: 3 });
    expect([await desk.body(SHORT), await desk.body(LONG)]).toEqual([SHORT.body, LONG.body]);
  });

  it('doesn’t if an operator has discarded it since, nor does its body', async () => {
    const { refuse, backUp, discard, restore, quarantinedItems } = stage();
    await refuse(MONDAY);
    await backUp();
    await discard(MONDAY + 1);
    expect(await restore()).toMatchObject({ putBack: 0 });
    expect(quarantinedItems()).toEqual([]);
  });

  it('is discarded by the same command if that was stopped anywhere', async () => {
    for (let calls = 1; ; calls += 1) {
      const { refuse, backUp, discard, restore, quarantinedItems } = stage();
      await refuse(MONDAY);
      await backUp();
      const isStopped = await discard(MONDAY + 1, calls);
      await restore();
      await discard(MONDAY + 2);
      expect(quarantinedItems(), `stopped after call ${calls}`).toEqual([]);
      if (!isStopped) break;
    }
  });

  it('comes back if it was discarded before it came again, and lost then', async () => {
    const { refuse, backUp, discard, lose, restore, desk } = stage();
    await refuse(MONDAY);
    await discard(MONDAY + 1);
    await refuse(MONDAY + 2_000);
    await backUp();
    await lose();
    expect(await restore()).toMatchObject({ putBack: 3 });
    expect(await desk.body(LONG)).toBe(LONG.body);
  });
});
