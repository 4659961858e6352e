import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { REFUSAL_REASONS } from '../../../shared/contracts/vocabulary.ts';
import { errorName } from '../../../shared/platform/logger.ts';
import { toItem } from '../../../shared/store/dynamo.ts';
import { dynamoStores, type Stores } from '../../../shared/store/dynamo-stores.ts';
import { UnreadableItemError } from '../../../shared/store/read-item.ts';
import { eventItem, referralItem } from '../../../shared/store/referral-items.ts';
import { sampleConfig } from '../../builders/config.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { alertsIn, logged, mailJob, quarantined, stateOf, storedAlert, storedReferral } from '../../builders/stored.ts';

const NOW = at('03-02 14:00');
const SECRET = 'Sample Patient';

/** Stores over a table that answers every request with these items. */
function storesOver(...items: Record<string, unknown>[]): Stores {
  const dynamodb = new DynamoDBClient({ region: 'us-east-1' });
  const client = mockClient(dynamodb);
  const answers = items.map(toItem);
  client.on(QueryCommand).resolves({ Items: answers });
  client.on(GetItemCommand).resolves({});
  for (const Item of answers)
    client.on(GetItemCommand, { Key: { pk: Item.pk, sk: Item.sk } as never }).resolves({ Item });
  return dynamoStores(dynamodb, { referrals: 'r', operations: 'o' });
}

async function failureOf(read: Promise<unknown>): Promise<unknown> {
  return read.then(
    () => 'read',
    (error) => error,
  );
}

const CURRENT = { pk: 'config', sk: 'current', version: 'v', since: NOW, pushedAt: NOW, appliedPush: NOW };
const CONFIG = { pk: 'config', sk: 'v', config: gzipSync(JSON.stringify(sampleConfig())) };
const REFERRAL = referralItem(storedReferral(SECRET, { alerts: [storedAlert(SECRET)] }), 1);
const EVENT = eventItem(logged(sent('referral.accepted', NOW, {}, { subject: SECRET })));
const PROGRESS = { pk: `sweep#${NOW}`, sk: 'progress', shards: {}, swept: 1 };
const KEY = { kind: 'weekly', period: '2026-W09', scope: SECRET } as const;
const DAY = '2026-03-02';
const packed = (value: unknown) => gzipSync(JSON.stringify(value));

describe('an item that this version cannot read', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['config current', 'since', () => storesOver({ ...CURRENT, since: SECRET }).configs.inForce()],
    [
      'config <version>',
      'config.policy.versions',
      () => storesOver(CURRENT, { ...CONFIG, config: packed({ policy: {}, directory: {} }) }).configs.inForce(),
    ],
    ['1#referral', 'state', () => storesOver({ ...REFERRAL, state: packed(SECRET) }).referrals.loadLog(SECRET)],
    [
      '1#referral',
      'state.stage',
      () => {
        const state = deflateRawSync(JSON.stringify({ ...stateOf(SECRET), stage: SECRET }));
        return storesOver({ ...REFERRAL, state }).referrals.load(SECRET);
      },
    ],
    ['1#referral', 'version', () => storesOver({ ...REFERRAL, version: SECRET }).referrals.load(SECRET)],
    ['1#referral', 'alerts', () => storesOver({ ...REFERRAL, alerts: SECRET }).referrals.load(SECRET)],
    ['1#referral', 'alerts', () => alertsIn(storesOver({ ...REFERRAL, alerts: packed(SECRET) }).referrals, SECRET)],
    ['2#event#', 'event', () => storesOver({ ...EVENT, event: `{"subject":"${SECRET}` }).referrals.loadLog(SECRET)],
    ['2#event#', 'event.type', () => storesOver({ ...EVENT, event: `{"type":"${SECRET}"}` }).referrals.loadLog(SECRET)],
    ['referrals', 'pk', () => storesOver({ sk: SECRET }).referrals.pendingUrgent()],
    [
      'index due',
      'pk',
      async () => {
        for await (const _ of storesOver({ sk: SECRET, wakeAt: NOW }).referrals.due({ shard: 0, of: 1 }, NOW));
      },
    ],
    ['index practice', 'receivedAt', () => storesOver({ pk: `referral#${SECRET}` }).referrals.receivedFrom(SECRET)],
    [
      'sweep#<push> progress',
      'shards.2.0',
      () => storesOver({ ...PROGRESS, shards: { '2.0': SECRET } }).sweeps.load(NOW),
    ],
    ['sweep#<push> progress', 'swept', () => storesOver({ ...PROGRESS, swept: SECRET }).sweeps.load(NOW)],
    [
      'set-aside <hash of referral>',
      'error',
      () => storesOver({ referralId: SECRET, by: 'x', error: 7, since: NOW }).setAsides.all(),
    ],
    ['mail#<UTC date> <mail>', 'status', () => storesOver({ ...mailJob(DAY), status: SECRET }).mails.dueOn(DAY)],
    [
      'mail-content#<mail> content',
      'content.kind',
      () => {
        const content = packed({ kind: SECRET });
        return storesOver({ pk: 'mail-content#m', sk: 'content', content }).mails.frozen('m');
      },
    ],
    [
      'quarantine#<reason>',
      'dialect',
      () => storesOver({ ...quarantined('q'), sk: 'q', dialect: SECRET }).quarantine.list('invalid'),
    ],
    [
      'quarantine#<reason>',
      'arrivedAt',
      () => storesOver({ ...quarantined('q'), sk: 'q', arrivedAt: SECRET }).quarantine.list('invalid'),
    ],
    [
      'quarantine#<reason>',
      'refusedAt',
      () => storesOver({ ...quarantined('q'), sk: 'q', refusedAt: SECRET }).quarantine.list('invalid'),
    ],
    ['feeds <feed>', 'lastHeardAt', () => storesOver({ pk: 'feeds', sk: SECRET }).feeds.heard([SECRET])],
    [
      'feed-events last',
      'lastEventAt',
      () => storesOver({ pk: 'feed-events', sk: 'last', [`feed:${SECRET}`]: SECRET }).feeds.heard([SECRET]),
    ],
    ['unmapped#<UTC date> <hash>#<field>', 'arrivedAt', () => storesOver({ field: 'f' }).unmapped.countByField(0, 1)],
    ['unmatched-day#<UTC date> <id>', 'arrivedAt', () => storesOver({ sk: SECRET }).unmatched.heldBetween(0, 1)],
    ['practice#<practice>', 'event', () => storesOver({ event: SECRET }).practices.facts([SECRET])],
    [
      'report#<kind>#<period> <scope>',
      'report.asOf',
      () => {
        const report = packed({ week: '2026-W09', from: '', to: '' });
        return storesOver({ pk: 'report#weekly#2026-W09', sk: SECRET, report, charts: {} }).reports.get(KEY);
      },
    ],
    [
      'report-attempt latest',
      'push',
      () => {
        const attempt = { number: 1, leaseUntil: 0, push: SECRET, periods: [], unfinished: 0, retryAt: 0 };
        return storesOver({ pk: 'report-attempt', sk: 'latest', ...attempt }).reports.latestAttempt();
      },
    ],
    ['report-runs', 'asOf', () => storesOver({ kind: 'weekly', period: '2026-W09' }).reports.finishedPeriods()],
  ])('fails at %s, in %s, and says no more', async (shape, field, read) => {
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(UnreadableItemError);
    const { message, stack } = error as Error;
    expect(message).toContain(shape);
    expect(message).toContain(`${field}: `);
    expect(`${message}${stack}${errorName(error)}`).not.toContain(SECRET);
    expect(errorName(error)).toBe(`UnreadableItemError: ${message}`);
  });
});

describe('a configuration that was pushed before a setting had a default', () => {
  it('is read with that default', async () => {
    const { policy, directory } = JSON.parse(gunzipSync(CONFIG.config).toString());
    const { config: whole } = await storesOver(CURRENT, CONFIG).configs.inForce();
    expect(whole).toEqual(sampleConfig());
    for (const version of policy.versions) {
      for (const setting of ['silence', 'attendanceUnknownAfter', 'pauseCaps', 'attempts']) delete version[setting];
    }
    delete directory.organization.identifiers;
    delete directory.organization.sensitiveSpecialties;
    const { config } = await storesOver(CURRENT, {
      ...CONFIG,
      config: packed({ policy, directory }),
    }).configs.inForce();
    expect(config.policy.versions[0]).toMatchObject({
      silence: { stat: 1, routine: 10 },
      attendanceUnknownAfter: { value: 2, unit: 'business_days' },
      pauseCaps: { awaiting_information: 10 },
      attempts: { total: 3 },
    });
    expect(config.directory.organization).toMatchObject({ identifiers: 'reference', sensitiveSpecialties: [] });
  });
});

it.each(['arrivedAt', 'refusedAt'] as const)('Counting refused input fails at %s that cannot be read', async (by) => {
  const { quarantine } = storesOver({ arrivedAt: NOW, refusedAt: NOW, [by]: SECRET });
  const error = await failureOf(quarantine.countBetween(0, NOW, by));
  expect(error).toMatchObject({ message: '8 failed' });
  expect(errorName(error)).toBe(
    `UnreadableItemError: an item operations refused#<reason> <hash of body and place> can't be read: ${by}: Invalid input: expected number, received string`,
  );
});

it('Who asks to be told of them goes on without notes and counts that cannot be read', async () => {
  const told: string[] = [];
  const tell = (error: Error) => void told.push(error.name);
  const note = { sk: 'a', referralId: 'R-1', by: 'x', error: 'TypeError', since: NOW };
  const { setAsides } = storesOver({ ...note, since: SECRET }, note, { ...note, sk: 'b', takenBackAt: NOW });
  expect(await setAsides.all(tell)).toMatchObject([{ id: 'a', referralId: 'R-1', met: 0 }]);
  const { quarantine } = storesOver({ arrivedAt: SECRET }, { arrivedAt: NOW });
  expect((await quarantine.countBetween(0, NOW + 1, 'arrivedAt', tell)).invalid).toBe(1);
  const words = storesOver({ field: SECRET }, { field: 'referral.closed.reason', arrivedAt: NOW });
  expect(await words.unmapped.countByField(NOW, NOW + 1, tell)).toEqual({ 'referral.closed.reason': 1 });
  const codes = storesOver({ field: SECRET }, { field: 'appointment.status', value: 'X', arrivedAt: NOW });
  expect(await codes.unmapped.codesBetween(NOW, NOW + 1, tell)).toMatchObject([{ value: 'X', n: 1 }]);
  const place = { sk: 'u', sender: 's', dialect: 'csv', kind: 'row', arrivedAt: NOW, file: null, position: null };
  const { unmatched } = storesOver({ ...place, sender: 7 }, place);
  expect(await unmatched.heldBetween(NOW, NOW + 1, tell)).toMatchObject([{ id: 'u', sender: 's' }]);
  expect(told).toHaveLength(1 + REFUSAL_REASONS.length + 3);
  expect(new Set(told)).toEqual(new Set(['UnreadableItemError']));
});

it('What was refused before the instant of refusal was kept is listed as refused when it arrived', async () => {
  const { refusedAt: _, quarantineId: sk, ...item } = quarantined('q');
  const { quarantine } = storesOver({ ...item, sk });
  expect((await quarantine.list('invalid'))[0]).toEqual(quarantined('q', { refusedAt: item.arrivedAt }));
});
