import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPath } from '../../../../../shared/intake/dialects/hl7v2/path.ts';
import { READ_FIELDS } from '../../../../../shared/intake/dialects/hl7v2/read-fields.ts';
import { wordless } from '../../../../../shared/intake/wordless.ts';
import { message, refused, segment, translate } from './messages.ts';

const FOLDER = 'shared/intake/dialects/hl7v2';

test('every field that the mapping names is among those that are kept', () => {
  const sources = readdirSync(FOLDER).map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'));
  const paths = sources.flatMap((text) =>
    [...text.matchAll(/'([A-Z][A-Z0-9]{2}-\d+(?:\.\d+)?)'/g)].map(([, path]) => path),
  );
  expect(paths.length).toBeGreaterThan(60);
  const isKept = (path = ''): boolean => {
    const { segment: name, field, component } = readPath(path);
    return READ_FIELDS[name]?.[field]?.components.includes(component ?? 1) ?? false;
  };
  expect(paths.filter((path) => !isKept(path))).toEqual([]);
});

describe('of a message that is refused', () => {
  const SECRET = 'secret';
  const wordy = [
    segment('PID', { 3: `42^^^EAST^MR`, 5: `${SECRET}^${SECRET}`, 7: SECRET, 11: SECRET, 13: SECRET, 19: SECRET }),
    segment('NK1', { 2: SECRET }),
    segment('SCH', { 2: '77', 6: `PT^${SECRET}^L`, 7: `1^${SECRET}`, 12: SECRET, 25: `Booked^${SECRET}` }),
    segment('NTE', { 3: SECRET }),
    segment('AIL', { 3: SECRET, 6: '20260320' }),
    segment('OBX', { 3: `X^${SECRET}`, 5: SECRET, 11: 'F' }),
    segment('DG1', { 3: SECRET }),
    segment('ZZZ', { 1: SECRET }),
  ];

  test('names, addresses, comments and what no field of the mapping holds are not kept', () => {
    const { kept } = refused(message('SIU^S12', [...wordy, segment('TQ1', { 7: 'soon' })], { 8: SECRET }));
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain('\rPID|||42^^^EAST^MR\r');
    expect(kept).toContain('\rSCH||77||||PT^^L|');
  });

  test('nor where its header says too little, or can’t be read', () => {
    for (const body of [message('', wordy), wordy.join('\r'), `MSH|^^^^\r${wordy.join('\r')}`]) {
      const { kept } = refused(body);
      expect(kept).not.toContain(SECRET);
      expect(kept).toContain('PID|||42^^^EAST^MR\r');
    }
  });

  test('nor of one that nobody took for a message', () => {
    expect(wordless(message('SIU^S12', wordy))).not.toContain(SECRET);
  });

  test('a text is kept only where it stands for a code', () => {
    const early = (reason: string): string =>
      refused(message('OMG^O19', [segment('ORC', { 1: 'CA', 16: reason }), order], { 7: 'soon' })).kept;
    const order = segment('OBR', { 4: '57133-1^Referral note^LN' });
    expect(early('DUP^Said twice')).toContain('|DUP\r');
    expect(early('^Said twice')).toContain('|^Said twice\r');
    expect(early('""^Said twice')).toContain('|""^Said twice\r');
  });

  test('but fields that an entry names are', () => {
    const entry = { keys: { SIU: ['ZRF-2.3'] }, statusField: 'ZST-1' };
    const own = [segment('ZRF', { 1: SECRET, 2: `${SECRET}^^R-7` }), segment('ZST', { 1: `A1^${SECRET}` })];
    const body = message('SIU^S12', [...wordy, ...own, segment('TQ1', { 7: 'soon' })]);
    const { kept } = refused(body, { entry });
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain('\rZRF||^^R-7\rZST|A1\r');
    expect(translate(kept.replace('soon', '20260320'), { entry })).toMatchObject([{ keys: { referralId: 'R-7' } }]);
  });
});
