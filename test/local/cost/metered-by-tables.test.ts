import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recorder } from '../../../local/cost/recorder.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { serveTables } from '../../../local/memory-dynamo/serve.ts';
import { clientConfig } from '../../../local/stand-ins/client-config.ts';
import { type Call, calls, commandOf } from '../memory-dynamo/calls.ts';
import { spec } from './local-table.ts';

/** What a recorder notes of calls, whether they succeed or fail. */
async function recorded(client: DynamoDBClient, made: readonly Call[]) {
  const recorder = new Recorder([spec]);
  recorder.attach(client);
  for (const one of made) await client.send(commandOf(one)).catch(() => {});
  return recorder.calls.map(({ estimated, ...call }) => call);
}

it('a recorder notes of tables in memory what it works out of an emulator that says nothing of units', async () => {
  const property = fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 25 }), async (made) => {
    const inside = await recorded(
      new MemoryDynamo([spec]).attach(new DynamoDBClient({ region: 'eu-central-1' })),
      made,
    );
    const { endpoint, close } = await serveTables(new MemoryDynamo([spec]));
    const client = new DynamoDBClient(clientConfig(endpoint));
    try {
      expect(inside).toEqual(await recorded(client, made));
    } finally {
      client.destroy();
      await close();
    }
  });
  await fc.assert(property, { numRuns: 40 });
});
