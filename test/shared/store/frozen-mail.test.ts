import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { tableSpec } from '../../../local/cost/model.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import type { Metered } from '../../../local/memory-dynamo/metering.ts';
import { DAY_MS, SECOND_MS } from '../../../shared/contracts/duration.ts';
import { fromItem, type Item } from '../../../shared/store/dynamo.ts';
import { DynamoMailStore } from '../../../shared/store/dynamo-mail-store.ts';
import { UnreadableItemError } from '../../../shared/store/read-item.ts';
import { Table } from '../../../shared/store/table.ts';
import { MONDAY } from '../mail/builders.ts';
import { swampedDigest } from './swamped-digest.ts';

const OPERATIONS = 'operations';
const MAIL = '2026-03-02-m';
/** Three parts. */
const big = swampedDigest('one', 6000);
const small = { ...big, sections: [], stood: [] };

/** A store over a table in memory, and what tests need to see behind it. */
function openTable() {
  const calls: Metered[] = [];
  const spec = tableSpec({ TableName: OPERATIONS, KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }] });
  const dynamo = new MemoryDynamo([spec], (call) => calls.push(call));
  const client = () => dynamo.attach(new DynamoDBClient({ region: 'us-east-1' }));
  const table = new Table(client(), OPERATIONS);
  return {
    calls,
    table,
    mails: new DynamoMailStore(table),
    items: () => dynamo.items(OPERATIONS).map(fromItem),
    /** A sender that dies instead of making its call of this number, from 1. */
    dyingAt(call: number): DynamoMailStore {
      const dying = client();
      const send = dying.send.bind(dying) as (...args: unknown[]) => Promise<never>;
      let made = 0;
      dying.send = async (...args: unknown[]) => {
        made += 1;
        if (made >= call) throw new Error('the sender died');
        return send(...args);
      };
      return new DynamoMailStore(new Table(dying, OPERATIONS));
    },
  };
}

/** A store over a table that has these items. */
async function storeOver(items: readonly Item[]): Promise<DynamoMailStore> {
  const { table, mails } = openTable();
  for (const item of items) await table.putNew(item);
  return mails;
}

const isOther = ({ sk }: Item) => String(sk).startsWith('part#');

describe('What a mail says', () => {
  it('is one item and one write, if it is short', async () => {
    const { mails, calls, items } = openTable();
    await mails.freeze(MAIL, small);
    expect(calls.map(({ action }) => action)).toEqual(['PutItem']);
    expect(items()).toMatchObject([{ pk: `mail-content#${MAIL}`, sk: 'content', parts: 1 }]);
    expect(await mails.frozen(MAIL)).toEqual(small);
  });

  it('is cut into parts, if it is longer than an item; all expire together', async () => {
    const { mails, items } = openTable();
    await mails.freeze(MAIL, big);
    const first = items().find(({ sk }) => sk === 'content');
    expect(first?.parts).toBe(3);
    expect(items()).toHaveLength(3);
    expect(new Set(items().map(({ pk }) => pk)).size).toBe(1);
    const expiresAt = (MONDAY + 760 * DAY_MS) / SECOND_MS;
    expect(items().map((item) => item.expiresAt)).toEqual(items().map(() => expiresAt));
    expect(await mails.frozen(MAIL)).toEqual(big);
  });

  it('is not frozen before its last write, and is by the retry, whenever a sender dies', async () => {
    for (const call of [1, 2, 3]) {
      const { mails, dyingAt, items } = openTable();
      await expect(dyingAt(call).freeze(MAIL, big)).rejects.toThrow('the sender died');
      expect(items()).toHaveLength(call - 1);
      expect(await mails.frozen(MAIL)).toBeNull();
      expect(await mails.freeze(MAIL, big)).toEqual(big);
      expect(await mails.frozen(MAIL)).toEqual(big);
    }
  });

  it('is what the retry makes of it, whatever a sender that died left of something else', async () => {
    const { mails, dyingAt } = openTable();
    await expect(dyingAt(3).freeze(MAIL, big)).rejects.toThrow('the sender died');
    const other = swampedDigest('other');
    expect(await mails.freeze(MAIL, other)).toEqual(other);
    expect(await mails.frozen(MAIL)).toEqual(other);
  });

  it('is unreadable without one of its parts, or with another in its place', async () => {
    const { mails, items } = openTable();
    await mails.freeze(MAIL, big);
    const [one, two] = items().filter(isOther);
    for (const lost of items().filter(isOther)) {
      const store = await storeOver(items().filter(({ sk }) => sk !== lost.sk));
      await expect(store.frozen(MAIL)).rejects.toThrow(UnreadableItemError);
      await expect(store.frozen(MAIL)).rejects.toThrow("part#<hash>#<number> can't be read: there is none");
      await expect(store.freeze(MAIL, small)).rejects.toThrow(UnreadableItemError);
    }
    const swapped = items().map((item) => (item.sk === one?.sk ? { ...item, content: two?.content } : item));
    await expect((await storeOver(swapped)).frozen(MAIL)).rejects.toThrow('hash: not that of its parts');
    const cut = items().map((item) => (isOther(item) ? { ...item, content: 'text' } : item));
    await expect((await storeOver(cut)).frozen(MAIL)).rejects.toThrow(UnreadableItemError);
  });

  it.each([
    ['gzipped', gzipSync(JSON.stringify(small))],
    ['as text', JSON.stringify(small)],
  ])('is read as earlier releases kept it: %s', async (_, content) => {
    const mails = await storeOver([{ pk: `mail-content#${MAIL}`, sk: 'content', content, expiresAt: 1 }]);
    expect(await mails.frozen(MAIL)).toEqual(small);
    expect(await mails.freeze(MAIL, big)).toEqual(small);
  });
});
