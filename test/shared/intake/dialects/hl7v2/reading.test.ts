import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHl7 } from '../../../../../shared/intake/dialects/hl7v2/character-set.ts';
import { readMessage } from '../../../../../shared/intake/dialects/hl7v2/message.ts';
import { splitHl7 } from '../../../../../shared/intake/dialects/hl7v2/split.ts';

const HEADER = 'MSH|^~\\&|A|B|||20260302||ADT^A04|1|P|2.5';
const read = (field: string, path = 'ZZZ-1', header = HEADER): string | undefined =>
  readMessage(`${header}\rZZZ|${field}`)?.read(path);

describe('the characters of a message', () => {
  test('are those of MSH-1 and MSH-2', () => {
    const message = readMessage('MSH*#?!@*APP*FAC***20260302**SIU#S12*7*P*2.5\rSCH**old?88#Y*a@b#c!S!d\r');
    expect(['MSH-3', 'MSH-9.2', 'SCH-2', 'SCH-3', 'SCH-3.2'].map((path) => message?.read(path))).toEqual([
      ...['APP', 'S12', 'old', 'a', 'c#d'],
    ]);
  });

  test('are the usual ones where MSH-2 leaves them out', () => {
    expect(read('one&two^x', 'ZZZ-1.2', 'MSH|^|APP|FAC')).toBe('x');
    expect(read('one~two', 'ZZZ-1', 'MSH|^~|EPICENTRE|FAC')).toBe('one');
    expect(read('A\\T\\B', 'ZZZ-1', 'MSH|^~|EPICENTRE|FAC')).toBe('A&B');
  });

  test('may have a fifth, which version 2.7 added', () => {
    expect(read('one^two', 'ZZZ-1.2', 'MSH|^~\\&#|APP|FAC')).toBe('two');
  });

  test.each(['MSH', 'MSH|', 'MSH||A', 'MSH|^^^^|A', 'MSH|^~\\|', 'msh|^~\\&|A', ''])(
    'can be beyond reading: %s',
    (text) => {
      expect(readMessage(text)?.read('MSH-3') ?? '').toBe('');
    },
  );
});

describe('a value', () => {
  test.each([
    ['\\F\\ \\S\\ \\T\\ \\R\\ \\E\\', '| ^ & ~ \\'],
    ['caf\\XC3A9\\', 'café'],
    ['one\\.br\\two', 'one\ntwo'],
    ['\\H\\bold\\N\\', 'bold'],
    ['\\.in+4\\x\\Z12\\', 'x'],
    ['C:\\temp\\F\\', 'C:\\temp|'],
    ['5\\', '5\\'],
    ['\\X4\\', '\\X4\\'],
  ])('has its escapes undone: %s', (sent, value) => {
    expect(read(sent)).toBe(value);
  });

  test('in hex is in the character set of MSH-18', () => {
    expect(read('caf\\XE9\\', 'ZZZ-1', `${HEADER}||||||8859/1`)).toBe('café');
    expect(read('caf\\XE9\\')).toBe('café');
  });

  test('has no outer spaces, keeps its zeros, and is nothing where it is HL7\'s ""', () => {
    expect(read('  007 ')).toBe('007');
    expect(read('""~9')).toBe('9');
    expect(read('""')).toBe('');
  });

  test('is the first that is filled of repetitions and segments, and the first subcomponent', () => {
    expect(read('~^x~a&b^y')).toBe('a');
    expect(read('^x~a^y', 'ZZZ-1.2')).toBe('x');
    expect(read('\rZZZ|later')).toBe('later');
  });

  test('is nothing beyond what there is', () => {
    expect(read('a', 'ZZZ-40.3')).toBe('');
    expect(read('a', 'QQQ-1')).toBe('');
  });
});

describe('a file', () => {
  const named = (set: string, bytes: number[]): Uint8Array =>
    new Uint8Array([...Buffer.from(`${HEADER}||||||${set}\rZZZ|`, 'latin1'), ...bytes, 13]);
  const value = (bytes: Uint8Array): string | undefined => readMessage(decodeHl7(bytes))?.read('ZZZ-1');

  test.each([
    ['', [0xc3, 0xa9], 'é'],
    ['', [0xe9], 'é'],
    ['ASCII', [0x65], 'e'],
    ['8859/1', [0xe9], 'é'],
    ['8859/1', [0x93, 0x80], '“€'],
    ['8859/15', [0xa4], '€'],
    ['UNICODE UTF-8', [0xc3, 0xa9], 'é'],
    ['8859/1~UNICODE UTF-8', [0xe9], 'é'],
    ['GB 18030-2000', [0xc4, 0xe3], '你'],
    ['ISO-8859-1', [0xe9], 'é'],
    ['no such set', [0xc3, 0xa9], 'é'],
    ['8859/77', [0x65], 'e'],
    ['UNICODE', [0xc3, 0xa9], 'é'],
    // What the bytes aren't in, whatever MSH-18 says: nothing of them is lost.
    ['UNICODE UTF-8', [0xe9], 'é'],
    ['no such set', [0xe9], 'é'],
    ['GB 18030-2000', [0xff], 'ÿ'],
    ['8859/7', [0xd2], 'Ò'],
  ])('is read in the character set of MSH-18: %s', (set, bytes, text) => {
    expect(value(named(set, bytes))).toBe(text);
  });

  const values = (...files: Uint8Array[]): (string | undefined)[] =>
    splitHl7(decodeHl7(Buffer.concat(files))).map(({ text }) => readMessage(text)?.read('ZZZ-1'));

  test('may have messages in different character sets', () => {
    const file = [
      named('8859/1', [0xe9]),
      named('UNICODE UTF-8', [0xc3, 0xa9]),
      named('8859/7', [0xe1]),
      Buffer.from('BHS|^~\\&\r'),
      named('GB 18030-2000', [0xc4, 0xe3]),
      named('', [0xc3, 0xa9]),
    ];
    expect(values(...file)).toEqual(['é', 'é', 'α', '你', 'é']);
    const framed = file.flatMap((message) => [Buffer.from('\v'), message, Buffer.from('\x1c\r')]);
    expect(values(...framed)).toEqual(['é', 'é', 'α', '你', 'é']);
    expect(values(...file.toReversed())).toEqual(['é', '你', 'α', 'é', 'é']);
    // As if files had been put together.
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), named('', [0xc3, 0xa9])]);
    expect(values(named('8859/1', [0xe9]), marked)).toEqual(['é', 'é']);
  });

  test('keeps ids apart that are not in the character set of MSH-18, and changes no other segment', () => {
    const lines = (...ids: number[][]): Uint8Array =>
      Buffer.concat([named('UNICODE UTF-8', []), ...ids.map((id) => Buffer.from([...Buffer.from('YYY|'), ...id, 13]))]);
    const ids = (bytes: Uint8Array): string[] =>
      readMessage(decodeHl7(bytes))
        ?.all('YYY')
        .map((each) => each.read(1)) ?? [];
    expect(ids(lines([0xc9, 0x2d, 0x31], [0xc8, 0x2d, 0x31], [0xc3, 0x89, 0x2d, 0x31]))).toEqual(['É-1', 'È-1', 'É-1']);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ min: 0x80, minLength: 1, maxLength: 4 }), { maxLength: 5 }), (all) => {
        const read = ids(lines(...all.map((id) => [...id])));
        expect(read).toHaveLength(all.length);
        expect(read.join('')).not.toContain('\uFFFD');
      }),
    );
  });

  test('has messages that say nothing: as UTF-8, else as those before them', () => {
    expect(values(named('8859/7', [0xe1]), named('', [0xe1]), named('', [0xc3, 0xa9]))).toEqual(['α', 'α', 'é']);
    expect(values(named('', [0xe9]), named('8859/7', [0xe1]))).toEqual(['é', 'α']);
  });

  test('joined from messages of any character set says what each says', () => {
    const sets: [string, number[]][] = [
      ['8859/1', [0xe9]],
      ['8859/7', [0xe1, 0xe2]],
      ['UNICODE UTF-8', [0xe4, 0xbd, 0xa0]],
      ['GB 18030-2000', [0xc4, 0xe3]],
      ['ISO IR87', [0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42]],
      ['BIG-5', [0xa7, 0x41]],
    ];
    const files = fc.array(
      fc.constantFrom(...sets).map(([set, bytes]) => named(set, bytes)),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(files, (all) => {
        expect(values(...all)).toEqual(all.map(value));
      }),
    );
  });

  test('is read by its byte order mark', () => {
    const text = `\uFEFF${HEADER}\rZZZ|é\r`;
    expect(value(Buffer.from(text, 'utf16le'))).toBe('é');
    expect(value(Buffer.from(text, 'utf16le').swap16())).toBe('é');
    expect(value(Buffer.from(text, 'utf8'))).toBe('é');
  });
});
