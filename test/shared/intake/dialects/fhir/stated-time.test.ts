import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../../../../shared/contracts/instant.ts';
import { parseStatedTime, placeStatedTime } from '../../../../../shared/intake/dialects/fhir/stated-time.ts';
import { at } from '../../../../builders/instants.ts';
import { bundle, contextOf, encounter, fault, order, type Resource, translated, UPDATED } from './resources.ts';

/** FHIR's dates and times, and whose zone a date without one is in. */

function when(text: string, settings: Resource = {}): string | null | undefined {
  const stated = parseStatedTime(text);
  if (stated === undefined) return undefined;
  const sender = { name: 'north', ...settings };
  const placed = placeStatedTime(stated, { sender, ofMessage: null, ofOrganization: 'America/Chicago' });
  return placed && formatInstant(placed.at);
}

describe('a stated time', () => {
  it.each([
    ['2026-03-04T10:00:00Z', '2026-03-04T10:00:00.000Z'],
    ['2026-03-04t10:00:00z', '2026-03-04T10:00:00.000Z'],
    ['2026-03-04T10:00:00.1234567+01:00', '2026-03-04T09:00:00.123Z'],
    ['2026-03-04T10:00+14:00', '2026-03-03T20:00:00.000Z'],
    ['2026-03-04T10:00:00-12:30', '2026-03-04T22:30:00.000Z'],
    ['2026-03-04', '2026-03-04T06:00:00.000Z'],
    [' 2026-03-04T10:00:00 ', '2026-03-04T16:00:00.000Z'],
    ['2026-12-31T23:59:60Z', '2026-12-31T23:59:59.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(when(text)).toBe(instant);
  });

  it.each(['2026', '2026-03', '1900-01-01', '1900-01-01T00:00:00Z'])('%s is none', (text) => {
    expect(when(text, { sentinels: ['1900-01-01'] })).toBe(null);
  });

  it.each(['00000000', '0000-00-00', '0000-00-00T00:00:00Z', '00000000000000'])(
    '%s is none, whatever the sender’s settings',
    (text) => {
      expect(when(text, { sentinels: ['1900-01-01'] })).toBe(null);
      expect(translated(order({ occurrenceDateTime: text })).facts[0]?.type).toBe('referral.received');
    },
  );

  it.each([
    '',
    'now',
    '000',
    '00000000x',
    '20260304',
    '2026-3-4',
    '2026-02-30',
    '2026-03-04 10:00:00',
    '2026-03-04T24:00:00Z',
    '2026-03-04T10:61:00Z',
    '2026-03-04T10:00:00+99:00',
    '2026-03-04T10:00:00+0100',
    '+012026-03-04',
  ])('%j is no time', (text) => {
    expect(when(text)).toBe(undefined);
  });

  it('without an offset is in the sender’s zone, else in the organization’s, which is noted once', () => {
    expect(when('2026-03-04', { timeZone: 'Europe/London' })).toBe('2026-03-04T00:00:00.000Z');
    const body = order({ authoredOn: '2026-03-02', meta: { lastUpdated: '2026-03-02T01:00:00' } });
    const zones = (settings: Resource) =>
      translated(body, contextOf(settings)).unmapped.map(({ field, value }) => [field, value]);
    expect(zones({})).toEqual([['timeZone', 'America/Chicago']]);
    expect(zones({ timeZone: 'Europe/London' })).toEqual([]);
  });
});

describe('a date that is none', () => {
  const sentinels = ['00/00/0000', 'N/A'];

  it.each(['00/00/0000', '00/00/0000 00:00', 'N/A', ' N/A '])(
    'but how its sender writes that there is none, is absent: %j',
    (text) => {
      const read = (resource: Resource) => translated(resource, contextOf({ sentinels }));
      expect(read(order({ authoredOn: text })).facts).toEqual(translated(order({ authoredOn: undefined })).facts);
      expect(read(order({ occurrenceDateTime: text }))).toEqual(translated(order()));
      expect(read(order({ occurrencePeriod: { start: text, end: text } }))).toEqual(translated(order()));
      const visit = encounter({ period: { start: text, end: text } });
      expect(read(visit).facts).toEqual(translated(encounter({ period: {} })).facts);
      // When it was written down, its Bundle says instead.
      const stamped = bundle([order({ meta: { lastUpdated: text }, authoredOn: text })], { timestamp: UPDATED });
      expect(read(stamped).recordedAt).toBe(at(UPDATED));
    },
  );

  it('is refused where nobody says that it means none', () => {
    for (const settings of [{}, { sentinels: ['00/00/0000'] }]) {
      expect(fault(order({ authoredOn: 'N/A' }), settings)).toBe(
        'invalid: authoredOn: expected a FHIR date or dateTime',
      );
    }
  });

  it('is refused with what else is wrong, and says no other field is absent', () => {
    expect(fault(order({ authoredOn: 'N/A', status: 'N/A' }), { sentinels })).toMatch(/^invalid: status: /);
    expect(fault(order({ authoredOn: ['N/A'] }), { sentinels })).toMatch(/^invalid: authoredOn: /);
  });
});
