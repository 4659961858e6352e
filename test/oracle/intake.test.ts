import { describe, expect, it } from 'vitest';
import { intake } from './intake.ts';

type Sent = Record<string, unknown>;
const ARRIVAL = Date.parse('2026-03-05T14:00:00Z');
let ids = 0;

function sent(type: string, data: unknown = {}, more: Sent = {}): Sent {
  return {
    specversion: '1.0',
    id: `e${++ids}`,
    source: 's',
    type,
    subject: 'R',
    time: '2026-03-05T14:00:00Z',
    data,
    ...more,
  };
}
const taken = (...events: unknown[]) =>
  intake(
    events.map((event) => ({ event, arrivedAt: ARRIVAL })),
    ARRIVAL,
  );
/** `invalid data.startsAt` and so on, or `accepted`. */
function verdict(...events: unknown[]): string {
  const { refused } = taken(...events);
  return (
    refused.map(({ reason, detail }) => (reason === 'invalid' ? `${reason} ${detail}` : reason)).join() || 'accepted'
  );
}

const receipt = (more: Sent = {}) =>
  sent('referral.received', {
    priority: 'routine',
    specialty: 'dermatology',
    site: 'north',
    practice: { id: 'p' },
    patient: { id: 'x' },
    ...more,
  });
const call = (more: Sent = {}) => ({ channel: 'phone', outcome: 'reached', ...more });

describe('Instants and dates', () => {
  it.each([
    ['1999-12-31T23:59:59.999Z', false],
    ['1999-12-31T19:00:00-05:00', true],
    ['2100-12-31T23:59:59.999Z', true],
    ['2101-01-01T00:00:00Z', false],
    ['9999-12-31T00:00:00Z', false],
  ])('%s is within the bounds: %s', (at, within) => {
    const expected = (field: string) => (within ? 'accepted' : `invalid ${field}`);
    expect(verdict(sent('referral.accepted', {}, { recordedtime: at }))).toBe(expected('recordedtime'));
    expect(verdict(sent('appointment.scheduled', { appointmentId: 'A', startsAt: at }))).toBe(
      expected('data.startsAt'),
    );
    expect(verdict(sent('contact.attempted', call({ nextAttemptAt: at })))).toBe(expected('data.nextAttemptAt'));
    expect(verdict(receipt({ orderedAt: at }))).toBe(expected('data.orderedAt'));
    expect(verdict(sent('alert.snoozed', { kind: 'all', by: 'c', until: at }))).toBe(expected('data.until'));
  });

  it('a time outside is invalid, not in the future', () => {
    expect(verdict(sent('referral.accepted', {}, { time: '1900-01-01T00:00:00Z' }))).toBe('invalid time');
    expect(verdict(sent('referral.accepted', {}, { time: '2101-01-01T00:00:00Z' }))).toBe('invalid time');
    expect(verdict(sent('referral.accepted', {}, { time: '2100-01-01T00:00:00Z' }))).toBe('time_in_future');
  });

  it('dates alone have the same bounds', () => {
    expect(verdict(receipt({ orderedAt: '1900-01-01' }))).toBe('invalid data.orderedAt');
    expect(verdict(receipt({ requestedBy: '9999-12-31' }))).toBe('invalid data.requestedBy');
    expect(verdict(receipt({ orderedAt: '2000-01-01', requestedBy: '2100-12-31' }))).toBe('accepted');
  });
});

describe('Lengths', () => {
  const long = 'é'.repeat(128); // 256 bytes
  it('an id, name or word has up to 256 bytes', () => {
    expect(verdict(sent('referral.accepted', {}, { id: long, source: long, entity: long, subject: long }))).toBe(
      'accepted',
    );
    expect(verdict(sent('referral.accepted', {}, { id: `${long}x` }))).toBe('invalid id');
    expect(verdict(sent('referral.accepted', {}, { entity: `${long}x` }))).toBe('invalid entity');
    expect(verdict(sent('referral.accepted', {}, { subject: '\u{1F4C5}'.repeat(65) }))).toBe('invalid subject');
    expect(verdict(sent('visit.arrived', { appointmentId: `${long}x` }))).toBe('invalid data.appointmentId');
    expect(verdict(receipt({ practice: { id: 'p', name: `${long}x` } }))).toBe('invalid data.practice.name');
    expect(verdict(receipt({ tags: ['a', `${long}x`] }))).toBe('invalid data.tags');
    expect(verdict(sent('referral.closed', { reason: `${long}x` }))).toBe('invalid data.reason');
  });

  it('a note to an acknowledgement and evidence may be longer', () => {
    const note = 'x'.repeat(1000);
    expect(verdict(sent('alert.acknowledged', { kind: 'note', by: 'c', note }))).toBe('accepted');
    expect(verdict(sent('referral.closed', { reason: 'cost', evidence: note }))).toBe('accepted');
  });

  it('an event has up to 350 KB', () => {
    const event = (bytes: number) => {
      const small = sent('referral.accepted', { pad: '' }, { id: 'large' });
      return { ...small, data: { pad: 'x'.repeat(bytes - JSON.stringify(small).length) } };
    };
    expect(verdict(event(350_000))).toBe('accepted');
    expect(verdict(event(350_001))).toBe('too_large');
  });

  it('an event has up to 64 levels, its own and that of data included', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(verdict(sent('referral.accepted', { deep: nested(62) }))).toBe('accepted');
    expect(verdict(sent('referral.accepted', { deep: nested(63) }))).toBe('invalid depth');
    expect(verdict(sent('referral.accepted', { deep: JSON.parse('['.repeat(5000) + ']'.repeat(5000)) }))).toBe(
      'invalid depth',
    );
  });
});

describe('data_base64', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const encoded = (data_base64: unknown, data?: unknown) => {
    const { data: _, ...rest } = sent('contact.attempted');
    return { ...rest, data_base64, ...(data !== undefined && { data }) };
  };

  it('is read as JSON, the same as data', () => {
    const once = encoded(base64(JSON.stringify(call())));
    expect(taken(once).events[0]?.data).toEqual(call());
    const { data_base64: _, ...plain } = { ...once, data: call() };
    expect(taken(once, plain)).toMatchObject({ events: [{}], refused: [] });
  });

  it.each<[string, unknown, unknown?]>([
    ['no base64', '{"channel":"phone"}'],
    ['no JSON', base64('phone')],
    ['no UTF-8', Buffer.from(JSON.stringify(call({ channel: '\xff' })), 'latin1').toString('base64')],
    ['no text', 5],
    ['data too', base64(JSON.stringify(call())), call()],
  ])('is invalid with %s', (_what, data_base64, data) => {
    expect(verdict(encoded(data_base64, data))).toBe('invalid data');
  });
});

describe('Words', () => {
  it('an unknown word is taken in, what is no word is not', () => {
    expect(verdict(sent('contact.attempted', call({ channel: 'fax', outcome: 'busy' })))).toBe('accepted');
    expect(verdict(sent('contact.attempted', { channel: 'phone' }))).toBe('invalid data.outcome');
    expect(verdict(sent('contact.attempted', call({ channel: null })))).toBe('invalid data.channel');
    expect(verdict(sent('referral.closed', { reason: 5 }))).toBe('invalid data.reason');
    expect(verdict(sent('referral.declined', { reason: ['other'] }))).toBe('invalid data.reason');
  });

  it('of other fields an unknown value is invalid', () => {
    expect(verdict(sent('referral.paused', { reason: 'holiday' }))).toBe('invalid data.reason');
    expect(verdict(sent('appointment.cancelled', { appointmentId: 'A', by: 'nobody' }))).toBe('invalid data.by');
    expect(verdict(sent('alert.acknowledged', { kind: 'booked_late', by: 'c' }))).toBe('accepted');
    expect(verdict(sent('alert.acknowledged', { kind: 'lateness', by: 'c' }))).toBe('invalid data.kind');
  });
});

describe('An id', () => {
  const first = sent('referral.closed', { reason: 'moved away' }, { id: 'same' });

  it('stands for data as sent: other words are other content, though both are unspecified', () => {
    expect(verdict(first, { ...first })).toBe('accepted');
    expect(verdict(first, { ...first, data: { reason: 'gone' } })).toBe('id_reused');
    expect(verdict(first, { ...first, data: { reason: 'moved away', more: 1 } })).toBe('id_reused');
  });

  it('keeps the recordedtime that came first', () => {
    const { events, refused } = taken(first, { ...first, recordedtime: '2026-03-05T14:00:30Z' });
    expect(refused).toEqual([]);
    expect(events.map(({ recorded }) => recorded)).toEqual([Date.parse('2026-03-05T14:00:00Z')]);
  });

  it('of a practice event counts once a subject and source', () => {
    const contacted = sent('practice.contacted', { by: 'l' }, { id: 'same', subject: 'P-1' });
    const { events, refused } = taken(
      contacted,
      { ...contacted },
      { ...contacted, subject: 'P-2' },
      {
        ...contacted,
        source: 't',
      },
    );
    expect(events.length).toBe(3);
    expect(refused).toEqual([]);
  });
});

describe('The limit', () => {
  const calls = (n: number) => Array.from({ length: n }, () => sent('contact.attempted', call()));

  it('of 2,000 events leaves room for 100 that end, void, reopen or retract', () => {
    const full = calls(2000);
    expect(verdict(...full, sent('contact.attempted', call()))).toBe('limit');
    const last = [
      sent('referral.closed'),
      sent('referral.cancelled', { by: 'system' }),
      sent('referral.reopened'),
      sent('referral.voided'),
      sent('event.retracted', { source: 's', id: 'x' }),
    ];
    expect(verdict(...full, ...last)).toBe('accepted');
    expect(verdict(...full, sent('alert.acknowledged', { kind: 'all', by: 'c' }))).toBe('limit');
    const ends = Array.from({ length: 101 }, () => sent('referral.reopened'));
    expect(taken(...full, ...ends)).toMatchObject({ events: { length: 2100 }, refused: [{ reason: 'limit' }] });
  });

  it('is for referrals, not for feeds', () => {
    const beats = Array.from({ length: 2001 }, () => sent('feed.heartbeat', {}, { subject: 'records' }));
    expect(verdict(...beats)).toBe('accepted');
  });
});
