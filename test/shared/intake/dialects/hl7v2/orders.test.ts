import { describe, expect, test } from 'vitest';
import { event, message, passedOver, segment, translate, translated } from './messages.ts';

const ORC = {
  1: 'NW',
  2: 'P-1^EAST',
  3: 'F-1',
  9: '202602270830-0500',
  12: '1234567893^REFERRER^ANY^^^^^^^^^^NPI',
  21: 'Any Practice^L^^^^^^^^P-9',
};
const REFERRAL = '57133-1^Referral note^LN';
const order = (kind: string, orc = {}, obr = {}, more: string[] = []): string =>
  message(
    kind,
    [segment('PID', { 3: '42' }), segment('ORC', { ...ORC, ...orc }), ...more, segment('OBR', { 4: REFERRAL, ...obr })],
    {
      6: 'WEST',
    },
  );

describe.each(['OMG^O19', 'ORM^O01'])('%s', (kind) => {
  test('with NW receives a referral', () => {
    const times = [segment('TQ1', { 8: '20260315', 9: 'S^Stat^HL70485' })];
    expect(event(order(kind, {}, {}, times), { entry: { fields: { specialty: 'cardiology' } } })).toEqual({
      type: 'referral.received',
      time: '2026-03-02T14:00:00.000Z',
      entity: 'Referral/P-1',
      data: {
        priority: 'stat',
        specialty: 'cardiology',
        site: 'WEST',
        practice: { id: 'P-9', name: 'Any Practice', providerNpi: '1234567893', providerName: 'ANY REFERRER' },
        patient: { id: '42' },
        orderedAt: '2026-02-27T13:30:00.000Z',
        requestedBy: '2026-03-15',
      },
    });
    expect(translated(order(kind)).keys).toEqual({ referralId: 'P-1', others: ['order:F-1'] });
  });

  test.each([
    ['XO', 'referral.updated'],
    ['CA', 'referral.cancelled'],
    ['DC', 'referral.cancelled'],
    ['OC', 'referral.cancelled'],
    ['HD', 'referral.paused'],
    ['RL', 'referral.resumed'],
  ])('with %s becomes %s', (control, type) => {
    expect(event(order(kind, { 1: control }))).toMatchObject({ type, entity: 'Referral/P-1' });
  });

  test('with another control code means nothing', () => {
    expect(passedOver(order(kind, { 1: 'SC' }))).toBe('ORC-1 SC');
    expect(passedOver(order(kind, { 1: '' }))).toBe('ORC-1 empty');
  });

  test('of a laboratory means nothing', () => {
    expect(passedOver(order(kind, {}, { 4: '57698-3^Lipid panel^LN' }))).toBe('OBR-4 not among referrals');
    expect(passedOver(message(kind, [segment('PID', { 3: '42' })]))).toBe('no ORC');
  });

  test('counts by what the entry includes and leaves out', () => {
    const local = order(kind, {}, { 4: 'REF100^To cardiology^L' });
    expect(event(local, { entry: { referrals: { include: ['ref100'] } } }).data).toMatchObject({ specialty: 'REF100' });
    expect(passedOver(order(kind), { entry: { referrals: { exclude: ['http://loinc.org|57133-1'] } } })).toContain(
      'OBR-4',
    );
  });
});

test('each order of a message is by itself', () => {
  const orders = [
    segment('PID', { 3: '42' }),
    ...[segment('ORC', { 1: 'NW', 2: '1' }), segment('OBR', { 4: REFERRAL }), segment('TQ1', { 9: 'A' })],
    ...[segment('ORC', { 1: 'NW', 2: '2' }), segment('OBR', { 4: '57698-3^Lipids^LN' })],
    ...[segment('ORC', { 1: 'CA', 2: '3' }), segment('OBR', { 4: REFERRAL })],
    ...[segment('ORC', { 1: 'NW', 2: '4', 9: 'soon' }), segment('OBR', { 4: REFERRAL })],
  ];
  const members = translate(message('OMG^O19', orders));
  expect(members.map((member) => ('keys' in member ? member.keys.referralId : member.outcome))).toEqual([
    ...['1', 'passed_over', '3', 'refused'],
  ]);
  expect(members[0]).toMatchObject({ facts: [{ data: { priority: 'asap', patient: { id: '42' } } }] });
  expect(members[3]).toMatchObject({ detail: expect.stringMatching(/^ORC-9: /) });
  const kept = members[3]?.outcome === 'refused' ? members[3].kept : '';
  expect(kept).toContain('PID');
  expect(kept).not.toContain('ORC|CA');
  // It can be tried again.
  expect(translate(kept)).toMatchObject([{ outcome: 'refused' }]);
});

test('the priority is in TQ1-9, else in the sixth component of the older fields', () => {
  const priority = (orc: object, obr: object, more: string[] = []) =>
    (event(order('ORM^O01', orc, obr, more)).data as { priority: string }).priority;
  expect(priority({ 7: '^^^^^S' }, {})).toBe('stat');
  expect(priority({}, { 27: '^^^^^A' })).toBe('asap');
  expect(priority({ 7: '^^^^^S' }, { 27: '^^^^^A' }, [segment('TQ1', { 9: 'R' })])).toBe('routine');
});

test('the practice is MSH-4 without ORC-21, and a number is an NPI only if it is typed so', () => {
  const body = order('OMG^O19', { 21: '', 12: '9^REFERRER^ANY' });
  expect(event(body).data).toMatchObject({ practice: { id: 'EAST', providerName: 'ANY REFERRER' } });
  expect(event(body).data).not.toHaveProperty('practice.providerNpi');
});

test('a cancellation and a pause say why', () => {
  const entry = { crosswalks: { pause: { AUTH: 'awaiting_authorization' } } };
  expect(event(order('OMG^O19', { 1: 'CA', 16: 'DUP^Twice^L' })).data).toEqual({ by: 'referrer', reason: 'DUP' });
  expect(event(order('OMG^O19', { 1: 'HD', 16: 'AUTH' }), { entry }).data).toEqual({
    reason: 'awaiting_authorization',
  });
  expect(event(order('OMG^O19', { 1: 'HD' }), { entry }).data).toEqual({ reason: 'awaiting_information' });
  const { unmapped, facts } = translated(order('OMG^O19', { 1: 'HD', 16: 'ODD' }));
  expect(facts[0]?.data).toEqual({ reason: 'awaiting_information' });
  expect(unmapped).toEqual([{ field: 'referral.paused.reason', value: 'ODD' }]);
});

test('a referral note says no specialty by itself, unless the entry says one', () => {
  expect(translated(order('OMG^O19')).missing).toContain('referral.received.specialty');
  const entry = { crosswalks: { specialty: { '57133-1': 'cardiology' } } };
  expect(event(order('OMG^O19'), { entry }).data).toMatchObject({ specialty: 'cardiology' });
});
