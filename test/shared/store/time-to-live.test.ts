import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { tableSpec } from '../../../local/cost/model.ts';
import { MemoryDynamo } from '../../../local/memory-dynamo/memory-dynamo.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { coordinatorDigest } from '../../../shared/domain/mail/coordinator-digest.ts';
import { dynamoStores } from '../../../shared/store/dynamo-stores.ts';
import { accepted, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { mailJob, quarantined } from '../../builders/stored.ts';
import { config, coordinator, FRIDAY, MONDAY } from '../mail/builders.ts';

const table = (name: string) =>
  tableSpec({ TableName: name, KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }] });

describe('what DynamoDB removes by itself', () => {
  it('are mails, what they said, practice events, refused input, its counts and sweeps, each after its time', async () => {
    const dynamo = new MemoryDynamo([table('referrals'), table('operations')]);
    const stores = dynamoStores(dynamo.attach(new DynamoDBClient({ region: 'us-east-1' })), {
      referrals: 'referrals',
      operations: 'operations',
    });
    const contacted = sent('practice.contacted', '03-02 14:00', { by: 'l-1' }, { subject: 'p-1' });
    const content = coordinatorDigest({
      ...{ recipient: coordinator(), period: '2026-03-02', asOf: MONDAY, since: FRIDAY },
      ...{ hasLast: true, memory: new Map(), alerts: [], config: config() },
    });
    if (content === null) throw new Error('a Monday has an all-clear');
    await stores.mails.plan(mailJob('2026-03-02-a', { dueAt: MONDAY }));
    await stores.mails.freeze('2026-03-02-a', content);
    await stores.practices.append(accepted(contacted), at('03-02 14:00'));
    await stores.quarantine.add(quarantined('q', { body: 'x'.repeat(60_000), arrivedAt: MONDAY }));
    await stores.configs.push(config(), MONDAY);
    await stores.sweeps.saveProgress(MONDAY, { shards: {}, swept: 0 }, MONDAY);
    await stores.setAsides.put({ referralId: 'R-1', by: 'detect-breaches', error: 'TypeError', since: MONDAY });
    await stores.setAsides.put({ referralId: 'R-2', by: 'detect-breaches', error: 'TypeError', since: MONDAY });
    const notes = await stores.setAsides.all();
    for (const note of notes.filter(({ referralId }) => referralId === 'R-2')) {
      await stores.setAsides.takeBack(note, MONDAY);
    }
    const days = dynamo.items('operations').map(({ pk, expiresAt }): [string, number | null] => {
      const from = pk?.S?.startsWith('practice#') ? at('03-02 14:00') : MONDAY;
      const kept = expiresAt?.N === undefined ? null : (Number(expiresAt.N) * 1000 - from) / DAY_MS;
      return [pk?.S?.split('#')[0] ?? '', kept];
    });
    expect(days.sort()).toEqual([
      ['config', null],
      ['config', null],
      ['config-pushes', null],
      ['mail', 760],
      ['mail-content', 760],
      ['practice', 760],
      ['quarantine', 90],
      ['quarantine-body', 90],
      ['refused', 200],
      ['set-aside', null],
      ['set-aside', 90],
      ['sweep', 760],
    ]);
  });
});
