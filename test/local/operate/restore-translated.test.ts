import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { DUE_SHARDS } from '../../../infra/settings.ts';
import type { TableSpec } from '../../../local/cost/model.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { restoreInto } from '../../../local/operate/restore.ts';
import { tableSpecs } from '../../../local/stand-ins/tables.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { dynamoStores } from '../../../shared/store/dynamo-stores.ts';
import type { LoggedEvent } from '../../../shared/store/referral-store.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';

/** What comes back of translated events from tables that were restored to an earlier time. */

const MONDAY = at('03-02 14:00');
const TUESDAY = MONDAY + DAY_MS;
const NAMES = { referrals: 'loopwatch-local-referrals', operations: 'loopwatch-local-operations' };
const SPECS = tableSpecs(await localTemplates());
const RESTORED = { referrals: 'restored-referrals', operations: 'restored-operations' };
const specOf = (table: 'referrals' | 'operations') => ({
  ...(SPECS.find(({ name }) => name === NAMES[table]) as TableSpec),
  name: RESTORED[table],
});

const translation = (site: string): LoggedEvent => ({
  ...logged(sent('referral.received', MONDAY, receivedData({ site }), { subject: 'R-1', id: 'received' })),
  sent: site,
  isTranslated: true,
});

async function stage() {
  const dynamo = new MemoryDynamo([...SPECS, specOf('referrals'), specOf('operations')]);
  const client = dynamo.attach(new DynamoDBClient({ region: 'us-east-1' }));
  const stores = dynamoStores(client, { ...NAMES, shards: DUE_SHARDS });
  await stores.configs.push(sampleConfig(), MONDAY);
  return {
    ...stores,
    items: (table: 'referrals' | 'operations') => dynamo.items(NAMES[table]),
    put: (TableName: string, Item: object) => client.send(new PutItemCommand({ TableName, Item: Item as never })),
    backUp: async (table: 'referrals' | 'operations') => {
      for (const Item of dynamo.items(NAMES[table])) {
        await client.send(new PutItemCommand({ TableName: RESTORED[table], Item }));
      }
    },
    restore: (table: 'referrals' | 'operations') =>
      restoreInto(
        {
          name: 'the test',
          tables: { client, names: NAMES },
          sqs: {} as SQSClient,
          queueUrl: async () => '',
          now: TUESDAY,
        },
        { [table]: RESTORED[table] },
      ),
  };
}

describe('a translated event that the restored table has', () => {
  it('does not take the place of a later translation', async () => {
    const { referrals, backUp, restore } = await stage();
    await referrals.append(translation('north'));
    await backUp('referrals');
    const [read] = (await referrals.loadLog('R-1')).log;
    expect(await referrals.replace(translation('west'), read as LoggedEvent)).toBe('written');
    expect(await restore('referrals')).toMatchObject({ putBack: 0 });
    expect((await referrals.loadLog('R-1')).log).toMatchObject([{ event: { data: { site: 'west' } } }]);
  });

  it('comes back if the one in its place can not be read', async () => {
    const { referrals, backUp, restore, items, put } = await stage();
    await referrals.append(translation('north'));
    await backUp('referrals');
    const [item] = items('referrals').filter(({ sk }) => sk?.S?.startsWith('2#event'));
    await put(NAMES.referrals, { ...item, event: { S: '{}' } });
    expect(await restore('referrals')).toMatchObject({ putBack: 1 });
    expect((await referrals.loadLog('R-1')).log).toMatchObject([{ event: { data: { site: 'north' } } }]);
  });
});
