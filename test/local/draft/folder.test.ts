import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { draftDialect } from '../../../local/cli/dialect-draft.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { STATES, said } from './drafted.ts';

describe('the draft of a folder', () => {
  const LATIN = 'referrals_20260304.csv';
  const inside = temporaryFolder();

  const drafted = (names: readonly string[]) => {
    const exports = mkdtempSync(join(inside, 'exports-'));
    for (const name of names) {
      const encoding = name === LATIN ? 'latin1' : 'utf8';
      writeFileSync(join(exports, name), name === 'notes.txt' ? 'Ask,Ada\nwhy,not' : STATES, encoding);
    }
    const printed: string[] = [];
    const remarks: string[] = [];
    draftDialect([exports], {}, { print: (line) => printed.push(line), remark: (line) => remarks.push(line) });
    return { sender: JSON.parse(printed.join('\n')).senders[0].name, text: said(remarks.join('\n')) };
  };

  it('leaves out a file whose name begins otherwise than those of the others', () => {
    const { sender, text } = drafted(['notes.txt', 'referrals_20260302.csv', 'referrals_20260303.csv']);
    expect(sender).toBe('referrals');
    expect(text).toContain('Left out, as their names begin otherwise than those of the other files: notes.txt.');
    expect(text).toContain('Tried on 14 rows');
  });

  it('takes all where no beginning is the most frequent', () => {
    expect(drafted(['monday.csv', 'tuesday.csv']).text).toContain('Tried on 14 rows');
  });

  it('tries the encoding that the draft has, and not that of each file', () => {
    const { text } = drafted(['referrals_20260302.csv', 'referrals_20260303.csv', LATIN]);
    expect(text).toContain('Tried on 14 rows: 14 translated, 0 passed over, 0 refused, and 1 file refused whole.');
    expect(text).toContain(`Refused whole: ${LATIN}, which isn't utf-8.`);
  });
});
