import { describe, expect, test } from 'vitest';
import { event, message, passedOver, refused, segment, translate, translated } from './messages.ts';

const TXA = { 2: 'CN', 12: 'D-1', 14: 'R-100', 17: 'AU' };
const document = (trigger: string, txa = {}, more: string[] = []): string =>
  message(`MDM^${trigger}`, [segment('PV1', { 19: 'V-1' }), segment('TXA', { ...TXA, ...txa }), ...more]);
const observation = (status: string): string => segment('OBX', { 3: '11488-4^Consult note^LN', 5: 'text', 11: status });

describe('MDM', () => {
  test.each(['T02', 'T04', 'T06', 'T08', 'T10'])('^%s brings a note to the referring side', (trigger) => {
    expect(event(document(trigger))).toEqual({
      type: 'note.received',
      time: '2026-03-02T14:00:00.000Z',
      entity: 'Document/D-1',
      data: { documentId: 'D-1' },
    });
  });

  test('is signed at the receiving side, when TXA-22 says', () => {
    const entry = { role: 'receiving' } as const;
    const person = ['9', ...Array<string>(13).fill('')].join('^');
    expect(event(document('T02', { 22: `${person}^20260301080000-0500` }), { entry })).toMatchObject({
      type: 'note.signed',
      time: '2026-03-01T13:00:00.000Z',
    });
    expect(event(document('T02'), { entry })).toMatchObject({ type: 'note.signed', time: '2026-03-02T14:00:00.000Z' });
    expect(event(document('T02', { 22: `${person}^20260301080000-0500` })).time).toBe('2026-03-02T14:00:00.000Z');
  });

  test('is not refused for the time of a signature that nobody needs', () => {
    const person = ['9', ...Array<string>(13).fill('')].join('^');
    expect(event(document('T02', { 22: `${person}^then` })).type).toBe('note.received');
    expect(refused(document('T02', { 22: `${person}^then` }), { entry: { role: 'receiving' } }).detail).toContain(
      'TXA-22.15',
    );
  });

  test.each([
    ['AU', 'note.received'],
    ['la', 'note.received'],
    ['DI', 'note.interim_received'],
    ['DO', 'note.interim_received'],
    ['IN', 'note.interim_received'],
    ['IP', 'note.interim_received'],
    ['PA', 'note.interim_received'],
  ])('is what TXA-17 says: %s', (status, type) => {
    expect(event(document('T02', { 17: status })).type).toBe(type);
  });

  test('is what every OBX-11 says without TXA-17', () => {
    const type = (...statuses: string[]) => event(document('T02', { 17: '' }, statuses.map(observation))).type;
    expect(type('F')).toBe('note.received');
    expect(type('F', 'f')).toBe('note.received');
    expect(type('F', 'P')).toBe('note.interim_received');
    expect(type()).toBe('note.interim_received');
  });

  test('means nothing with another status, or of another kind', () => {
    expect(passedOver(document('T02', { 17: 'XX' }))).toBe('TXA-17 XX');
    expect(passedOver(document('T02', { 2: 'DS' }))).toBe('TXA-2 DS, not in consultNotes');
  });

  test.each(['cn', 'CN^Consultation^HL70270', '11488-4^Consult note^LN', '11488-4', 'X^any^L^11488-4^Consult note^LN'])(
    'is a consult note by TXA-2: %s',
    (type) => expect(event(document('T02', { 2: type })).type).toBe('note.received'),
  );

  test('is what the entry calls a consult note', () => {
    const entry = { consultNotes: ['0270|HP', 'CONS'] };
    expect(event(document('T02', { 2: 'HP' }), { entry }).type).toBe('note.received');
    expect(event(document('T02', { 2: 'cons^x^L' }), { entry }).type).toBe('note.received');
    expect(passedOver(document('T02'), { entry })).toBe('TXA-2 CN, not in consultNotes');
  });

  const NAMES = ['HL70270', 'hl70270', '0270', 'http://terminology.hl7.org/CodeSystem/v2-0270'];
  test.each(NAMES)('is what the entry calls one, whichever name of its table that has: %s', (name) => {
    const entry = { consultNotes: [`${name}|PN`] };
    for (const sent of ['PN', ...NAMES.map((system) => `pn^Procedure note^${system}`)]) {
      expect(event(document('T02', { 2: sent }), { entry }).type).toBe('note.received');
    }
    expect(passedOver(document('T02', { 2: 'PN^Other^HL70271' }), { entry })).toContain('TXA-2');
  });

  test.each(['T01', 'T03', 'T05', 'T07', 'T09'])('^%s counts only at the receiving side', (trigger) => {
    expect(passedOver(document(trigger))).toBe('no content, without "role": "receiving"');
    expect(event(document(trigger), { entry: { role: 'receiving' } }).type).toBe('note.signed');
  });

  test('^T11 takes a cancelled document back', () => {
    expect(event(document('T11', { 19: 'CA' }), { entry: {} })).toMatchObject({
      type: 'event.retracted',
      data: { source: 'east', entity: 'Document/D-1' },
    });
    expect(passedOver(document('T11', { 19: 'AV' }))).toBe('TXA-19 AV');
  });

  test('is tied by TXA-14, else ORC-2, and by its numbers', () => {
    const more = [segment('ORC', { 2: 'R-200', 3: 'F-1' })];
    expect(translated(document('T10', { 13: 'D-0' }, more)).keys).toEqual({
      referralId: 'R-100',
      others: ['document:D-1', 'document:D-0', 'order:F-1', 'visit:V-1'],
    });
    expect(translated(document('T02', { 14: '' }, more)).keys.referralId).toBe('R-200');
  });

  test('is for a person to see without any key', () => {
    const body = message('MDM^T02', [segment('TXA', { 2: 'CN', 17: 'AU' })]);
    expect(translated(body)).toMatchObject({ needsReferral: true, keys: { referralId: null, others: [] } });
  });

  test('without a number is the same when it is sent again', () => {
    const again = (id: string) => message('MDM^T02', [segment('TXA', { ...TXA, 12: '' })], { 10: id });
    expect(event(again('M1')).entity).toBe('Document/referral-R-100');
    expect(event(again('M2'))).toEqual(event(again('M1')));
  });
});

describe('ORU^R01', () => {
  const report = (status: string, obr = {}, more: string[] = []): string[] => [
    segment('OBR', { 2: 'R-100', 3: 'F-1', 4: '11488-4^Consult note^LN', 25: status, ...obr }),
    ...more,
  ];
  const result = (...parts: string[][]): string => message('ORU^R01', [segment('PV1', { 19: 'V-1' }), ...parts.flat()]);

  test.each([
    ['F', 'note.received'],
    ['C', 'note.received'],
    ['P', 'note.interim_received'],
    ['A', 'note.interim_received'],
    ['R', 'note.interim_received'],
  ])('is what OBR-25 says: %s', (status, type) => {
    expect(event(result(report(status)))).toMatchObject({ type, entity: 'Document/F-1', data: { documentId: 'F-1' } });
  });

  test('means nothing with another status, or of a laboratory', () => {
    expect(passedOver(result(report('I')))).toBe('OBR-25 I');
    expect(passedOver(result(report('F', { 4: '15545^Glucose' }), report('F', { 4: '1^Any^LN' })))).toBe(
      'OBR-4 and OBX-3 not in consultNotes',
    );
  });

  test('is a consult note by OBX-3 too', () => {
    const panel = report('F', { 4: 'NOTE^Any^L' }, [observation('F')]);
    expect(event(result(panel)).type).toBe('note.received');
  });

  test('tells of each consult note by itself, and of nothing else', () => {
    const body = result(report('F'), report('F', { 4: '1^Any^LN' }), report('P', { 2: 'R-200', 3: 'F-2' }));
    const members = translate(body);
    expect(members.map((member) => ('keys' in member ? member.keys : null))).toEqual([
      { referralId: 'R-100', others: ['order:F-1', 'visit:V-1'] },
      { referralId: 'R-200', others: ['order:F-2', 'visit:V-1'] },
    ]);
  });

  test('belongs to the order before it', () => {
    const order = segment('ORC', { 1: 'RE', 2: 'R-300', 3: 'F-9' });
    const body = result([order], report('F', { 2: '', 3: '' }));
    expect(translated(body).keys).toEqual({ referralId: 'R-300', others: ['order:F-9', 'visit:V-1'] });
  });

  test('is no consult note by an observation of the patient', () => {
    const body = message('ORU^R01', [observation('F'), ...report('F', { 4: '1^Any^LN' })]);
    expect(passedOver(body)).toBe('OBR-4 and OBX-3 not in consultNotes');
  });
});

test('a note names the referral as REF^I12 did', () => {
  const referral = message('REF^I12', [segment('RF1', { 6: 'R-100^EAST', 11: 'X-9' })]);
  const { referralId } = translated(referral).keys;
  expect(referralId).toBe('R-100');
  expect(translated(document('T02')).keys.referralId).toBe(referralId);
  const report = message('ORU^R01', [segment('OBR', { 2: 'R-100^EAST', 4: '11488-4^^LN', 25: 'F' })]);
  expect(translated(report).keys.referralId).toBe(referralId);
});
