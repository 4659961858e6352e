import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientConfig } from '../../../local/stand-ins/client-config.ts';
import { startStandIns } from '../../../local/stand-ins/index.ts';
import { provision } from '../../../local/stand-ins/provision.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { dynamoStores } from '../../../shared/store/dynamo-stores.ts';
import type { TestedStores } from './stores.ts';

/** The real stores over tables made from the synthesized templates, on the local stand-in of DynamoDB. */
export async function openTables(): Promise<TestedStores> {
  // The templates name queues as well, and provisioning makes whatever they name.
  const [standIns, templates] = await Promise.all([startStandIns({ only: ['dynamodb', 'sqs'] }), localTemplates()]);
  const { tables, functions } = await provision(templates, standIns.endpoints);
  const client = new DynamoDBClient(clientConfig(standIns.endpoints.dynamodb));
  const { referrals = '', operations = '' } = tables;
  const shards = Number(functions['detect-breaches'].env.DUE_SHARDS);
  const open = () => dynamoStores(client, { referrals, operations, shards });
  return {
    ...open(),
    shards,
    another: open,
    close: async () => {
      client.destroy();
      await standIns.stop();
    },
  };
}
