import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../../../../shared/contracts/instant.ts';
import { readTimestamp } from '../../../../../shared/intake/dialects/hl7v2/timestamp.ts';
import { event, message, refused, segment, translated } from './messages.ts';

describe('a time', () => {
  test.each([
    ['2026', '2026-01-01T00:00:00', null],
    ['202603', '2026-03-01T00:00:00', null],
    ['20260302', '2026-03-02T00:00:00', null],
    ['2026030209', '2026-03-02T09:00:00', null],
    ['202603020930', '2026-03-02T09:30:00', null],
    ['20260302093015', '2026-03-02T09:30:15', null],
    ['20260302093015.1', '2026-03-02T09:30:15.1', null],
    ['20260302093015.123456', '2026-03-02T09:30:15.123', null],
    ['20260302093015.', '2026-03-02T09:30:15', null],
    ['202603020930-0500', '2026-03-02T09:30:00', '-05:00'],
    ['20260302093015.1+0545', '2026-03-02T09:30:15.1', '+05:45'],
    ['20260302+0100', '2026-03-02T00:00:00', '+01:00'],
    ['202603020930Z', '2026-03-02T09:30:00', '+00:00'],
  ])('has any precision: %s', (text, local, offset) => {
    const written = readTimestamp(text);
    expect([written?.local.toString(), written?.offset]).toEqual([local, offset]);
  });

  test.each([
    '20260230',
    '202613',
    '20260302243000',
    '2026030',
    '2026-03-02',
    'now',
    '202603020930+9900',
    '20260302093060',
    '',
  ])('is none: %s', (text) => expect(readTimestamp(text)).toBeNull());
});

const visit = (sentAt: string, fields = {}): string =>
  message('ADT^A04', [segment('EVN', fields), segment('PV1', { 2: 'O', 19: 'V1' })], { 7: sentAt });

describe('the zone of a time', () => {
  test.each([
    ['its own offset', '20260302090000-0800', { timeZone: 'America/New_York' }, '2026-03-02T17:00:00.000Z', []],
    ["the sender's", '20260302090000', { timeZone: 'America/New_York' }, '2026-03-02T14:00:00.000Z', []],
    ["the organization's, which is counted", '20260302090000', {}, '2026-03-02T15:00:00.000Z', ['America/Chicago']],
  ])('is %s', (_, sentAt, entry, time, guessed) => {
    const { facts, unmapped } = translated(visit(sentAt), { entry });
    expect(facts.map((fact) => formatInstant(fact.time))).toEqual([time]);
    expect(unmapped).toEqual(guessed.map((value) => ({ field: 'timeZone', value })));
  });

  test("is MSH-7's for the other times of its message, which is counted once", () => {
    const booking = message('SIU^S12', [
      segment('SCH', { 2: '1', 25: 'Booked' }),
      segment('TQ1', { 7: '20260310093000' }),
      segment('TQ1', { 7: '20260311093000' }),
    ]);
    const { facts, unmapped } = translated(booking);
    // The clocks change on 8 March: with the sender's zone it would be 13:30.
    expect(facts[0]?.data).toMatchObject({ startsAt: '2026-03-10T14:30:00.000Z' });
    expect(unmapped).toEqual([{ field: 'timeZone', value: '-05:00' }]);
    expect(translated(booking, { entry: { timeZone: 'America/New_York' } }).facts[0]?.data).toMatchObject({
      startsAt: '2026-03-10T13:30:00.000Z',
    });
  });

  test('of a date alone makes it its midnight', () => {
    expect(event(visit('20260302'), { entry: { timeZone: 'America/New_York' } }).time).toBe('2026-03-02T05:00:00.000Z');
  });
});

describe('no time', () => {
  test.each(['', '""', '00000000', '0000', '19000101', '99991231'])('is what says so: %s', (text) => {
    expect(event(visit('20260302090000-0500', { 6: text })).time).toBe('2026-03-02T14:00:00.000Z');
  });

  test("is a word of the sender's own", () => {
    const options = { entry: { sentinels: ['1850-12-31'] } };
    expect(event(visit('20260302090000-0500', { 6: '18501231' }), options).time).toBe('2026-03-02T14:00:00.000Z');
  });

  test.each(['', '""', 'yesterday', '20261399'])('at all is refused: %s', (text) => {
    expect(refused(visit(text))).toMatchObject({
      reason: 'invalid',
      detail: 'MSH-7: expected a time such as 20260131093000-0500',
    });
  });

  test('that is needed is never the arrival, and one that cannot be read is not passed over', () => {
    expect(refused(visit('20260302090000-0500', { 6: 'yesterday' })).detail).toContain('EVN-6');
  });
});

describe('when a message was written', () => {
  test('is what its events were recorded at', () => {
    const { recordedAt, facts } = translated(visit('20260302090000-0500', { 6: '20260302084500-0500' }));
    expect(formatInstant(recordedAt ?? 0)).toBe('2026-03-02T14:00:00.000Z');
    expect(facts.map((fact) => formatInstant(fact.time))).toEqual(['2026-03-02T13:45:00.000Z']);
  });

  test('is the latest at which something can have been observed', () => {
    expect(event(visit('20260302090000-0500', { 6: '20260302170000-0500' })).time).toBe('2026-03-02T14:00:00.000Z');
  });

  test.each([
    ['MSH-13', { 13: '4711', 10: 'M1' }, '4711'],
    ['the end of MSH-10', { 10: '007' }, '007'],
    ['the end of MSH-10 behind letters', { 10: 'EPIC-MSG-0042' }, '0042'],
    ['nothing, if digits come before', { 10: 'PS1-20260302' }, ''],
    ['nothing, if no digits end it', { 10: 'abc' }, ''],
    ['MSH-10, if MSH-13 is no number', { 10: 'M7', 13: 'x' }, '7'],
  ])('and its number is %s', (_, header, sequence) => {
    const body = message('ADT^A04', [segment('PV1', { 19: 'V1' })], header);
    expect(translated(body).sequence).toBe(sequence);
  });
});
