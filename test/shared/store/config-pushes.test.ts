import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { tableSpecs } from '../../../local/stand-ins/tables.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { Item } from '../../../shared/store/dynamo.ts';
import { DynamoConfigStore } from '../../../shared/store/dynamo-config-store.ts';
import { configKey } from '../../../shared/store/operations-keys.ts';
import { Table } from '../../../shared/store/table.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';

/** Who pushed what when: whatever dies in between, and whichever release pushed before. */

const NOW = at('03-02 14:00');
const SPECS = tableSpecs(await localTemplates());

/** A table of which the next put of a push fails. */
class DyingTable extends Table {
  dies = false;
  override async putNew(item: Item) {
    if (this.dies && item.pk === 'config-pushes') throw new Error('died');
    return super.putNew(item);
  }
}

function named(name: string): Config {
  const config = sampleConfig();
  config.directory.organization.name = name;
  return config;
}

let table: DyingTable;
let store: DynamoConfigStore;
beforeEach(() => {
  const client = new MemoryDynamo(SPECS, () => {}).attach(new DynamoDBClient({ region: 'us-east-1' }));
  table = new DyingTable(client, 'loopwatch-local-operations');
  store = new DynamoConfigStore(table, { backoff: async () => {} });
});

describe('the pushes of configurations', () => {
  it('are none at first', async () => {
    expect(await store.pushes()).toEqual([]);
  });

  it('are all kept, with who pushed', async () => {
    const versions: string[] = [];
    for (const [index, by] of ['a', null, 'c'].entries()) {
      versions.unshift(await store.push(named(String(index)), NOW + index * HOUR_MS, by));
    }
    expect(await store.pushes()).toEqual([
      { version: versions[0], pushedAt: NOW + 2 * HOUR_MS, by: 'c' },
      { version: versions[1], pushedAt: NOW + HOUR_MS, by: null },
      { version: versions[2], pushedAt: NOW, by: 'a' },
    ]);
  });

  it('of the same configuration twice is one, and who pushed it first', async () => {
    const version = await store.push(named('x'), NOW, 'a');
    await store.push(named('x'), NOW + HOUR_MS, 'b');
    expect(await store.pushes()).toEqual([{ version, pushedAt: NOW, by: 'a' }]);
  });

  it('are complete, though who pushed died before it was noted', async () => {
    table.dies = true;
    await expect(store.push(named('x'), NOW, 'a')).rejects.toThrow('died');
    table.dies = false;
    const { version } = await store.inForce();
    expect(await store.pushes()).toEqual([{ version, pushedAt: NOW, by: 'a' }]);
    const next = await store.push(named('y'), NOW + HOUR_MS, 'b');
    expect(await store.pushes()).toEqual([
      { version: next, pushedAt: NOW + HOUR_MS, by: 'b' },
      { version, pushedAt: NOW, by: 'a' },
    ]);
  });

  it('say of the push of an earlier release when it was, and not that it was somebody else’s', async () => {
    const first = await store.push(named('x'), NOW, 'a');
    const second = await store.push(named('y'), NOW + HOUR_MS, 'b');
    // As an earlier release pushes: it knows nothing of who.
    await table.update({
      key: configKey('current'),
      UpdateExpression: 'SET version = :version, pushedAt = :now',
      ConditionExpression: 'version <> :version',
      values: { ':version': first, ':now': NOW + 2 * HOUR_MS },
    });
    const expected = [
      { version: first, pushedAt: NOW + 2 * HOUR_MS, by: null },
      { version: second, pushedAt: NOW + HOUR_MS, by: 'b' },
      { version: first, pushedAt: NOW, by: 'a' },
    ];
    expect(await store.pushes()).toEqual(expected);
    const last = await store.push(named('z'), NOW + 3 * HOUR_MS, 'c');
    expect(await store.pushes()).toEqual([{ version: last, pushedAt: NOW + 3 * HOUR_MS, by: 'c' }, ...expected]);
  });

  it('at once are both kept, and one is in force', async () => {
    await store.push(named('x'), NOW, 'a');
    await Promise.all([store.push(named('y'), NOW + HOUR_MS, 'b'), store.push(named('z'), NOW + HOUR_MS + 1, 'c')]);
    const pushes = await store.pushes();
    expect(pushes.map(({ by }) => by).sort()).toEqual(['a', 'b', 'c']);
    expect(pushes.map(({ version }) => version)).toContain((await store.inForce()).version);
  });
});
