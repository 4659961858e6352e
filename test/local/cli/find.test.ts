import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referralIdPages } from '../../../local/explain/referral-ids.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { tableSpecs } from '../../../local/stand-ins/tables.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import { hashOfReferral, LOCAL_HASH_KEY } from '../../../shared/platform/referral-hash.ts';
import { dynamoStores, type Stores } from '../../../shared/store/dynamo-stores.ts';
import { project } from '../../../shared/store/projection.ts';
import { Table } from '../../../shared/store/table.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { localStack } from '../stand-ins/stack.ts';
import { loopwatch } from './loopwatch.ts';

/** `loopwatch find --stage`: the stand-ins' stage is called `local`, and their hashes have a key of this machine. */

const MONDAY = at('03-02 14:00');
const hashOf = (referralId: string): string => hashOfReferral(LOCAL_HASH_KEY, referralId);
const received = (subject: string) => logged(sent('referral.received', MONDAY, receivedData(), { subject }));

async function takeIn(stores: Stores, referralId: string, type: 'received' | 'orphan'): Promise<void> {
  const config = sampleConfig();
  const version = await stores.configs.push(config, MONDAY);
  const event =
    type === 'received' ? received(referralId) : logged(sent('referral.accepted', MONDAY, {}, { subject: referralId }));
  const deps = { store: stores.referrals, config, version, now: () => MONDAY, backoff: async () => {} };
  await project(referralId, [event], deps);
}

describe('loopwatch find', () => {
  let stack: Awaited<ReturnType<typeof localStack>>;

  beforeAll(async () => {
    stack = await localStack(['dynamodb', 'sqs']);
    const { referrals = '', operations = '' } = stack.resources.tables;
    const stores = dynamoStores(stack.dynamodb, { referrals, operations, shards: 4 });
    for (let number = 1; number <= 30; number += 1) await takeIn(stores, `R-${number}`, 'received');
    await takeIn(stores, 'R-orphan', 'orphan');
    // What a fold that always fails leaves: an event without a referral.
    await stores.referrals.append(received('R-poison'));
  });
  afterAll(() => stack.standIns.stop());

  const find = (...args: string[]) =>
    loopwatch(['find', ...args], undefined, { DYNAMODB_ENDPOINT: stack.standIns.endpoints.dynamodb });

  it.each(['R-1', 'R-30', 'R-orphan', 'R-poison'])('names %s by its hash, after what it costs at most', async (id) => {
    const { code, stdout, stderr } = await find(hashOf(id), '--stage', 'local');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [cost, ...lines] = stdout.trimEnd().split('\n');
    expect(cost).toMatch(/^local: reads up to [\d,]+ items, [\d,]+ read units, less than 0\.01 US dollars$/);
    expect(lines).toEqual([id, `npx loopwatch explain ${id} --stage local`]);
  });

  it('prints it as data', async () => {
    const { code, stdout } = await find(hashOf('R-7'), '--stage', 'local', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      stage: 'local',
      hash: hashOf('R-7'),
      referralId: 'R-7',
      read: expect.any(Number),
      atMost: { items: expect.any(Number), readUnits: expect.any(Number), dollars: expect.any(Number) },
    });
  });

  it('fails if nothing stored has the hash, and says where else to look', async () => {
    const { code, stdout, stderr } = await find(hashOf('R-99'), '--stage', 'local', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ referralId: null });
    expect(stderr).toContain('no referral of stage local has this hash');
    expect(stderr).toContain('messageId');
  });

  it('takes what is no hash, and a missing stage, as wrong usage', async () => {
    expect(await find('R-1', '--stage', 'local')).toMatchObject({ code: 2, stdout: '' });
    expect(await find(hashOf('R-1'))).toMatchObject({ code: 2, stdout: '' });
  });

  it('says if the stage is not deployed', async () => {
    const { code, stderr } = await find(hashOf('R-1'), '--stage', 'other');
    expect(code).toBe(1);
    expect(stderr).toContain('other: no table loopwatch-other-referrals in this account and region');
  });
});

describe('the ids of all referrals', () => {
  it('come from the indexes first, page by page, and from the table last', async () => {
    const specs = tableSpecs(await localTemplates());
    const config: DynamoDBClientConfig = { region: 'us-east-1' };
    const client = new MemoryDynamo(specs, () => {}).attach(new DynamoDBClient(config));
    const names = { referrals: 'loopwatch-local-referrals', operations: 'loopwatch-local-operations' };
    const stores = dynamoStores(client, { ...names, shards: 4 });
    await takeIn(stores, 'R-1', 'received');
    await takeIn(stores, 'R-2', 'orphan');
    await stores.referrals.append(received('R-3'));
    const found: Record<string, string[]> = {};
    for await (const { source, ids } of referralIdPages(new Table(client, names.referrals))) {
      found[source] = [...(found[source] ?? []), ...ids].sort();
    }
    expect(found).toEqual({ due: ['R-1', 'R-2'], practice: ['R-1'], table: ['R-1', 'R-2', 'R-3'] });
  });
});
