import { startStandIns } from '../../../local/stand-ins/index.ts';
import { newDynamoClient } from '../../../local/stand-ins/own-tables.ts';
import { provision } from '../../../local/stand-ins/provision.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { dynamoStores } from '../../../shared/store/dynamo-stores.ts';
import type { TestedStores } from './stores.ts';

/** The real stores over tables made from the synthesized templates, on the local stand-in of DynamoDB. */
export async function openTables(): Promise<TestedStores> {
  // The templates name queues as well, and provisioning makes whatever they name.
  const [standIns, templates] = await Promise.all([
    startStandIns({ only: ['dynamodb', 'sqs'], database: 'dynalite' }),
    localTemplates(),
  ]);
  const { tables, functions } = await provision(templates, standIns.endpoints);
  const client = newDynamoClient(standIns.endpoints.dynamodb);
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
