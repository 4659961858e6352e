import { DeleteItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DUE_SHARDS } from '../../../infra/settings.ts';
import { toItem } from '../../../shared/store/dynamo.ts';
import { dynamoStores, type Stores } from '../../../shared/store/dynamo-stores.ts';
import { project } from '../../../shared/store/projection.ts';
import { referralItemKey } from '../../../shared/store/referral-items.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { localStack } from '../stand-ins/stack.ts';
import { loopwatch } from './loopwatch.ts';

/** `loopwatch rebuild --stage`: the stand-ins' stage is called `local`. */

const MONDAY = at('03-02 14:00');

describe('loopwatch rebuild', () => {
  let stack: Awaited<ReturnType<typeof localStack>>;
  let stores: Stores;

  beforeAll(async () => {
    stack = await localStack(['dynamodb', 'sqs']);
    const { referrals = '', operations = '' } = stack.resources.tables;
    stores = dynamoStores(stack.dynamodb, { referrals, operations, shards: DUE_SHARDS });
    const config = sampleConfig();
    const version = await stores.configs.push(config, MONDAY);
    for (const subject of ['R-1', 'R-2', 'R-3', 'R-lost']) {
      const event = logged(sent('referral.received', MONDAY, receivedData(), { subject }));
      const deps = { store: stores.referrals, config, version, now: () => MONDAY, backoff: async () => {} };
      await project(subject, [event], deps);
    }
  });
  afterAll(() => stack.standIns.stop());

  const rebuild = (...args: string[]) =>
    loopwatch(['rebuild', '--stage', 'local', ...args], undefined, {
      DYNAMODB_ENDPOINT: stack.standIns.endpoints.dynamodb,
      SQS_ENDPOINT: stack.standIns.endpoints.sqs,
    });
  const counts = async (...args: string[]) => JSON.parse((await rebuild('--json', ...args)).stdout);
  const key = (referralId: string) => ({
    TableName: stack.resources.tables.referrals,
    Key: toItem(referralItemKey(referralId)),
  });
  const overwrite = (referralId: string, attribute: string, value: string) =>
    stack.dynamodb.send(
      new UpdateItemCommand({
        ...key(referralId),
        UpdateExpression: 'SET #attribute = :value',
        ExpressionAttributeNames: { '#attribute': attribute },
        ExpressionAttributeValues: toItem({ ':value': value }),
      }),
    );

  it('writes nothing where nothing is wrong', async () => {
    const before = await stores.referrals.load('R-1');
    // What they are due at lies behind now, so a run is owed anyway.
    expect(await counts()).toMatchObject({ unchanged: 4, rebuilt: 0, failed: 0 });
    expect(await stores.referrals.load('R-1')).toEqual(before);
  });

  it('says first what it would do, then does it: a projection that can not be read, and one that is gone', async () => {
    const before = await stores.referrals.load('R-lost');
    await overwrite('R-2', 'state', 'garbage');
    await stack.dynamodb.send(new DeleteItemCommand(key('R-lost')));
    expect(await counts('--dry-run')).toMatchObject({ dryRun: true, unchanged: 2, rebuilt: 2 });
    expect(await stores.referrals.load('R-lost')).toBeNull();

    const { code, stdout } = await rebuild();
    expect(code).toBe(0);
    expect(stdout).toBe(
      '2 referrals rebuilt, 2 as they should be.\nThe next detection run looks at what was rebuilt.\n',
    );
    expect((await stores.referrals.load('R-lost'))?.state).toEqual(before?.state);
    expect(await counts()).toMatchObject({ unchanged: 4, rebuilt: 0 });
  });

  it('names what it can not make anew, makes the others, and fails', async () => {
    const { log } = await stores.referrals.loadLog('R-3');
    expect(log).toHaveLength(1);
    await stores.referrals.append(logged(sent('referral.accepted', MONDAY, {}, { subject: 'R-3', id: 'bad' })));
    const { referrals = '' } = stack.resources.tables;
    const items = await dynamoItems(referrals, 'R-3');
    for (const Key of items) {
      await stack.dynamodb.send(
        new UpdateItemCommand({
          TableName: referrals,
          Key,
          UpdateExpression: 'SET #event = :event',
          ExpressionAttributeNames: { '#event': 'event' },
          ExpressionAttributeValues: toItem({ ':event': 'no JSON' }),
        }),
      );
    }
    await overwrite('R-2', 'state', 'garbage');
    const { code, stdout, stderr } = await rebuild();
    expect(code).toBe(1);
    expect(stdout).toContain("1 referral can't be rebuilt:\n  R-3: UnreadableItemError:");
    expect(stdout).toContain('1 referral rebuilt');
    expect(stderr).toContain('1 referral could not be rebuilt');
  });

  it('makes one anew, and fails if nothing is stored of it', async () => {
    expect(await counts('--referral', 'R-1')).toMatchObject({ unchanged: 1, rebuilt: 0 });
    const { code, stderr } = await rebuild('--referral', 'R-none');
    expect(code).toBe(1);
    expect(stderr).toContain('R-none: nothing is stored of it');
  });

  /** The keys of the events in a referral's log. */
  async function dynamoItems(table: string, referralId: string) {
    const { Items = [] } = await stack.dynamodb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: toItem({ ':pk': referralItemKey(referralId).pk }),
      }),
    );
    return Items.filter(({ sk }) => sk?.S?.startsWith('2#event#')).map(({ pk, sk }) => ({ pk, sk }) as never);
  }
});
