import { describe, expect, it } from 'vitest';
import { sameContent, sentAs } from '../../../shared/domain/referral/content.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, type SentEvent, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { MemoryQuarantineStore, MemoryReferralStore } from '../../doubles/memory-stores.ts';
import { World } from '../../doubles/world.ts';

/** When the same id again is a repetition, and when it is `id_reused`. */

const NOW = at('03-02 15:00');
const received = (subject = 'R-1') => sent('referral.received', '03-02 14:00', receivedData(), { subject });
const call = (over: object = {}): SentEvent => ({
  ...sent('contact.attempted', '03-02 14:30', { channel: 'phone', outcome: 'voicemail' }),
  ...over,
});

async function open() {
  const quarantine = new MemoryQuarantineStore();
  const referrals = new MemoryReferralStore();
  const world = await World.open(sampleConfig(), { quarantine, referrals });
  const deliver = (events: object[]) =>
    world.deliver({ at: NOW, messages: events.map((event) => ({ body: JSON.stringify(event), sentAt: NOW })) });
  const refused = async () => (await quarantine.all()).map(({ reason }) => reason);
  const attempts = async (id = 'R-1') => (await world.rows([id], NOW)).referrals[0]?.attempts;
  return { deliver, refused, attempts, referrals, practices: world.stores.practices };
}

/** Sends two events with one id. @returns what of them was refused, and who stayed */
async function both(first: object, second: object) {
  const { deliver, refused, referrals } = await open();
  await deliver([received(), first, second]);
  await deliver([second]);
  const { log } = await referrals.loadLog('R-1');
  const [kept] = log.filter(({ event }) => event.id === 'same').map(({ event }) => event);
  return { refused: await refused(), kept };
}

const first = call({ id: 'same' });
const closing = (data: object | null | undefined) => ({ ...call({ id: 'same', type: 'referral.closed' }), data });

describe('An id that was used before', () => {
  it.each([
    ['type', { ...first, type: 'note.signed', data: {} }],
    ['time', { ...first, time: '2026-03-02T14:31:00.000Z' }],
    ['data', { ...first, data: { channel: 'letter', outcome: 'sent' } }],
    ['fields that nobody knows', { ...first, data: { ...first.data, mood: 'good' } }],
    ['null where there was nothing', { ...first, data: { ...first.data, nextAttemptAt: null } }],
  ])('is refused with another or with %s; the first to arrive stays', async (_what, second) => {
    const { refused, kept } = await both(first, second);
    expect(refused).toEqual(['id_reused']);
    expect(kept).toMatchObject({ type: 'contact.attempted', time: at('03-02 14:30'), data: { channel: 'phone' } });
  });

  it('is refused with another word of the sender’s own, though both count as the same', async () => {
    const { refused } = await both(closing({ reason: 'moved house' }), closing({ reason: 'moved away' }));
    expect(refused).toEqual(['id_reused']);
    expect((await both(closing({}), closing({ reason: 'unspecified' }))).refused).toEqual(['id_reused']);
  });

  it.each([
    ['in another order of its keys', { ...first, data: { outcome: 'voicemail', channel: 'phone' } }],
    ['at the same instant in another zone', { ...first, time: '2026-03-02T09:30:00.000-05:00' }],
    ['with finer digits', { ...first, time: '2026-03-02T14:30:00.000999Z' }],
    ['of another entity', { ...first, entity: 'Call/2' }],
    [
      'in base64',
      { ...first, data: undefined, data_base64: Buffer.from(JSON.stringify(first.data)).toString('base64') },
    ],
  ])('is a repetition %s', async (_how, second) => {
    expect((await both(first, second)).refused).toEqual([]);
  });

  it.each([
    ['none', closing(undefined)],
    ['null', closing(null)],
  ])('is a repetition if data was empty and is %s', async (_, second) => {
    expect((await both(closing({}), second)).refused).toEqual([]);
  });

  it('is a repetition, recorded at another time; the first recordedtime stays', async () => {
    const recorded = (time: string) => ({ ...first, recordedtime: `2026-03-02T${time}:00Z` });
    const { refused, kept } = await both(recorded('14:59'), recorded('14:40'));
    expect(refused).toEqual([]);
    expect(kept?.recordedAt).toBe(at('03-02 14:59'));
  });

  it('is another event under another source, or of another referral', async () => {
    const { deliver, refused, attempts } = await open();
    await deliver([
      received('R-1'),
      received('R-2'),
      first,
      { ...first, source: '/other', data: { channel: 'letter', outcome: 'sent' } },
      { ...first, subject: 'R-2', data: { channel: 'portal', outcome: 'sent' } },
    ]);
    expect(await refused()).toEqual([]);
    expect([(await attempts('R-1'))?.made, (await attempts('R-2'))?.made]).toEqual([2, 1]);
  });

  it('is another event of another practice, and a repetition of the same', async () => {
    const { deliver, practices } = await open();
    const contact = (subject: string, time: string) =>
      sent('practice.contacted', time, { by: 'l-1' }, { subject, id: 'same' });
    await deliver([contact('p-1', '03-02 10:00'), contact('p-2', '03-02 11:00'), contact('p-1', '03-02 12:00')]);
    expect((await practices.facts(['p-1', 'p-2'])).map(({ lastContactAt }) => lastContactAt)).toEqual([
      at('03-02 10:00'),
      at('03-02 11:00'),
    ]);
  });
});

describe('An event that was stored before it was noted how it was sent', () => {
  const offset = {
    ...call({ id: 'same' }),
    data: { channel: 'phone', outcome: 'sent', nextAttemptAt: '2026-03-04T09:00:00-05:00' },
  };

  it.each([
    ['in the same words', offset, []],
    ['with a field that nobody knows', { ...offset, data: { ...offset.data, mood: 'good' } }, []],
    ['with other data', { ...offset, data: { ...offset.data, channel: 'letter' } }, ['id_reused']],
  ])('is compared by what was kept: %s', async (_, again, reasons) => {
    const { deliver, refused, referrals } = await open();
    await referrals.append(logged(offset));
    await deliver([again]);
    expect(await refused()).toEqual(reasons);
  });
});

describe('What is noted of how an event was sent', () => {
  const { event } = logged(call());

  it('is a sign if it is kept that way, and 16 characters if not', () => {
    expect(sentAs({ outcome: 'voicemail', channel: 'phone' }, event.data)).toBe('=');
    expect(sentAs({ ...event.data, mood: 'good' }, event.data)).toMatch(/^[\w-]{16}$/);
  });

  it('tells the same whether a field was known then or is known since', () => {
    const sentData = { ...event.data, mood: 'good' };
    const then = { event, sent: sentAs(sentData, event.data) };
    const knownSince = { ...event, data: sentData } as typeof event;
    expect(sameContent(then, { event: knownSince, sent: sentAs(sentData, sentData as typeof event.data) })).toBe(true);
    expect(sameContent(then, { event: knownSince, sent: sentAs(event.data, event.data) })).toBe(false);
  });
});

describe('A referral of 2,000 events', () => {
  const letter = (index: number) => call({ id: `n-${index}`, data: { channel: 'letter', outcome: 'sent' } });
  const full = async () => {
    const world = await open();
    await world.deliver([received('R-1'), ...Array.from({ length: 1998 }, (_, index) => letter(index))]);
    return world;
  };

  it('takes no more; repetitions and other referrals are none of its business', async () => {
    const { deliver, refused, attempts } = await full();
    await deliver([letter(0), received('R-2'), letter(1998), letter(1999), letter(2000), letter(5)]);
    expect(await refused()).toEqual(['limit', 'limit']);
    expect([(await attempts('R-1'))?.letters, (await attempts('R-2'))?.letters]).toEqual([1999, 0]);
  });

  it('takes 100 more of what ends, voids, reopens or retracts', async () => {
    const { deliver, refused, referrals } = await full();
    const data = { 'referral.cancelled': { by: 'patient' }, 'event.retracted': { source: '/records', id: 'n-0' } };
    const last = (
      type: keyof typeof data | 'referral.closed' | 'referral.voided' | 'referral.reopened',
      index: number,
    ) => call({ id: `last-${index}`, type, data: data[type as keyof typeof data] ?? {} });
    const types = [
      'referral.closed',
      'referral.cancelled',
      'referral.voided',
      'referral.reopened',
      'event.retracted',
    ] as const;
    const lasts = Array.from({ length: 101 }, (_, index) => last(types[index % 5] as (typeof types)[number], index));
    await deliver([letter(1998), ...lasts.slice(0, 100)]);
    expect(await refused()).toEqual([]);
    await deliver([lasts[100] as SentEvent, letter(1999), lasts[0] as SentEvent]);
    expect(await refused()).toEqual(['limit', 'limit']);
    expect((await referrals.loadLog('R-1')).log).toHaveLength(2100);
  });
});
