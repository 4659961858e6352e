import { DynamoDBClient, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoReferralStore } from '../../../shared/store/dynamo-referral-store.ts';
import { Table } from '../../../shared/store/table.ts';
import { stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';

const COORDINATOR = 'owner-keys#coordinator';
const LIAISON = 'owner-keys#liaison';
const ITEM = 'referral#R-1';
const watched = storedReferral('R-1', { alerts: [storedAlert('R-1')] });

describe('a worker that writes a referral with new owner keys', () => {
  const dynamodb = new DynamoDBClient({ region: 'us-east-1' });
  const client = mockClient(dynamodb);
  /** Partition keys of what was put, in order, the refused ones too. */
  const puts = (): unknown[] => client.commandCalls(PutItemCommand).map(({ args }) => args[0].input.Item?.pk?.S);
  const refuse = (pk: string) =>
    client.on(PutItemCommand).callsFake(({ Item }: PutItemCommandInput) => {
      if (Item?.pk?.S === pk) throw new Error('throttled');
      return {};
    });
  const worker = () => new DynamoReferralStore(new Table(dynamodb, 't'));

  beforeEach(() => {
    client.reset();
    client.on(PutItemCommand).resolves({});
  });

  it('registers both before it puts the referral', async () => {
    await worker().save(watched, null);
    expect(puts()).toEqual([COORDINATOR, LIAISON, ITEM]);
  });

  it('leaves them registered if it dies before the referral is put', async () => {
    refuse(ITEM);
    await expect(worker().save(watched, null)).rejects.toThrow('throttled');
    expect(puts()).toEqual([COORDINATOR, LIAISON, ITEM]);
  });

  it.each([COORDINATOR, LIAISON])('puts no referral if the item in %s is refused', async (registry) => {
    refuse(registry);
    await expect(worker().save(watched, null)).rejects.toThrow('throttled');
    expect(puts()).not.toContain(ITEM);
  });

  it('registers a key once, and another when facts change', async () => {
    const referrals = worker();
    await referrals.save(watched, null);
    await referrals.save({ ...watched, version: 2 }, 1);
    expect(puts()).toEqual([COORDINATOR, LIAISON, ITEM, ITEM]);
    await referrals.save({ ...watched, state: stateOf('R-1', { site: 'west' }), version: 3 }, 2);
    expect(puts().slice(4)).toEqual([COORDINATOR, ITEM]);
  });

  it('registers again what was refused', async () => {
    const referrals = worker();
    refuse(LIAISON);
    await expect(referrals.save(watched, null)).rejects.toThrow('throttled');
    client.on(PutItemCommand).resolves({});
    await referrals.save(watched, null);
    expect(puts()).toEqual([COORDINATOR, LIAISON, LIAISON, ITEM]);
  });
});
