import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowView } from '../../../shared/mail/blocks.ts';
import { type ListedRow, rowsCsv } from '../../../shared/mail/digest/rows-csv.ts';

const row = (over: Partial<RowView> = {}, cells: Partial<RowView['cells']> = {}): RowView => ({
  priority: 'URGENT',
  tone: 'urgent',
  id: 'R-1',
  url: null,
  initials: null,
  state: '2 days over',
  isOver: true,
  standing: 'new',
  action: 'Call the patient today; nobody has yet.',
  details: '',
  remarks: [],
  ...over,
  cells: {
    marks: null,
    due: 'due Fri 27 Feb, 17:00',
    daysOver: '2',
    attempts: 'attempts 0 of 3',
    specialty: 'cardiology',
    site: 'North Clinic',
    alsoOpen: null,
    owner: null,
    ...cells,
  },
});
const listed = (over: Partial<ListedRow> = {}): ListedRow => ({
  section: 'To do now',
  practice: null,
  row: row(),
  ...over,
});

/** RFC 4180 to the letter: every cell in quotes, lines that end with CRLF. */
function parse(csv: string): string[][] {
  const records: string[][] = [[]];
  const token = /"((?:[^"]|"")*)"(,|\r\n)/gy;
  while (token.lastIndex < csv.length) {
    const at = token.lastIndex;
    const [, cell = '', end] = token.exec(csv) ?? [];
    if (end === undefined) throw new Error(`not RFC 4180: ${JSON.stringify(csv.slice(at, at + 80))}`);
    records.at(-1)?.push(cell.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  records.pop();
  return records;
}

/** @returns the names, then the rows */
function read(rows: readonly ListedRow[]): string[][] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rowsCsv(rows));
  expect(text.startsWith('\ufeff')).toBe(true);
  return parse(text.slice(1));
}

const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

describe('the file of all rows', () => {
  it('names its columns and has a line for each row, in their order', () => {
    const [names, ...rows] = read([listed(), listed({ row: row({ id: 'R-2' }) })]);
    expect(names).toEqual([
      'Section',
      'State',
      'Marks',
      'Priority',
      'Referral',
      'What to do',
      'How late',
      'Due',
      'Days over',
      'Attempts',
      'Specialty',
      'Site',
      'Also open',
      'Owner',
    ]);
    expect(rows.map((cells) => cells[4])).toEqual(['R-1', 'R-2']);
    expect(rows[0]).toEqual([
      'To do now',
      'new',
      '',
      'URGENT',
      'R-1',
      'Call the patient today; nobody has yet.',
      '2 days over',
      'due Fri 27 Feb, 17:00',
      '2',
      'attempts 0 of 3',
      'cardiology',
      'North Clinic',
      '',
      '',
    ]);
  });

  it('has columns for practice, link and initials only if the mail shows any', () => {
    const [names, ...rows] = read([
      listed({ practice: 'First Practice', row: row({ url: 'https://records.example.org/R-1', initials: 'A. B.' }) }),
      listed({ practice: 'First Practice' }),
    ]);
    expect(names).toEqual(expect.arrayContaining(['Practice', 'Link', 'Initials']));
    expect(rows.every((cells) => cells.length === names?.length)).toBe(true);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1', '=HYPERLINK("https://example.org")', ' =1', '\ufeff=1', '\t=1'])(
    'has %j as text, not as a formula',
    (id) => {
      const cell = read([listed({ row: row({ id }) })])[1]?.[4];
      expect(cell).toBe(`'${id.trim()}`);
    },
  );

  it('begins no formula behind a semicolon, where Excel separates cells by it', () => {
    const cell = read([listed({ row: row({ id: 'R-1"; "=1+1' }) })])[1]?.[4];
    expect(cell).toBe(`R-1";' "=1+1`);
  });

  describe('whatever the ids and names hold', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', "'", ';', ',', ' ', 'a', '＝', '|', '\ufeff'),
      }),
    );
    const hostile = fc
      .record({ section: texts, practice: texts, id: texts, state: texts, site: texts, alsoOpen: texts })
      .map(({ section, practice, id, state, site, alsoOpen }) =>
        listed({ section, practice, row: row({ id, state }, { site, alsoOpen }) }),
      );

    it('reading it gives the cells back, each but for apostrophes against formulas', () => {
      fc.assert(
        fc.property(fc.array(hostile, { maxLength: 5 }), (rows) => {
          const [names, ...lines] = read(rows);
          const column = (name: string) => lines.map((cells) => cells[names?.indexOf(name) ?? -1] ?? '');
          const plain = (text: string) => text.replaceAll("'", '');
          expect(lines).toHaveLength(rows.length);
          expect(column('Referral').map(plain)).toEqual(rows.map((each) => plain(each.row.id.trim())));
          expect(column('Site').map(plain)).toEqual(rows.map((each) => plain(each.row.cells.site?.trim() ?? '')));
        }),
      );
    });

    it('no cell begins a formula, in whatever way a spreadsheet separates cells', () => {
      fc.assert(
        fc.property(fc.array(hostile, { maxLength: 5 }), (rows) => {
          const text = new TextDecoder().decode(rowsCsv(rows));
          const cells = [...parse(text).flat(), ...text.split(/[;\t|\r\n]/).map((cell) => cell.replace(/^[\s"]+/, ''))];
          for (const cell of cells) expect(cell).not.toMatch(FORMULA);
        }),
      );
    });
  });
});
