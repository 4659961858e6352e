import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../shared/contracts/state.ts';
import { ALERT_KINDS, ALERT_LEVELS, RESOLUTIONS } from '../../../shared/contracts/vocabulary.ts';
import { errorName } from '../../../shared/platform/logger.ts';
import { listedBy, NOT_LISTED, packAlerts, unpackAlerts } from '../../../shared/store/alert-record.ts';
import { ALERTS_DICTIONARY } from '../../../shared/store/packing-dictionaries.ts';
import { UnreadableItemError } from '../../../shared/store/read-item.ts';
import type { StoredAlert, UrgentMail } from '../../../shared/store/referral-store.ts';
import { at } from '../../builders/instants.ts';
import { stateOf, storedAlert } from '../../builders/stored.ts';

const SECRET = 'Sample Patient';
const NOW = at('03-04 14:00');
const state = stateOf(SECRET);
const unpack = (record: Uint8Array | null): StoredAlert[] => unpackAlerts({ alerts: record, state });
const packed = (value: unknown): Uint8Array => deflateRawSync(JSON.stringify(value), { dictionary: ALERTS_DICTIONARY });

/** Plain objects, as the store gives them. */
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { noNullPrototype: true });
const instant = fc.integer({ min: -8.64e15, max: 8.64e15 });
const when = fc.option(instant);
const text = fc.string({ unit: 'binary' });
const alert: fc.Arbitrary<Alert> = record({
  referralId: fc.constant(SECRET),
  kind: fc.constantFrom(...ALERT_KINDS),
  instance: fc.nat(),
  level: fc.constantFrom(...ALERT_LEVELS),
  dueAt: instant,
  atRiskAt: when,
  openedAt: when,
  escalatedAt: when,
  resolvedAt: when,
  resolution: fc.option(fc.constantFrom(...RESOLUTIONS)),
  since: instant,
  asOf: instant,
  acknowledgedBy: fc.option(text),
  acknowledgedAt: when,
  snoozedUntil: when,
});
const urgentMail: fc.Arbitrary<UrgentMail> = record({
  to: text,
  is: fc.oneof(
    fc.constantFrom('pending' as const, 'mail:m-0' as const),
    text.map((id) => `mail:${id}` as const),
  ),
});
const alerts = fc.array(record({ alert, urgentMail: fc.option(urgentMail) }), { maxLength: 40 });

describe('the record of a referral’s alerts', () => {
  it('says what was packed, of any alerts, in their order', () => {
    fc.assert(
      fc.property(alerts, (packing) => {
        expect(unpack(packAlerts(packing))).toStrictEqual(packing);
      }),
      { numRuns: 500 },
    );
  });

  it('is none if there are no alerts', () => {
    expect(packAlerts([])).toBeNull();
    expect(unpack(null)).toEqual([]);
  });

  it('takes some 40 bytes for an alert, and less than 1 KB for all that a referral usually has', () => {
    const usual = ALERT_KINDS.map((kind) => storedAlert(SECRET, { kind, resolvedAt: NOW, resolution: 'stopped' }));
    expect(packAlerts(usual)?.length).toBeLessThan(600);
    expect(packAlerts(usual.slice(0, 1))?.length).toBeLessThan(80);
  });
});

describe('a record that this version cannot read', () => {
  const one = JSON.parse(JSON.stringify(storedAlert(SECRET).alert));

  it.each<[string, string, Uint8Array]>([
    ['no deflated text', 'alerts: no JSON', new TextEncoder().encode(SECRET)],
    ['no JSON', 'alerts: no JSON', deflateRawSync(`[{"kind":"${SECRET}`, { dictionary: ALERTS_DICTIONARY })],
    ['nothing', 'alerts: no JSON', new Uint8Array()],
    ['no list', 'alerts: ', packed({ [SECRET]: SECRET })],
    ['an unknown kind', 'alerts.0.kind: ', packed([{ ...one, kind: SECRET }])],
    ['an unknown level', 'alerts.1.level: ', packed([one, { ...one, level: SECRET }])],
    ['an unknown resolution', 'alerts.0.resolution: ', packed([{ ...one, resolution: SECRET }])],
    ['a text for an instant', 'alerts.0.dueAt: ', packed([{ ...one, dueAt: SECRET }])],
    ['no start', 'alerts.0.since: ', packed([{ ...one, since: undefined, acknowledgedBy: SECRET }])],
    [
      'an unknown urgent mail',
      'alerts.0.urgentMail.is: ',
      packed([{ ...one, urgentMail: { to: SECRET, is: SECRET } }]),
    ],
    [
      'an urgent mail to nobody',
      'alerts.0.urgentMail.to: ',
      packed([{ ...one, urgentMail: { is: `mail:${SECRET}` } }]),
    ],
  ])('because it has %s says where, and nothing of what it says', (_what, where, record) => {
    const failure = (() => {
      try {
        return unpack(record);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(UnreadableItemError);
    const { message, stack } = failure as Error;
    expect(message).toContain('referrals referral#<referral> 1#referral');
    expect(message).toContain(where);
    expect(`${message}${stack}${errorName(failure)}`).not.toContain(SECRET);
  });

  it('because it was cut off anywhere fails, and is never a shorter list', () => {
    fc.assert(
      fc.property(
        alerts.filter(({ length }) => length > 0),
        fc.nat(),
        (packing, cut) => {
          const record = packAlerts(packing) as Uint8Array;
          expect(() => unpack(record.subarray(0, cut % record.length))).toThrow(UnreadableItemError);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('because its bytes are any fails in no other way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => unpack(bytes)).toThrow(UnreadableItemError);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what its alerts put a referral into', () => {
  const resolved = { resolvedAt: NOW, resolution: 'stopped' } as const;
  const pending = { to: 'c-1', is: 'pending' } as const;

  it('is no list if there are none', () => {
    expect(listedBy(state, [], NOW)).toEqual(NOT_LISTED);
  });

  it('are its owners’ lists while one is open, and for 16 days after it was resolved', () => {
    const later = at('03-20 14:00');
    expect(listedBy(state, [storedAlert('R-1')], later)).toEqual({ owned: true, escalated: false, urgent: false });
    expect(listedBy(state, [storedAlert('R-1', resolved)], later - 1).owned).toBe(true);
    expect(listedBy(state, [storedAlert('R-1', resolved)], later).owned).toBe(false);
    expect(listedBy(state, [storedAlert('R-1', resolved), storedAlert('R-1', { kind: 'silence' })], later).owned).toBe(
      true,
    );
  });

  it('is the list of escalations while one is open and escalated', () => {
    expect(listedBy(state, [storedAlert('R-1', { level: 'escalated' })], NOW).escalated).toBe(true);
    expect(listedBy(state, [storedAlert('R-1', { level: 'escalated', ...resolved })], NOW).escalated).toBe(false);
  });

  it('is the list of urgent mail while one is pending', () => {
    expect(listedBy(state, [storedAlert('R-1'), storedAlert('R-1', { kind: 'reached' }, pending)], NOW).urgent).toBe(
      true,
    );
    expect(listedBy(state, [storedAlert('R-1', {}, { to: 'c-1', is: 'mail:m-0' })], NOW).urgent).toBe(false);
    expect(listedBy(state, [storedAlert('R-1', {}, { to: 'c-1', is: 'mail:m-1' })], NOW).urgent).toBe(false);
  });
});
