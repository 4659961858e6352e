import { describe, expect, test } from 'vitest';
import { event, message, segment, translate, translated } from './messages.ts';

const RF1 = { 1: 'P^Pending^HL70283', 2: 'A^ASAP^HL70280', 6: 'R-100^EAST^1.2.3.4^ISO', 9: '20260227', 11: 'X-9' };
const provider = (role: string, fields = {}): string => segment('PRD', { 1: `${role}^x^HL70286`, ...fields });
const PARTS = [
  segment('RF1', RF1),
  provider('RP', { 2: 'REFERRER^ANY', 7: 'PLN7^SL~1234567893^NPI', 10: 'Any Family Practice' }),
  provider('RT', { 7: 'PLN8', 10: 'Heart Center^L^^^^^^^^N-4' }),
  segment('PID', { 3: 'A9^^^EAST^AN~0042^^^EAST^MR' }),
  segment('OBR', { 4: 'CARD^Cardiology^L' }),
  segment('PV1', { 2: 'O', 19: 'V-OF-THE-OFFICE' }),
];
const referral = (kind: string, rf1 = {}): string =>
  message(kind, [segment('RF1', { ...RF1, ...rf1 }), ...PARTS.slice(1)]);

const entry = {
  crosswalks: {
    priority: { u: 'urgent' },
    specialty: { CARD: 'cardiology' },
    site: { 'N-4': 'north' },
    practice: { pln7: { id: 'p-17', name: 'Any Practice' } },
  },
};

describe('REF^I12', () => {
  test('receives a referral, whatever RF1-1 says', () => {
    expect(event(referral('REF^I12'), { entry })).toEqual({
      type: 'referral.received',
      time: '2026-03-02T14:00:00.000Z',
      entity: 'Referral/R-100',
      data: {
        priority: 'asap',
        specialty: 'cardiology',
        site: 'north',
        practice: { id: 'p-17', name: 'Any Practice', providerNpi: '1234567893', providerName: 'ANY REFERRER' },
        patient: { id: '0042' },
        orderedAt: '2026-02-27',
      },
    });
    expect(event(referral('REF^I12', { 1: 'A' }), { entry }).type).toBe('referral.received');
  });

  test('is found by RF1-6, and by the number of the other side; the visit that led to it is no key', () => {
    expect(translated(referral('REF^I12')).keys).toEqual({ referralId: 'R-100', others: ['referral:X-9'] });
  });

  test('has the words that no entry knows as they were sent, and counts them', () => {
    const { facts, unmapped } = translated(referral('REF^I12', { 2: 'U' }));
    expect(facts[0]?.data).toMatchObject({
      priority: 'routine',
      specialty: 'CARD',
      site: 'N-4',
      practice: { id: 'PLN7', name: 'Any Family Practice' },
    });
    expect(unmapped).toEqual([
      { field: 'referral.received.priority', value: 'U' },
      { field: 'referral.received.specialty', value: 'CARD' },
      { field: 'referral.received.site', value: 'N-4' },
      { field: 'referral.received.practice', value: 'PLN7' },
    ]);
    expect(event(referral('REF^I12', { 2: 'U' }), { entry }).data).toMatchObject({ priority: 'urgent' });
  });

  test("says how its values were sent, not what the sender's entry makes of them", () => {
    const [mine] = translated(referral('REF^I12'), { entry }).facts;
    const [raw] = translated(referral('REF^I12')).facts;
    expect(mine?.values).toEqual(raw?.values);
    expect(mine?.values).toContain('specialty=CARD');
  });

  test('has defaults for what it lacks, and says which', () => {
    const body = message('REF^I12', [segment('RF1', { 6: 'R-1' })]);
    const { facts, missing } = translated(body, { entry: { fields: { site: 'main' } } });
    expect(facts[0]?.data).toEqual({
      priority: 'routine',
      specialty: 'unknown',
      site: 'main',
      practice: { id: 'unknown' },
      patient: { id: 'unknown' },
    });
    expect(missing).toEqual(
      ['priority', 'specialty', 'site', 'practice.id', 'patient.id'].map((field) => `referral.received.${field}`),
    );
  });

  test.each(['HL70280|R', '0280|r', 'R'])('has the priority that a crosswalk says: %s', (code) => {
    const entry = { crosswalks: { priority: { [code]: 'asap' } } };
    for (const sent of ['R', 'R^Routine^HL70280', 'R^Routine^0280']) {
      expect(event(referral('REF^I12', { 2: sent }), { entry }).data).toMatchObject({ priority: 'asap' });
    }
  });

  test.each([
    ['S', 'stat'],
    ['A', 'asap'],
    ['R', 'routine'],
    ['r', 'routine'],
  ])('has the priority of table 0280: %s', (code, priority) => {
    expect(event(referral('REF^I12', { 2: code })).data).toMatchObject({ priority });
  });

  test('has its specialty from PR1-3 without OBR-4, its practice from PRD-10 without PRD-7', () => {
    const body = message('REF^I12', [
      segment('RF1', { 6: 'R-1' }),
      provider('RP', { 10: 'Any Family Practice' }),
      provider('RT', { 4: 'DESK^^^NORTH' }),
      segment('PR1', { 3: '^Endoscopy' }),
    ]);
    expect(event(body).data).toMatchObject({
      specialty: 'Endoscopy',
      site: 'NORTH',
      practice: { id: 'Any Family Practice', name: 'Any Family Practice' },
    });
  });

  test('is for a person to see without any key', () => {
    const member = translated(message('REF^I12', [segment('RF1', { 2: 'R' })]));
    expect(member).toMatchObject({ keys: { referralId: null, others: [] }, needsReferral: true });
    expect(member.facts[0]?.entity).toBe('Referral/message-M100');
  });

  test('has prefixes for the numbers of some authorities', () => {
    const options = {
      entry: { authorities: { '1.2.3.4': 'S-' }, keys: { REF: ['ZRF-1', 'RF1-6.1'] as [string, string] } },
    };
    expect(translated(referral('REF^I12'), options).keys.referralId).toBe('S-R-100');
  });

  test('is found where the entry says', () => {
    const body = message('REF^I12', [...PARTS, segment('ZRF', { 1: '', 2: 'x^Z-5' })]);
    expect(translated(body, { entry: { keys: { REF: ['ZRF-1.1', 'ZRF-2.2'] } } }).keys.referralId).toBe('Z-5');
  });
});

test('REF^I13 changes the fields that it says', () => {
  const body = message('REF^I13', [segment('RF1', { 6: 'R-100', 2: 'S' })]);
  expect(event(body)).toMatchObject({ type: 'referral.updated', data: { priority: 'stat' } });
  expect(translated(body).missing).toEqual([]);
});

test.each(['REF^I14', 'RRI^I14'])('%s cancels a referral', (kind) => {
  expect(event(referral(kind))).toMatchObject({ type: 'referral.cancelled', data: { by: 'referrer' } });
});

describe('RRI^I12 and ^I13', () => {
  test.each([
    ['A', 'referral.accepted', {}],
    ['a', 'referral.accepted', {}],
    ['R', 'referral.declined', {}],
    ['E', 'referral.closed', { reason: 'expired_admin' }],
  ])('answer with RF1-1 %s', (status, type, data) => {
    for (const kind of ['RRI^I12', 'RRI^I13']) {
      expect(event(referral(kind, { 1: status }))).toMatchObject({ type, data, entity: 'Referral/R-100' });
    }
  });

  test('answer with a reason that an entry knows', () => {
    const crosswalks = { decline: { NOCAP: 'not_accepting' }, close: { E: 'auth_expired' } };
    const data = (rf1: object) => event(referral('RRI^I12', rf1), { entry: { crosswalks } }).data;
    expect(data({ 1: 'R', 10: 'NOCAP^No capacity^L' })).toEqual({ reason: 'not_accepting' });
    expect(data({ 1: 'E' })).toEqual({ reason: 'auth_expired' });
  });

  test.each(['P', '', 'C'])('say nothing with RF1-1 %s', (status) => {
    expect(translate(referral('RRI^I12', { 1: status }))).toMatchObject([{ outcome: 'passed_over' }]);
  });

  test('name the referral as REF did', () => {
    expect(translated(referral('RRI^I12', { 1: 'A' })).keys).toEqual(translated(referral('REF^I12')).keys);
  });
});
