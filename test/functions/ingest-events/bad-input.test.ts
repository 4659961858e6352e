import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { RefusalReason } from '../../../shared/contracts/vocabulary.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import type { Message } from '../../builders/sqs.ts';
import { MemoryQuarantineStore, MemoryReferralStore } from '../../doubles/memory-stores.ts';
import { World } from '../../doubles/world.ts';

const NOW = at('03-02 15:00');
const message = (body: unknown, more: Partial<Message> = {}): Message => ({
  body: typeof body === 'string' ? body : JSON.stringify(body),
  sentAt: NOW,
  ...more,
});
const received = (subject: string) => sent('referral.received', '03-02 14:00', receivedData(), { subject });
const call = (over: object = {}) => ({
  ...sent('contact.attempted', '03-02 14:30', { channel: 'phone', outcome: 'voicemail' }),
  ...over,
});

async function open() {
  const quarantine = new MemoryQuarantineStore();
  const referrals = new MemoryReferralStore();
  const world = await World.open(sampleConfig(), { quarantine, referrals });
  const deliver = (messages: Message[]) => world.deliver({ at: NOW, messages });
  const refused = async () =>
    (await quarantine.all()).map(({ reason, detail, body, file, position }) => ({
      reason,
      detail,
      body,
      file,
      position,
    }));
  const rows = (ids: string[]) => world.rows(ids, NOW);
  return { world, deliver, refused, rows, referrals };
}

/** Sends a bad message between two good ones of other referrals, and one of its own referral. */
async function amongNeighbours(bad: Message) {
  const { deliver, refused, rows } = await open();
  const response = await deliver([
    message(received('before')),
    message(received('R-1')),
    bad,
    message(received('after')),
  ]);
  const { referrals } = await rows(['before', 'R-1', 'after']);
  return { response, refused: await refused(), applied: referrals };
}

const BAD: [RefusalReason, string, unknown, RegExp][] = [
  ['malformed', 'what is not JSON', '{"specversion":"1.0",', /not JSON/],
  ['malformed', 'JSON that is no object', '["specversion"]', /object/],
  ['malformed', 'null', 'null', /object/],
  ['malformed', 'an object that is no CloudEvent', { id: 'a', type: 'referral.accepted' }, /specversion/],
  ['invalid', 'an event without a source', { ...call(), source: undefined }, /^source: /],
  ['invalid', 'an empty id', call({ id: '' }), /^id: /],
  ['invalid', 'a subject of more than 128 characters', call({ subject: 's'.repeat(129) }), /^subject: /],
  ['invalid', 'a time without offset', call({ time: '2026-03-02T14:30:00' }), /^time: /],
  ['invalid', 'a day that does not exist', call({ time: '2026-02-30T14:30:00Z' }), /^time: /],
  ['invalid', 'a recordedtime that is none', call({ recordedtime: 'yesterday' }), /^recordedtime: /],
  ['invalid', 'a field that is missing', call({ data: { channel: 'phone' } }), /^data\.outcome: /],
  ['invalid', 'a word that is no text', call({ data: { channel: 5, outcome: 'sent' } }), /^data\.channel: /],
  ['invalid', 'data that is no object', call({ data: 'phone' }), /^data: /],
  ['invalid', 'a retraction of nothing', call({ type: 'event.retracted', data: { source: 's' } }), /^data\.id: /],
  ['unknown_type', 'a type of another contract', call({ type: 'referral.teleported' }), /^type: /],
  ['unknown_type', 'a type that every object has', call({ type: 'constructor' }), /^type: /],
  [
    'time_in_future',
    'an event dated more than 10 minutes ahead',
    call({ time: '2026-03-02T15:10:00.001Z' }),
    /^time: /,
  ],
  ['too_large', 'a message over 1 MiB', call({ padding: 'x'.repeat(1024 * 1024) }), /1 MiB/],
  ['too_large', 'one event of over 350 KB', call({ padding: 'x'.repeat(350_000) }), /350 KB/],
];

describe('Bad input', () => {
  it.each(BAD)('is refused as %s: %s; its neighbours are taken in', async (reason, _what, body, detail) => {
    const { response, refused, applied } = await amongNeighbours(message(body));
    expect(response).toEqual({ batchItemFailures: [] });
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ reason, detail: expect.stringMatching(detail) });
    expect(applied.map(({ referralId }) => referralId)).toEqual(['before', 'R-1', 'after']);
    expect(applied.map(({ attempts }) => attempts.made)).toEqual([0, 0, 0]);
  });

  it('is kept with its body and its place', async () => {
    const { refused } = await amongNeighbours(message('{', { attributes: { file: 'a.ndjson', position: '7' } }));
    expect(refused[0]).toMatchObject({ body: '{', file: 'a.ndjson', position: 7 });
  });

  it('is counted once, however often it is delivered, and twice if it was sent twice', async () => {
    const { deliver, refused } = await open();
    const place = (position: string) => message('{', { attributes: { file: 'a.ndjson', position } });
    await deliver([place('1'), place('2')]);
    await deliver([place('2'), place('1')]);
    expect((await refused()).map(({ position }) => position)).toEqual([1, 2]);
  });

  it('says which field is wrong and never what was in it', async () => {
    const data = { about: 'Jane Roe' };
    const { refused } = await amongNeighbours(message(call({ type: 'referrer.notified', data })));
    expect(refused[0]?.detail).toMatch(/about/);
    expect(refused[0]?.detail).not.toMatch(/Jane/);
  });

  it('is no event dated exactly 10 minutes ahead, and nothing unknown beside what is known', async () => {
    const { refused, applied } = await amongNeighbours(
      message(call({ time: '2026-03-02T15:10:00Z', colour: 'blue', data: { ...call().data, mood: 'good' } })),
    );
    expect(refused).toEqual([]);
    expect(applied[1]?.attempts.made).toBe(1);
  });

  it('is no message of exactly 1 MiB, if most of it is white space', async () => {
    const event = JSON.stringify(call());
    const body = event.padEnd(1024 * 1024);
    expect(Buffer.byteLength(body)).toBe(1024 * 1024);
    const { refused, applied } = await amongNeighbours(message(body));
    expect(refused).toEqual([]);
    expect(applied[1]?.attempts.made).toBe(1);
  });

  it('is no event of exactly 350,000 bytes', async () => {
    const empty = JSON.stringify(call({ padding: '' }));
    const body = empty.replace('"padding":""', `"padding":"${'x'.repeat(350_000 - empty.length)}"`);
    expect(Buffer.byteLength(body)).toBe(350_000);
    const { refused } = await amongNeighbours(message(body));
    expect(refused).toEqual([]);
  });

  it('is kept although the sender’s attributes say no place, or more than an item holds', async () => {
    const attributes = { file: 'f'.repeat(500_000), position: 'first' };
    const { refused } = await amongNeighbours(message('{', { attributes }));
    expect(refused).toMatchObject([{ reason: 'malformed', file: 'f'.repeat(1000), position: null }]);
  });
});

describe('What is no referral', () => {
  it('notes a heartbeat and a practice’s event, and makes no referral', async () => {
    const { deliver, referrals, refused, world } = await open();
    await deliver([
      message(sent('feed.heartbeat', '03-02 14:59', {}, { subject: 'labs' })),
      message(sent('practice.contacted', '03-02 14:58', { by: 'l-1' }, { subject: 'practice-1' })),
    ]);
    expect(await refused()).toEqual([]);
    expect(referrals.ids()).toEqual([]);
    expect(await world.stores.practices.facts(['practice-1'])).toMatchObject([{ lastContactAt: NOW - 2 * MINUTE_MS }]);
  });
});
