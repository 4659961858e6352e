import { describe, expect, it } from 'vitest';
import { readCloudEvent } from '../../../shared/intake/cloudevents.ts';
import { receivedData, sent } from '../../builders/events.ts';

/** What a refusal says: the field and what would be right, and nothing that was sent. */

const received = (data: object) => sent('referral.received', '03-02 14:00', { ...receivedData(), ...data });
const refusal = (event: object): string => {
  const read = readCloudEvent(JSON.stringify(event), null);
  if (!('refusal' in read)) throw new Error('it was accepted');
  return read.refusal.detail;
};
const ofType = (type: string) => ({ ...sent('referral.accepted', '03-02 14:00', {}), type });

describe('A refusal says', () => {
  it.each([
    ['the words of the list', { priority: 'Jane Roe' }, 'data.priority: expected routine, urgent, asap or stat'],
    [
      'which of them is the nearest',
      { priority: 'Urgnt' },
      'data.priority: did you mean urgent? Expected routine, urgent, asap or stat',
    ],
    ['what is missing', { site: undefined }, 'data.site: missing, expected text'],
    ['what is null', { site: null }, 'data.site: null, expected text'],
    ['what is empty', { site: '' }, 'data.site: expected text that is not empty'],
    ['of what kind it is', { tags: 'Jane Roe' }, 'data.tags: found text, expected a list'],
    [
      'of what kind it is in a list',
      { priority: ['stat'] },
      'data.priority: found a list, expected routine, urgent, asap or stat',
    ],
    ['where in a list it is', { tags: ['a', 7] }, 'data.tags.1: found a number, expected text'],
    ['where in an object it is', { practice: {} }, 'data.practice.id: missing, expected text'],
    [
      'what a date looks like',
      { orderedAt: 'on Jane’s birthday' },
      'data.orderedAt: expected an RFC 3339 date-time with offset, or a date as YYYY-MM-DD',
    ],
    ['that a date is none', { requestedBy: '9999-12-31' }, 'data.requestedBy: expected a time from 2000 to 2100'],
    ['how long a name may be', { payer: 'J'.repeat(257) }, 'data.payer: expected at most 256 bytes'],
    [
      'all that is wrong',
      { priority: 'high', specialty: 4 },
      'data.priority: expected routine, urgent, asap or stat; data.specialty: found a number, expected text',
    ],
  ])('%s', (_, data, detail) => {
    expect(refusal(received(data))).toBe(detail);
  });

  it.each([
    ['appointment.noshow', 'appointment.no_show'],
    ['Referral.Close', 'referral.closed'],
    ['note.recieved', 'note.received'],
  ])('what %s may have meant', (type, known) => {
    expect(refusal(ofType(type))).toBe(`type: not one of the contract; did you mean ${known}?`);
  });

  it('what types begin with, where none is near', () => {
    expect(refusal(ofType('Jane Roe called'))).toBe(
      'type: not one of the contract; those begin with referral, contact, appointment, visit, note, referrer, event, alert, practice, feed',
    );
  });

  it('five faults of a hundred thousand, and how many more there are', () => {
    const detail = refusal(received({ tags: Array.from({ length: 100_000 }, () => 1) }));
    expect(detail).toMatch(/^data\.tags\.0: .*; data\.tags\.4: [^;]*; and 99995 more$/);
  });
});

describe('data_base64', () => {
  const encoded = (data: unknown, over: object = {}) => {
    const { data: _, ...event } = received({});
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    return { ...event, data_base64: Buffer.from(text).toString('base64'), ...over };
  };

  it('is read as JSON', () => {
    const read = readCloudEvent(JSON.stringify(encoded(receivedData({ site: 'Köln' }))), null);
    expect(read).toMatchObject({ event: { data: { site: 'Köln', priority: 'routine' } } });
  });

  it.each([
    ['not JSON', encoded('Jane Roe'), 'data_base64: expected JSON in UTF-8'],
    ['not base64', encoded({}, { data_base64: 'Jane Roe!' }), 'data_base64: expected base64'],
    ['not text', encoded({}, { data_base64: {} }), 'data_base64: expected base64'],
    [
      'not UTF-8',
      encoded({}, { data_base64: Buffer.from([0x22, 0xff, 0x22]).toString('base64') }),
      'data_base64: expected JSON in UTF-8',
    ],
    ['beside data', encoded(receivedData(), { data: {} }), 'data_base64: expected either data or data_base64'],
    ['wrong inside', encoded({ ...receivedData(), site: 4 }), 'data.site: found a number, expected text'],
    [
      'too deep inside',
      encoded(`${'['.repeat(64)}${']'.repeat(64)}`),
      'data: expected at most 64 levels of lists and objects',
    ],
  ])('is invalid if it is %s', (_, event, detail) => {
    expect(refusal(event)).toBe(detail);
  });

  it('is too large if its numbers are when they are written out', () => {
    const closing = {
      ...encoded(`{"reason":"moved","evidence":[${'1e20,'.repeat(40_000)}1]}`),
      type: 'referral.closed',
    };
    expect(JSON.stringify(closing).length).toBeLessThan(350_000);
    expect(readCloudEvent(JSON.stringify(closing), null)).toMatchObject({ refusal: { reason: 'too_large' } });
  });
});

describe('Nesting', () => {
  const closing = (levels: number) =>
    `{"specversion":"1.0","id":"1","source":"s","type":"referral.closed","subject":"R","time":"2026-03-02T14:00:00Z","data":{"reason":"moved","evidence":${'['.repeat(levels)}${']'.repeat(levels)}}}`;

  it('may be 64 levels deep, the event itself being the first', () => {
    expect(readCloudEvent(closing(62), null)).toHaveProperty('event');
    expect(readCloudEvent(closing(63), null)).toMatchObject({
      refusal: { reason: 'invalid', detail: 'data: expected at most 64 levels of lists and objects' },
    });
  });

  it('of half a million levels neither crashes nor hangs', () => {
    expect(readCloudEvent(closing(520_000), null)).toMatchObject({ refusal: { reason: 'invalid' } });
    const attribute = closing(1).replace(
      '"data"',
      `"Jane Roe":${'[{"a":'.repeat(100_000)}1${'}]'.repeat(100_000)},"data"`,
    );
    const read = readCloudEvent(attribute, null);
    expect(read).toMatchObject({ refusal: { reason: 'invalid', detail: expect.stringMatching(/^an attribute: /) } });
  });
});
