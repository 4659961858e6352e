import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { MemoryDynamo } from '../memory-dynamo/memory-dynamo.ts';
import { serveTables } from '../memory-dynamo/serve.ts';
import { clientConfig } from './client-config.ts';

/** The tables in memory of this process, by the endpoint at which other processes ask them. */
const own = new Map<string, MemoryDynamo>();

/** Starts with no tables. Repeated calls of `close` do nothing. */
export async function serveOwnTables(): Promise<{ endpoint: string; close(): Promise<void> }> {
  const tables = new MemoryDynamo();
  const { endpoint, close } = await serveTables(tables);
  own.set(endpoint, tables);
  return {
    endpoint,
    close: async () => {
      if (own.delete(endpoint)) await close();
    },
  };
}

/** The tables in this process's memory that are served at an endpoint; undefined if another process serves it. */
export const ownTables = (endpoint: string): MemoryDynamo | undefined => own.get(endpoint);

/** A client for DynamoDB at an endpoint. It asks tables in this process's memory without a network. */
export function newDynamoClient(endpoint: string): DynamoDBClient {
  const client = new DynamoDBClient(clientConfig(endpoint));
  return own.get(endpoint)?.attach(client) ?? client;
}
