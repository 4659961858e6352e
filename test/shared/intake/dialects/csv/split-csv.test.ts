import { describe, expect, it } from 'vitest';
import { splitCsv } from '../../../../../shared/intake/dialects/csv/split-csv.ts';

const TEXT = '\uFEFFa;b\r\n1;x\r\n\r\n2;"y\r\nz"\r\n3;"open\r\n4;w';
const limits = { delimiter: ';', maxBytes: 1_000, maxRows: 100 };

describe('a file that is cut into bodies', () => {
  it('is one body if it fits, with LF for its line breaks', () => {
    expect(splitCsv(TEXT, limits)).toEqual([{ body: 'a;b\n1;x\n\n2;"y\nz"\n3;"open\n4;w\n', position: 1, rows: 4 }]);
  });

  it('has in each body the row of names, whole rows, and where it begins in the file', () => {
    expect(splitCsv(TEXT, { ...limits, maxRows: 1 })).toEqual([
      { body: 'a;b\n1;x\n', position: 1, rows: 1 },
      { body: 'a;b\n2;"y\nz"\n', position: 3, rows: 1 },
      { body: 'a;b\n3;"open\n', position: 5, rows: 1 },
      { body: 'a;b\n4;w\n', position: 6, rows: 1 },
    ]);
  });

  it('keeps a body under the bytes, unless one row alone is longer', () => {
    const parts = splitCsv(`a;b\n1;${'é'.repeat(50)}\n2;x\n3;y\n`, { ...limits, maxBytes: 12 });
    expect(parts.map(({ rows, position }) => [rows, position])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('keeps Excel’s line above the names', () => {
    expect(splitCsv('sep=,\na,b\n1,x\n2,y\n', { ...limits, maxRows: 1 })[1]).toEqual({
      ...{ body: 'sep=,\na,b\n2,y\n', position: 2, rows: 1 },
    });
  });

  it.each(['', 'a;b', 'a;b\n\n', '\n\nx'])('is one body without rows: %j', (text) => {
    expect(splitCsv(text, limits)).toEqual([{ body: text, position: 1, rows: 0 }]);
  });
});
