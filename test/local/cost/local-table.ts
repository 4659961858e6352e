import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { tableSpec } from '../../../local/cost/model.ts';

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

export const TABLE = 'loopwatch';

const definition = {
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'shard', 'due', 'week'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      KeySchema: [
        { AttributeName: 'shard', KeyType: 'HASH' },
        { AttributeName: 'due', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['stage'] },
    },
    {
      IndexName: 'cohort',
      KeySchema: [{ AttributeName: 'week', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
} satisfies CreateTableCommandInput;

export const spec = tableSpec(definition);

export interface LocalTable {
  /** A new client, whose calls are not recorded. */
  client(): DynamoDBClient;
  stop(): Promise<void>;
}

/** Another DynamoDB to compare with: DynamoDB Local, which also reports the units of indexes. */
export const { DYNAMODB_ENDPOINT } = process.env;

/** A table with two indexes in a local DynamoDB on a free port, or at `DYNAMODB_ENDPOINT`. */
export async function startLocalTable(): Promise<LocalTable> {
  const { endpoint, close } = DYNAMODB_ENDPOINT
    ? { endpoint: DYNAMODB_ENDPOINT, close: async () => {} }
    : await startDynalite();
  const clients: DynamoDBClient[] = [];
  const client = () => {
    const made = new DynamoDBClient({
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      // With more than one attempt, a test fails if the SDK tries again after a crash.
      maxAttempts: 3,
    });
    clients.push(made);
    return made;
  };
  await client().send(new CreateTableCommand(definition));
  return {
    client,
    async stop() {
      await client().send(new DeleteTableCommand({ TableName: TABLE }));
      for (const made of clients) made.destroy();
      await close();
    },
  };
}

async function startDynalite() {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      await new Promise((done) => server.close(done));
    },
  };
}
