import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/ingest-events/handler.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import { silentMetrics } from '../../../shared/platform/metrics.ts';
import type { Written } from '../../../shared/store/conditional-write.ts';
import type { LoggedEvent, StoredReferral } from '../../../shared/store/referral-store.ts';
import { OversizedItemError } from '../../../shared/store/table.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { sqsEvent } from '../../builders/sqs.ts';
import { MemoryReferralStore, memoryStores } from '../../doubles/memory-stores.ts';

const NOW = at('03-02 15:00');

/** Fails for the given referrals: on reading, on putting an event, or always on the race for the state. */
class FailingStore extends MemoryReferralStore {
  readonly failing = new Map<string, 'load' | 'append' | 'race'>();

  override async loadLog(referralId: string) {
    if (this.failing.get(referralId) === 'load') throw new Error('throttled');
    return super.loadLog(referralId);
  }

  /** What putting an event of a type throws. */
  readonly events = new Map<string, Error>();

  override async append(logged: LoggedEvent): Promise<Written> {
    const error = this.events.get(logged.event.type);
    if (error) throw error;
    if (this.failing.get(logged.event.subject) === 'append') throw new Error('throttled');
    return super.append(logged);
  }

  override async save(stored: StoredReferral, expected: number | null): Promise<Written> {
    if (this.failing.get(stored.state.referralId) === 'race') return 'conflict';
    return super.save(stored, expected);
  }
}

async function open() {
  const referrals = new FailingStore();
  const { referrals: _, ...stores } = memoryStores();
  const { configs, quarantine } = stores;
  await configs.push(sampleConfig(), 0);
  const handler = createHandler({
    ...{ ...stores, referrals, shards: 4, metrics: silentMetrics },
    time: { now: () => NOW },
    backoff: async () => {},
    log: silentLog,
  });
  const deliver = async (bodies: readonly string[]) => {
    const event = sqsEvent(bodies.map((body) => ({ body, sentAt: NOW })));
    const response = (await handler(event, lambdaContext('ingest-events', 60))) as unknown as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return bodies.filter((_, index) => failed.has(event.Records[index]?.messageId ?? ''));
  };
  const stages = async (ids: string[]) =>
    Promise.all(ids.map(async (id) => (await referrals.loadLog(id)).stored?.state.stage ?? null));
  return { referrals, configs, quarantine, deliver, stages };
}

const received = (subject: string) =>
  JSON.stringify(sent('referral.received', '03-02 14:00', receivedData(), { subject }));
const closed = (subject: string) =>
  JSON.stringify(sent('referral.closed', '03-02 14:30', { reason: 'distance' }, { subject }));

describe('A batch', () => {
  it('of which nothing fails is done', async () => {
    const { deliver, stages } = await open();
    expect(await deliver([received('a'), received('b'), closed('a')])).toEqual([]);
    expect(await stages(['a', 'b'])).toEqual(['closed', 'to_contact']);
  });

  it('without records is done', async () => {
    const { deliver } = await open();
    expect(await deliver([])).toEqual([]);
  });

  it.each(['load', 'append', 'race'] as const)(
    'gives back exactly the records of the referral that failed (%s)',
    async (how) => {
      const { referrals, quarantine, deliver, stages } = await open();
      referrals.failing.set('b', how);
      const bodies = [received('a'), received('b'), '{"bad', closed('b'), received('c'), closed('a')];
      expect(await deliver(bodies)).toEqual([bodies[1], bodies[3]]);
      referrals.failing.clear();
      expect(await stages(['a', 'b', 'c'])).toEqual(['closed', null, 'to_contact']);
      expect((await quarantine.all()).map(({ reason }) => reason)).toEqual(['malformed']);
    },
  );

  it('gives back one event that can not be put, and takes the others of its referral, with its repetition', async () => {
    const { referrals, deliver, stages } = await open();
    referrals.events.set('referral.closed', new Error('throttled'));
    const close = closed('a');
    const bodies = [received('a'), close, close, received('b')];
    expect(await deliver(bodies)).toEqual([bodies[1], bodies[2]]);
    expect(await stages(['a', 'b'])).toEqual(['to_contact', 'to_contact']);
    referrals.events.clear();
    expect(await deliver([close])).toEqual([]);
    expect(await stages(['a'])).toEqual(['closed']);
  });

  it('refuses an event that no item can hold, and takes the others of its referral', async () => {
    const { referrals, quarantine, deliver, stages } = await open();
    referrals.events.set('referral.closed', new OversizedItemError('too large'));
    const bodies = [received('a'), closed('a')];
    expect(await deliver(bodies)).toEqual([]);
    expect(await stages(['a'])).toEqual(['to_contact']);
    expect(await quarantine.all()).toMatchObject([{ reason: 'too_large', body: bodies[1] }]);
  });

  it('of which everything fails is given back whole', async () => {
    const { referrals, deliver } = await open();
    for (const id of ['a', 'b', 'c']) referrals.failing.set(id, 'load');
    const bodies = [received('a'), received('b'), closed('b'), received('c')];
    expect(await deliver(bodies)).toEqual(bodies);
  });

  it('that comes again repairs what the failure left: an event in the log without its projection', async () => {
    const { referrals, deliver, stages } = await open();
    referrals.failing.set('a', 'race');
    const bodies = [received('a'), closed('a')];
    expect(await deliver(bodies)).toEqual(bodies);
    expect((await referrals.loadLog('a')).log).toHaveLength(2);
    expect(await stages(['a'])).toEqual([null]);
    referrals.failing.clear();
    expect(await deliver(bodies)).toEqual([]);
    expect(await stages(['a'])).toEqual(['closed']);
  });

  it('gives back a record that reading it fails at, and only that', async () => {
    const { deliver, stages } = await open();
    const unreadable = undefined as unknown as string;
    expect(await deliver([received('a'), unreadable, received('b')])).toEqual([unreadable]);
    expect(await stages(['a', 'b'])).toEqual(['to_contact', 'to_contact']);
  });

  it('gives back the bad record if the quarantine can’t be written, and only that', async () => {
    const { quarantine, deliver, stages } = await open();
    quarantine.add = async () => {
      throw new Error('throttled');
    };
    expect(await deliver([received('a'), '{"bad'])).toEqual(['{"bad']);
    expect(await stages(['a'])).toEqual(['to_contact']);
  });

  it('is given back whole if the configuration can’t be read: nothing is taken in by other rules', async () => {
    const { configs, quarantine, deliver, stages } = await open();
    configs.inForce = async () => {
      throw new Error('throttled');
    };
    const bodies = [received('a'), '{"bad'];
    expect(await deliver(bodies)).toEqual(bodies);
    expect(await quarantine.all()).toEqual([]);
    expect(await stages(['a'])).toEqual([null]);
  });
});
