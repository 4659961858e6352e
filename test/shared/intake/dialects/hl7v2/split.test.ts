import { describe, expect, test } from 'vitest';
import { splitHl7, withoutNarrative } from '../../../../../shared/intake/dialects/hl7v2/split.ts';
import { message, passedOver, refused, segment, translate, translated } from './messages.ts';

const booking = (id: string): string =>
  message('SIU^S12', [segment('SCH', { 2: id, 25: 'Booked' }), segment('TQ1', { 7: '20260310093000-0400' })]);
const visit = message('ADT^A04', [segment('PV1', { 2: 'O', 19: 'V1' })]);

describe('a text of several messages', () => {
  test.each([
    ['bare', `${booking('1')}${visit}`],
    ['with LF', `${booking('1')}${visit}`.replaceAll('\r', '\n')],
    ['with CRLF', `${booking('1')}${visit}`.replaceAll('\r', '\r\n')],
    ['framed by MLLP', `\u000B${booking('1')}\u001C\r\u000B${visit}\u001C\r`],
    ['with a byte order mark', `\uFEFF${booking('1')}\uFEFF${visit}`],
    ['after white space', `\r\n  ${booking('1')}${visit}`],
    ['in a batch', `FHS|^~\\&|A\rBHS|^~\\&|A\r${booking('1')}${visit}BTS|2\rFTS|1\r`],
    ['in two batches', `FHS|^~\\&\rBHS|^~\\&\r${booking('1')}BTS|1\rBHS|^~\\&\r${visit}BTS\rFTS\r`],
    ['without a last line break', `${booking('1')}${visit}`.trimEnd()],
  ])('is split into them, %s', (_, text) => {
    expect(splitHl7(text)).toEqual([
      { number: 1, text: booking('1') },
      { number: 2, text: visit },
    ]);
    expect(translate(text)).toEqual(translate(`${booking('1')}${visit}`));
  });

  test('is numbered from where its body begins in its file', () => {
    expect(translate(booking('1') + visit, { position: 7 }).map(({ position }) => position)).toEqual([7, 8]);
  });

  test('is refused message by message', () => {
    const [first, bad, last] = translate(`${booking('1')}${message('SIU^S12', [segment('SCH', { 2: '2' })])}${visit}`);
    expect([first, last].map((member) => member?.outcome)).toEqual(['translated', 'translated']);
    expect(bad).toMatchObject({
      outcome: 'refused',
      position: 2,
      detail: 'TQ1-7: expected when the appointment starts',
    });
  });

  test('may be an empty batch', () => {
    expect(translate('FHS|^~\\&|A\rBHS|^~\\&|A\rBTS|0\rFTS|1\r')).toEqual([
      { outcome: 'passed_over', why: 'empty batch', kind: 'batch', position: 1, sender: 'hl7v2:/' },
    ]);
  });

  test('may begin with what is no message: that alone is refused', () => {
    expect(translate(`PID|1||42||DOE^ANY\r${visit}`)).toMatchObject([
      { outcome: 'refused', reason: 'malformed', position: 1, kept: 'PID|||42\r' },
      { outcome: 'translated', position: 2 },
    ]);
  });
});

describe('what is no message', () => {
  test.each(['', ' \r\n', 'hello', '{"resourceType":"Bundle"}', 'MSH', 'MSH|', '<xml/>'])(
    'is malformed: %s',
    (text) => {
      expect(refused(text)).toMatchObject({ reason: 'malformed', kind: 'message', sender: 'hl7v2:/' });
    },
  );

  test.each([
    ['', 'nothing'],
    ['\u001f\u008b\b\0abc', 'compressed data'],
    ['M\0S\0H\0|\0^\0', 'UTF-16 without a byte order mark, or no text'],
    [`<VT>${visit}`, 'the byte 0x0B of MLLP written out'],
    ['MSH|', 'MSH without separators in MSH-1 and MSH-2 that differ'],
    ['MSH|^^^^|A', 'MSH without separators in MSH-1 and MSH-2 that differ'],
    ['msh|^~\\&|A', 'MSH in small letters'],
    ['PID|1||42||DOE^ANY', 'PID'],
    [`2026-03-02 09:00 INFO sent ${visit}`, 'MSH at character 28 of line 1, behind something else'],
    [`Log of\r2026-03-02\rsent ${visit}`, 'MSH at character 6 of line 3, behind something else'],
    ['{"resourceType":"Bundle"}', 'JSON'],
    ['<ClinicalDocument/>', 'XML'],
    ['Ôâì}_Ø~£Ôâì}_Ø~', 'no text, or another encoding'],
  ])('says what it is: %j', (text, found) => {
    expect(refused(text).detail).toBe(`MSH: expected a header that begins with MSH|^~\\&, found ${found}`);
  });

  test.each(['hello', 'MSH'])('may be anything: %s', (text) => {
    expect(refused(text).detail).toBe('MSH: expected a header that begins with MSH|^~\\&');
  });

  test('is a header that ends before it says what it is', () => {
    expect(refused('MSH|^~\\&|EAST-EHR|EAST|||20260302')).toMatchObject({
      reason: 'malformed',
      detail: 'MSH-9: expected the kind of message, such as SIU^S12',
    });
  });

  test('cut off, a message lacks what stood behind', () => {
    const whole = booking('1');
    expect(refused(whole.slice(0, whole.indexOf('TQ1'))).detail).toBe('TQ1-7: expected when the appointment starts');
    expect(refused(whole.slice(0, whole.indexOf('0310093000') + 3)).detail).toContain('TQ1-7: expected a time');
  });
});

describe('segments that nobody ended, or that are bent', () => {
  const referral = message('REF^I12', [
    segment('RF1', { 6: 'R-1' }),
    segment('PRD', { 1: 'RT', 10: 'North' }),
    segment('PID', { 3: '42', 5: 'secret^secret', 6: 'secret', 9: 'secret' }),
  ]);

  test.each([
    ['\\r', '\\r written out'],
    ['\\n', '\\n written out'],
    ['\\X0D\\', '\\X0D\\ written out'],
    ['<CR>', '<CR> written out'],
    ['\t', 'a tab'],
    [' ', 'a space'],
    ['', 'nothing'],
  ])('are refused with what stands in place of CR: %j', (end, found) => {
    for (const body of [referral, booking('1'), visit]) {
      const { reason, detail, kept } = refused(body.trimEnd().replaceAll('\r', end));
      expect(reason).toBe('malformed');
      expect(detail).toBe(`nothing but MSH was read: expected CR, LF or CRLF between segments, found ${found}`);
      // Fields of MSH that are read would be those of a patient.
      expect(kept).toMatch(/^MSH[^\r]*\|2\.5\.1\r$/);
    }
  });

  test('are refused if no line is a segment, whatever it is', () => {
    const { detail } = refused(referral.replace(/\r(?=[A-Z])/g, '\r*'));
    expect(detail).toBe("nothing but MSH was read: expected each line to begin with a segment's name and MSH-1");
  });

  test('are none where a message has nothing but its header, or means nothing here', () => {
    expect(translated(message('REF^I12', [], { 4: 'PID', 6: 'A RF1' })).facts).toHaveLength(1);
    expect(passedOver(message('ADT^A08', ['PV1|1']).replace(/\r/, '\t'))).toBe('kind of message');
  });

  test('are read, indented or in small letters', () => {
    for (const bent of [referral.replace(/\r(?=[A-Z])/g, '\r\t  '), referral.replace('\rPRD', '\rprd')]) {
      expect(translate(bent)).toEqual(translate(referral));
    }
    const two = `${referral}${visit}`;
    expect(translate(two.replace(/\r(?=[A-Z])/g, '\r  '))).toEqual(translate(two));
    const written = message('ORU^R01', ['obx|1|TX|X||secret||||||F', '  NTE|secret', 'nte|secret']);
    expect(withoutNarrative(written)).not.toContain('secret');
  });

  test('are named where one is broken in two, but not the lines of a narrative', () => {
    const rowOf = (body: string) => translated(body).facts[0]?.row;
    expect(rowOf(referral.replace('PRD|RT', 'PRD|\rRT'))).toBe('REF^I12; line 4 is no segment, and left out');
    expect(rowOf(referral.replace('PRD|RT', 'PRD|\rRT').replace('42', '4\r2'))).toBe(
      'REF^I12; 2 lines are no segments, and left out',
    );
    expect(rowOf(`${referral}OBX|1|TX|X||One line,\rand another.\r`)).toBe('REF^I12');
  });
});

describe('what people wrote', () => {
  const note = [
    segment('TXA', { 2: 'CN', 12: 'D1', 17: 'AU' }),
    segment('OBX', { 1: '1', 2: 'TX', 3: '11488-4^Consult note^LN', 5: 'Seen for a cough.', 8: 'A', 11: 'F' }),
    'The second line of it.',
    segment('NTE', { 3: 'Please call.' }),
    segment('OBX', { 2: 'ED', 5: '^IM^PDF^Base64^JVBERi0' }),
  ];
  const body = message('MDM^T02', note);

  test('is cut off, and the rest translates as before', () => {
    const cut = withoutNarrative(body);
    expect(cut).not.toMatch(/cough|second|call|JVBER/);
    expect(cut).toContain('OBX|1|TX|11488-4^Consult note^LN||||||||F\r');
    expect(translate(cut)).toEqual(translate(body));
    expect(withoutNarrative(cut)).toBe(cut);
  });

  test('is cut off behind a separator that nobody escaped', () => {
    const torn = segment('OBX', { 3: 'X', 5: 'a|b|c|d|e|f|and patient Doe said' });
    expect(withoutNarrative(message('ORU^R01', [torn]))).toMatch(/\rOBX\|\|\|X\|\r$/);
  });

  test('is cut off whatever separates its fields, in batches too', () => {
    const text = 'FHS|^~\\&\rMSH*#?!@*A*B*****ORU#R01*1*P\rOBX*1*TX*X**secret******F\rNTE***secret\r';
    expect(withoutNarrative(text)).toBe('FHS|^~\\&\rMSH*#?!@*A*B*****ORU#R01*1*P\rOBX*1*TX*X********F\r');
  });

  test('is not in what is kept of a refused message', () => {
    const { kept } = refused(message('MDM^T02', note, { 7: 'yesterday' }));
    expect(kept).toContain('TXA||CN');
    expect(kept).not.toMatch(/cough|second|call|JVBER/);
  });
});

describe('too large', () => {
  test('is a message over 1 MiB, but not by the document in it', () => {
    const large = 'A'.repeat(2_000_000);
    const note = [segment('TXA', { 2: 'CN', 12: 'D1', 17: 'AU' }), segment('OBX', { 5: large, 11: 'F' })];
    expect(translated(message('MDM^T02', note)).facts).toHaveLength(1);
    const body = message('MDM^T02', [...note, segment('PID', { 5: large })]);
    expect(refused(body)).toMatchObject({ reason: 'too_large', kind: 'MDM^T02' });
    expect(refused(body).kept).toMatch(/^MSH[^\r]+\r$/);
  });

  test('is a body of over 5,000 members', () => {
    const orders = (count: number): string =>
      message(
        'OMG^O19',
        Array.from({ length: count }, () => segment('ORC', { 1: 'NW' })),
      );
    expect(translate(orders(5000))).toHaveLength(5000);
    expect(refused(orders(5001))).toMatchObject({ reason: 'too_large', detail: 'over 5,000 members', kept: '' });
    expect(refused(orders(5000) + visit).reason).toBe('too_large');
    expect(refused('MSH|\r'.repeat(5001)).reason).toBe('too_large');
  });
});

describe('which messages count', () => {
  test('those in production, or all of a sender in test', () => {
    const body = message('ADT^A04', [segment('PV1', { 19: 'V1' })], { 11: 'T' });
    expect(passedOver(body)).toBe('MSH-11 T, without "test": true');
    expect(passedOver(body.replace('|T|', '|D^T|'))).toBe('MSH-11 D, without "test": true');
    expect(translated(body, { entry: { test: true } }).kind).toBe('ADT^A04');
    expect(translated(body.replace('|T|', '|p|')).kind).toBe('ADT^A04');
    expect(translated(body.replace('|T|', '||')).kind).toBe('ADT^A04');
  });

  test.each(['ADT^A08', 'ADT^A40', 'SIU^S18', 'SRM^S01', 'REF^I15', 'RRI^I15', 'ACK', 'QRY^A19', 'MDM^T12'])(
    'not %s',
    (kind) => {
      expect(passedOver(message(kind, [segment('PV1', { 19: 'V1' })]))).toBe('kind of message');
    },
  );

  test('EVN-1 says the kind where MSH-9 does not', () => {
    const body = (kind: string): string => message(kind, [segment('EVN', { 1: 'A03' }), segment('PV1', { 19: 'V1' })]);
    expect(translated(body('ADT')).kind).toBe('ADT^A03');
    expect(translated(body('')).kind).toBe('ADT^A03');
    expect(passedOver(message('', [segment('EVN', { 1: 'T02' })]))).toBe('TXA-2 empty, not in consultNotes');
    expect(refused(message('', [segment('EVN', { 1: 'X01' })])).reason).toBe('malformed');
    expect(translated(body('ADT^A04^ADT_A01')).kind).toBe('ADT^A04');
    expect(translated(body('adt^a04')).kind).toBe('ADT^A04');
  });

  test('a kind that is none shows nothing of what was sent', () => {
    expect(translate(message('Doe, born 1950^x', []))).toMatchObject([{ kind: 'message', outcome: 'passed_over' }]);
  });
});
