import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { toItem } from '../../../shared/store/dynamo.ts';
import { DynamoReferralStore } from '../../../shared/store/dynamo-referral-store.ts';
import { eventItem, referralItem } from '../../../shared/store/referral-items.ts';
import { Table } from '../../../shared/store/table.ts';
import { sent } from '../../builders/events.ts';
import { logged, storedReferral } from '../../builders/stored.ts';

const SHARD = { shard: 0, of: 1 };
const key = (id: string) => ({ pk: { S: `referral#${id}` }, sk: { S: '1#referral' } });
const head = (id: string, wakeAt: number) => toItem({ pk: `referral#${id}`, sk: '1#referral', wakeAt });

/** Answers a query with these pages in turn; every one but the last says that there is more. */
function storeOver(pages: Record<string, unknown>[][]) {
  const dynamodb = new DynamoDBClient({ region: 'us-east-1' });
  const client = mockClient(dynamodb);
  pages.forEach((items, index) => {
    const more = index < pages.length - 1 ? { LastEvaluatedKey: key(`after-${index}`) } : {};
    client.on(QueryCommand, index === 0 ? {} : { ExclusiveStartKey: key(`after-${index - 1}`) }).resolves({
      Items: items as never,
      ...more,
    });
  });
  const waits: number[] = [];
  const store = new DynamoReferralStore(new Table(dynamodb, 't'), {
    shards: 1,
    backoff: async (attempt) => {
      waits.push(attempt);
    },
  });
  return { store, client, waits };
}

describe('A query of the referral table', () => {
  it('goes on after an empty page that says there is more', async () => {
    const { store } = storeOver([[head('a', 1)], [], [head('b', 2)]]);
    const pages: unknown[] = [];
    for await (const page of store.due(SHARD, 10)) pages.push(page);
    expect(pages).toEqual([[{ referralId: 'a', wakeAt: 1 }], [], [{ referralId: 'b', wakeAt: 2 }]]);
  });

  it('reads a referral whole, with its log, on whatever pages they come', async () => {
    const events = ['a', 'b'].map((id) => logged(sent('referral.accepted', '03-02 15:00', {}, { id })));
    const items = events.map((event) => toItem(eventItem(event)));
    const { store } = storeOver([
      [],
      [toItem(referralItem(storedReferral('R-1'), 1)), ...items.slice(0, 1)],
      items.slice(1),
    ]);
    expect(await store.loadLog('R-1')).toEqual({ stored: storedReferral('R-1'), log: events });
  });

  it('reads all referrals of an owner, whichever page of whichever key names them', async () => {
    const { store } = storeOver([[key('R-1'), key('R-2')], [], [key('R-2'), key('R-3')]]);
    expect(await store.listedUnder('coordinator', ['one', 'other'])).toEqual(['R-1', 'R-2', 'R-3']);
    expect(await store.escalatedAt(['north'])).toEqual(['R-1', 'R-2', 'R-3']);
    expect(await store.pendingUrgent()).toEqual(['R-1', 'R-2', 'R-3']);
  });

  it('reads every owner key that was registered', async () => {
    const keys = ['a', 'b'].map((sk) => ({ sk, liaisonId: null, practiceId: `practice-${sk}` }));
    const { store } = storeOver([...keys.map((each) => [toItem({ pk: 'owner-keys#liaison', ...each })]), []]);
    const expected = keys.map(({ sk, ...facts }) => ({ key: sk, facts }));
    expect(await store.ownerKeys('liaison')).toEqual(expected);
  });

  it('that goes on behind an entry begins there, and reads from page to page as any other', async () => {
    const { store, client } = storeOver([[], [], [head('c', 3)]]);
    const behind = { ...key('a'), dueShard: { S: 'due#2#1' }, wakeAt: { N: '1' } };
    client
      .on(QueryCommand, { ExclusiveStartKey: behind })
      .resolves({ Items: [head('b', 2)], LastEvaluatedKey: key('after-1') });
    const found: unknown[] = [];
    for await (const page of store.due({ shard: 1, of: 2 }, 10, { referralId: 'a', wakeAt: 1 })) found.push(...page);
    expect(found).toEqual([
      { referralId: 'b', wakeAt: 2 },
      { referralId: 'c', wakeAt: 3 },
    ]);
  });

  it('that fails on a later page is a failure, not a short answer', async () => {
    const { store, client } = storeOver([[head('a', 1)], []]);
    client.on(QueryCommand, { ExclusiveStartKey: key('after-0') }).rejects(new Error('throttled'));
    await expect(store.loadLog('a')).rejects.toThrow('throttled');
    await expect(store.pendingUrgent()).rejects.toThrow('throttled');
    await expect(store.ownerKeys('coordinator')).rejects.toThrow('throttled');
    await expect(store.listedUnder('coordinator', ['key'])).rejects.toThrow('throttled');
  });

  it('of facts to be changed is consistent; an index cannot be', async () => {
    const { store, client } = storeOver([[]]);
    await store.loadLog('R-1');
    await store.ownerKeys('liaison');
    await store.listedUnder('liaison', ['l-1']);
    const consistent = client.commandCalls(QueryCommand).map(({ args }) => args[0].input.ConsistentRead ?? false);
    expect(consistent).toEqual([true, true, false]);
    client.on(GetItemCommand).resolves({});
    await store.load('R-1');
    expect(client.commandCalls(GetItemCommand)[0]?.args[0].input.ConsistentRead).toBe(true);
  });
});

describe('The received referrals', () => {
  it('are all there, whatever of them a batch leaves unprocessed', async () => {
    const { store, client, waits } = storeOver([[]]);
    const ids = ['R-1', 'R-2', 'R-3'];
    client.on(ScanCommand).resolves({ Items: ids.map(key) });
    const answer = (given: string[], left: string[]) => ({
      Responses: { t: given.map((id) => toItem(referralItem(storedReferral(id), 1))) },
      UnprocessedKeys: left.length > 0 ? { t: { Keys: left.map(key) } } : {},
    });
    const asked = (of: string[]) => ({ RequestItems: { t: { Keys: of.map(key) } } });
    client.on(BatchGetItemCommand, asked(ids)).resolves(answer(['R-2'], ['R-1', 'R-3']));
    client
      .on(BatchGetItemCommand, asked(['R-1', 'R-3']))
      .resolvesOnce(answer([], ['R-1', 'R-3']))
      .resolves(answer(['R-3', 'R-1'], []));
    const found: string[] = [];
    for await (const page of store.received()) found.push(...page.map(({ state }) => state.referralId));
    expect(found).toEqual(['R-2', 'R-3', 'R-1']);
    expect(waits).toEqual([1, 2]);
  });

  it('are not asked for without end, and what is left is no empty answer', async () => {
    const { store, client, waits } = storeOver([[]]);
    client.on(BatchGetItemCommand).resolves({ Responses: { t: [] }, UnprocessedKeys: { t: { Keys: [key('R-1')] } } });
    await expect(store.loadMany(['R-1'])).rejects.toThrow('left 1 keys of a batch unread');
    expect(waits).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});
