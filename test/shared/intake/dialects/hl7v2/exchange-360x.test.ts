import { describe, expect, test } from 'vitest';
import type { DialectSettings } from '../../../../../shared/contracts/dialects.ts';
import { event, type Fields, message, passedOver, segment, translated } from './messages.ts';

const PROFILE = { 21: '360X^IHE' };
const status = (orc: Fields, header: Fields = PROFILE): string =>
  message('OSU^O51', [segment('PID', { 3: '42' }), segment('ORC', { 2: 'R-100', 3: 'F-1', ...orc })], header);
const order = (orc: Fields, header: Fields = PROFILE): string =>
  message(
    'OMG^O19',
    [segment('PID', { 3: '42' }), segment('ORC', { 2: 'R-100', ...orc }), segment('OBR', { 4: 'CARD' })],
    header,
  );

const initiator: DialectSettings = { side: 'initiator' };
const recipient: DialectSettings = { side: 'recipient' };

describe('OSU^O51', () => {
  test.each(['CR', 'DR', 'UC'])('answers a cancellation with ORC-1 %s: nothing', (control) => {
    for (const entry of [initiator, recipient, {}]) {
      expect(passedOver(status({ 1: control, 5: 'CA' }), { entry })).toBe(`ORC-1 ${control}, ORC-5 CA`);
    }
  });

  test.each([
    ['initiator', { 1: 'CA' }, 'referral.cancelled'],
    ['initiator', { 1: 'DC' }, 'referral.cancelled'],
    ['initiator', { 1: 'SC', 5: 'CA' }, 'referral.cancelled'],
    ['initiator', { 1: 'UA' }, 'referral.declined'],
    ['recipient', { 1: 'CA' }, 'referral.declined'],
    ['recipient', { 1: 'DC' }, 'referral.declined'],
    ['recipient', { 1: 'SC', 5: 'CA' }, 'referral.declined'],
    ['recipient', { 1: 'UA' }, 'referral.declined'],
    ['nobody', { 1: 'CA' }, 'referral.cancelled'],
    ['nobody', { 1: 'DC' }, 'referral.cancelled'],
    ['nobody', { 1: 'SC', 5: 'CA' }, 'referral.declined'],
    ['nobody', { 1: 'UA' }, 'referral.declined'],
    ['recipient', { 1: 'SC', 5: 'IP' }, 'referral.accepted'],
    ['recipient', { 1: 'SC', 5: 'SC' }, 'referral.accepted'],
    ['recipient', { 1: 'OK' }, 'referral.accepted'],
    ['nobody', { 1: 'ok' }, 'referral.accepted'],
  ])('of the %s with %o becomes %s', (side, orc, type) => {
    const entry = { initiator, recipient, nobody: {} }[side] ?? {};
    expect(event(status(orc), { entry })).toMatchObject({ type, entity: 'Referral/R-100' });
  });

  test('says why in ORC-16', () => {
    const entry = { ...recipient, crosswalks: { decline: { NOCAP: 'not_accepting' } } };
    expect(event(status({ 1: 'UA', 16: 'NOCAP^No capacity^L' }), { entry }).data).toEqual({ reason: 'not_accepting' });
    expect(event(status({ 1: 'UA' }), { entry }).data).toEqual({});
    const odd = translated(status({ 1: 'UA', 16: 'ODD' }), { entry });
    expect(odd.facts[0]?.data).toEqual({ reason: 'other' });
    expect(odd.unmapped).toEqual([{ field: 'referral.declined.reason', value: 'ODD' }]);
    expect(event(status({ 1: 'CA', 16: 'DUP' }), { entry: initiator }).data).toEqual({ by: 'referrer', reason: 'DUP' });
  });

  test('with another status says nothing, outside of 360X neither', () => {
    expect(passedOver(status({ 1: 'SC', 5: 'HD' }))).toBe('ORC-1 SC, ORC-5 HD');
    expect(passedOver(status({ 1: 'OK' }, {}))).toBe('MSH-21 not 360X');
  });
});

describe('OMG^O19', () => {
  test('with NW is a referral, whatever OBR-4 says', () => {
    expect(event(order({ 1: 'NW', 5: 'IP' }))).toMatchObject({
      type: 'referral.received',
      data: { specialty: 'CARD' },
    });
    expect(passedOver(order({ 1: 'NW' }, {}))).toBe('OBR-4 not among referrals');
  });

  test.each([
    ['CM', 'note.received'],
    ['A', 'note.interim_received'],
    ['IP', 'note.interim_received'],
  ])('without NW and with ORC-5 %s brings a note', (state, type) => {
    for (const control of ['RE', 'SC', 'XO', '']) {
      expect(event(order({ 1: control, 5: state }))).toMatchObject({ type, entity: 'Document/referral-R-100' });
    }
  });

  test('with a control code that decides, or another status, is an order like others', () => {
    expect(event(order({ 1: 'CA', 5: 'CM' })).type).toBe('referral.cancelled');
    expect(event(order({ 1: 'XO', 5: 'SC' })).type).toBe('referral.updated');
    expect(passedOver(order({ 1: 'RE', 5: 'HD' }))).toBe('ORC-1 RE');
  });

  test('is signed where it was written', () => {
    expect(event(order({ 1: 'RE', 5: 'CM' }), { entry: { role: 'receiving' } }).type).toBe('note.signed');
  });
});

test('a referral goes out, is taken, booked, seen and comes back', () => {
  const at = (day: string): Fields => ({ ...PROFILE, 7: `202603${day}090000-0500` });
  const booking = message(
    'SIU^S12',
    [segment('SCH', { 2: 'A-1', 25: 'Booked', 26: 'R-100' }), segment('TQ1', { 7: '20260306100000-0500' })],
    at('03'),
  );
  const gone = message('SIU^S26', [segment('SCH', { 2: 'A-1', 25: 'Cancelled', 26: 'R-100' })], at('06'));
  const flow: [string, DialectSettings][] = [
    [order({ 1: 'NW', 3: '' }, at('01')), initiator],
    [status({ 1: 'SC', 5: 'IP' }, at('02')), recipient],
    [booking, recipient],
    [gone, recipient],
    [order({ 1: 'RE', 5: 'A', 3: 'F-1' }, at('07')), recipient],
    [order({ 1: 'RE', 5: 'CM', 3: 'F-1' }, at('08')), recipient],
    [status({ 1: 'CA', 16: 'DONE' }, at('09')), initiator],
    [status({ 1: 'CR' }, at('10')), recipient],
  ];
  const translations = flow.slice(0, -1).map(([body, entry]) => translated(body, { entry }));
  expect(translations.map(({ facts }) => facts.map(({ type }) => type).join())).toEqual([
    'referral.received',
    'referral.accepted',
    'appointment.scheduled',
    'appointment.no_show',
    'note.interim_received',
    'note.received',
    'referral.cancelled',
  ]);
  expect(new Set(translations.map(({ keys }) => keys.referralId))).toEqual(new Set(['R-100']));
  const [answer, side] = flow.at(-1) ?? ['', {}];
  expect(passedOver(answer, { entry: side })).toContain('ORC-1 CR');
});
