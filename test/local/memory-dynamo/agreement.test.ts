import {
  type BatchGetItemCommandOutput,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import type { Metered } from '../../../local/memory-dynamo/metering.ts';
import { DYNAMODB_ENDPOINT, type LocalTable, spec, startLocalTable, TABLE } from '../cost/local-table.ts';
import { type Call, calls, commandOf } from './calls.ts';

/**
 * The tables in memory and a DynamoDB emulator are given the same calls and must answer the same. `DYNAMODB_ENDPOINT`
 * names another emulator to compare with (test/README.md).
 */

async function answer(client: DynamoDBClient, [action, input]: Call): Promise<object> {
  try {
    const output = await client.send(commandOf([action, input]));
    const { $metadata, ...rest } = output;
    if (action === 'Query' && 'IndexName' in input) return { ...rest, Items: texts(output.Items) };
    if (action !== 'BatchGetItem') return rest;
    const { Responses = {} } = output as BatchGetItemCommandOutput;
    return texts(Responses[TABLE]);
  } catch (error) {
    return { error: (error as Error).name };
  }
}

/** Items in an order of their own: a batch answers in any, and so does an index among equal keys. */
function texts(items: readonly object[] = []): string[] {
  const sorted = (item: object) => Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  return items.map((item) => JSON.stringify(sorted(item))).toSorted();
}

describe('the tables in memory', () => {
  let emulator: LocalTable;
  beforeAll(async () => {
    emulator = await startLocalTable();
  });
  afterAll(() => emulator.stop());

  it('answer every sequence of calls as the emulator does', async () => {
    const real = emulator.client();
    const property = fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 30 }), async (made) => {
      await clear(real);
      const memory = new MemoryDynamo([spec]).attach(new DynamoDBClient({ region: 'eu-central-1' }));
      for (const one of made) expect(await answer(memory, one)).toEqual(await answer(real, one));
      const all = new ScanCommand({ TableName: TABLE });
      const items = async (client: DynamoDBClient) => texts((await client.send(all)).Items);
      expect(await items(memory)).toEqual(await items(real));
    });
    await fc.assert(property, { numRuns: 60 });
  });

  // The emulator that comes along reports no units of indexes.
  it.skipIf(DYNAMODB_ENDPOINT === undefined)('cost as many units as DynamoDB Local says', async () => {
    const real = emulator.client();
    const property = fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 30 }), async (made) => {
      await clear(real);
      let metered = 0;
      const note = ({ readUnits, writeUnits }: Metered): void => {
        metered += readUnits + writeUnits;
      };
      const memory = new MemoryDynamo([spec], note).attach(new DynamoDBClient({ region: 'eu-central-1' }));
      for (const one of made) {
        metered = 0;
        await answer(memory, one);
        const units = await unitsOf(real, one);
        // What fails says nothing of units.
        if (units !== null) expect([one, metered]).toEqual([one, units]);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

/** What the emulator says a call has cost, indexes included. Null: the call failed. */
async function unitsOf(client: DynamoDBClient, [action, input]: Call): Promise<number | null> {
  try {
    const asked = commandOf([action, { ...input, ReturnConsumedCapacity: 'TOTAL' }]);
    const { ConsumedCapacity } = await client.send(asked);
    return [ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  } catch {
    return null;
  }
}

/** Removes everything that a property may have put. */
async function clear(client: DynamoDBClient): Promise<void> {
  for (const pk of ['a', 'b']) {
    for (const sk of ['1', '2', '3', 'é', '𐐷']) {
      await client.send(new DeleteItemCommand({ TableName: TABLE, Key: marshall({ pk, sk }) }));
    }
  }
}
