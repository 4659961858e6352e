import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { clientConfig } from '../../../local/stand-ins/client-config.ts';
import { startStandIns } from '../../../local/stand-ins/index.ts';
import { provision } from '../../../local/stand-ins/provision.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { DynamoOperationsStore } from '../../../shared/store/dynamo-operations-store.ts';
import { DynamoReferralStore } from '../../../shared/store/dynamo-referral-store.ts';
import type { Stores } from './stores.ts';

/** The real stores over tables made from the synthesized templates, on the local stand-in of DynamoDB. */
export async function openTables(): Promise<Stores> {
  // The templates name queues as well, and provisioning makes whatever they name.
  const [standIns, templates] = await Promise.all([startStandIns({ only: ['dynamodb', 'sqs'] }), localTemplates()]);
  const { tables, functions } = await provision(templates, standIns.endpoints);
  const client = new DynamoDBClient(clientConfig(standIns.endpoints.dynamodb));
  const table = tables.operations ?? '';
  const shards = Number(functions['detect-breaches'].env.DUE_SHARDS);
  const operations = new DynamoOperationsStore(client, { table });
  return {
    referrals: new DynamoReferralStore(client, { table: tables.referrals ?? '', shards }),
    operations,
    shards,
    quarantined: (reason) => operations.quarantined(reason),
    lastHeard: async (feed) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { pk: { S: 'feeds' }, sk: { S: feed } } }),
      );
      return Item?.lastHeardAt?.N === undefined ? null : Number(Item.lastHeardAt.N);
    },
    another: () => new DynamoOperationsStore(client, { table }),
    close: async () => {
      client.destroy();
      await standIns.stop();
    },
  };
}
