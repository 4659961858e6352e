import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';
import { World } from '../../doubles/world.ts';

/** What happened must not be lost with a word of the sender's own; how often it was replaced is counted. */

const MONDAY = at('03-02 15:00');
const WEEK = 7 * DAY_MS;
const ALWAYS = [0, at('2027-01-01T00:00:00Z')] as const;
const EVENT = { subject: 'R-1', source: '/records' };

async function open() {
  const stores = memoryStores();
  const world = await World.open(sampleConfig(), stores);
  const deliver = (events: object[], sentAt = MONDAY) =>
    world.deliver({ at: sentAt, messages: events.map((event) => ({ body: JSON.stringify(event), sentAt })) });
  await deliver([sent('referral.received', '03-02 14:00', receivedData())]);
  const row = async () => (await world.rows(['R-1'], MONDAY)).referrals[0];
  const counts = (from: number = ALWAYS[0], to: number = ALWAYS[1]) => stores.unmapped.countByField(from, to);
  return { ...stores, deliver, row, counts };
}

const said = (type: string, data?: unknown): SentEvent =>
  ({ ...sent('referral.accepted', '03-02 14:30', {}), type, data }) as SentEvent;

describe('A word of the sender’s own', () => {
  it.each([
    ['no data', undefined],
    ['no reason', {}],
    ['null', { reason: null }],
    ['another text', { reason: 'Patient moved away' }],
    ['nothing', { reason: '' }],
    ['another spelling', { reason: 'Moved' }],
  ])('closes a referral as unspecified: %s', async (_, data) => {
    const { deliver, row, counts } = await open();
    await deliver([said('referral.closed', data)]);
    expect(await row()).toMatchObject({ stage: 'closed', endReason: 'unspecified' });
    expect(await counts()).toEqual({ 'referral.closed.reason': 1 });
  });

  it('declines a referral for another reason', async () => {
    const { deliver, row, counts } = await open();
    await deliver([said('referral.declined', { reason: 'no interpreter' }), said('referral.declined')]);
    expect(await row()).toMatchObject({ stage: 'declined' });
    expect(await counts()).toEqual({ 'referral.declined.reason': 2 });
  });

  it('is an attempt by another channel with another outcome, and counts twice', async () => {
    const { deliver, row, counts } = await open();
    await deliver([said('contact.attempted', { channel: 'pigeon', outcome: 'lost' })]);
    expect(await row()).toMatchObject({ stage: 'to_contact', attempts: { made: 1, phoneDays: 0, letters: 0 } });
    expect(await counts()).toEqual({ 'contact.attempted.channel': 1, 'contact.attempted.outcome': 1 });
  });

  it('is none of the list, nor `other` itself', async () => {
    const { deliver, counts } = await open();
    await deliver([
      said('referral.closed', { reason: 'unspecified' }),
      said('referral.declined', { reason: 'other' }),
      said('contact.attempted', { channel: 'other', outcome: 'other' }),
    ]);
    expect(await counts()).toEqual({});
  });

  it('is kept nowhere', async () => {
    const { deliver, referrals } = await open();
    await deliver([said('referral.closed', { reason: 'Jane Roe moved' })]);
    expect(JSON.stringify(await referrals.loadLog('R-1'))).not.toMatch(/Jane/);
  });

  it('has to be text, and of an attempt has to be there', async () => {
    const { deliver, quarantine, counts } = await open();
    await deliver([
      said('referral.closed', { reason: 7 }),
      said('contact.attempted', { channel: null, outcome: 'sent' }),
      said('contact.attempted', { channel: 'phone' }),
    ]);
    expect((await quarantine.list('invalid')).map(({ detail }) => detail).sort()).toEqual([
      'data.channel: null, expected text',
      'data.outcome: missing, expected text',
      'data.reason: found a number, expected text',
    ]);
    expect(await counts()).toEqual({});
  });
});

describe('A replaced word', () => {
  const closing = said('referral.closed', { reason: 'moved away' });

  it('counts when its event first arrived, and not again when it is repeated', async () => {
    const { deliver, counts } = await open();
    await deliver([closing]);
    await deliver([closing], MONDAY + WEEK);
    expect(await counts(MONDAY, MONDAY + 1)).toEqual({ 'referral.closed.reason': 1 });
    expect(await counts(MONDAY + 1)).toEqual({});
  });

  it('counts once for one event that two messages of a batch bring', async () => {
    const { deliver, counts } = await open();
    await deliver([closing, closing]);
    expect(await counts()).toEqual({ 'referral.closed.reason': 1 });
  });

  it('counts nothing if its event is refused', async () => {
    const { deliver, counts } = await open();
    await deliver([closing, { ...closing, data: { reason: 'moved house' } }]);
    expect(await counts()).toEqual({ 'referral.closed.reason': 1 });
  });

  it('is not lost if its write fails, or the function dies before it: the message comes back, in whatever week', async () => {
    const { deliver, unmapped, counts, referrals } = await open();
    const { add } = unmapped;
    unmapped.add = async () => {
      throw new Error('throttled');
    };
    expect((await deliver([closing])).batchItemFailures).toHaveLength(1);
    expect((await referrals.loadLog('R-1')).log).toHaveLength(2);
    unmapped.add = add;
    await deliver([closing], MONDAY + WEEK);
    expect(await counts(MONDAY, MONDAY + 1)).toEqual({ 'referral.closed.reason': 1 });
    expect(
      await unmapped.add({ event: { ...EVENT, id: closing.id }, field: 'referral.closed.reason', arrivedAt: MONDAY }),
    ).toBe('conflict');
  });
});
