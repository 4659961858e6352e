import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyNoMapping } from '../../../../../shared/intake/dialects/csv/no-mapping.ts';
import { withoutUnread } from '../../../../../shared/intake/dialects/csv/read-columns.ts';
import { rowText } from '../../../../../shared/intake/dialects/csv/read-rows.ts';
import { splitCsv } from '../../../../../shared/intake/dialects/csv/split-csv.ts';
import type { Translated } from '../../../../../shared/intake/dialects/member.ts';
import { senderNamed } from '../../../../../shared/intake/dialects/sender.ts';
import { clinicWith, contextOf, HEAD, having, idsOf, type Sent, translate } from './clinic.ts';

const FILE = { file: 'referrals_20260303_0400.csv' };
const WHOLE = `Name;${HEAD};"Born\non";Phone`;
const PERSONAL = 'Personal';
const row = (cells: string, name = PERSONAL): string => `${name};${cells};${PERSONAL};${PERSONAL}`;
const SEEN = 'R-1;02/23/2026 10:15;U;CARD;N;P1;First;M-1;02/25/2026 09:00;03/03/2026 14:30;DNA;';
const KEYLESS = clinicWith({ key: undefined });
const EVENTS = { sender: null };

const bare = (body: string, sent: Sent = {}): string => {
  const { dialects, origin } = contextOf(sent);
  const read = withoutUnread(
    body,
    senderNamed(dialects, origin.sender ?? '')?.csv,
    whyNoMapping(dialects, origin.sender),
  );
  if ('fault' in read) throw new Error(read.fault);
  return read.body;
};

/** Without what is kept of rows that can't be read, whose cells belong to no column. */
const said = (members: readonly Translated[]) =>
  members.map((each) => (each.outcome === 'refused' && each.reason !== 'invalid' ? { ...each, kept: '' } : each));

describe('a file without the columns that nobody reads', () => {
  const text = [WHOLE, row(SEEN), row(SEEN.replace('02/23/2026 10:15', 'soon')), `${PERSONAL};ragged`, ''].join('\n');

  it('has nothing of them, nor of a row that can’t be read', () => {
    for (const sender of [undefined, KEYLESS]) {
      const body = bare(text, { ...(sender && { sender }) });
      expect(body).not.toMatch(/Personal|Name|Born|Phone|ragged/);
      expect(body).toContain('R-1;02/23/2026 10:15;U;CARD');
    }
    const plain = bare(
      'id,source,type,subject,time,data.by,Name\ne-1,s,referral.voided,R-1,2026-03-02T10:00Z,x,Personal',
      EVENTS,
    );
    expect(plain).toBe(
      'id,source,type,subject,time,data.by,loopwatch:row\ne-1,s,referral.voided,R-1,2026-03-02T10:00Z,x,row\n',
    );
  });

  it('says of each row what the whole file says, at the same line', () => {
    for (const sender of [undefined, KEYLESS]) {
      const sent = { ...FILE, ...(sender && { sender }) };
      expect(said(translate(bare(text, sent), sent))).toEqual(said(translate(text, sent)));
      expect(idsOf(translate(bare(text, sent), sent))).toHaveLength(3);
    }
  });

  it('tells rows apart by what was left out, without a key', () => {
    const two = [WHOLE, row(SEEN, 'A'), row(SEEN, 'B')].join('\n');
    const ids = idsOf(translate(bare(two, { sender: KEYLESS }), { ...FILE, sender: KEYLESS }));
    expect(new Set(ids).size).toBe(6);
    expect(bare(two, { sender: KEYLESS })).not.toMatch(/^[AB];/m);
  });

  it('has of columns named like fields those that events have', () => {
    const REQUIRED = 'id,source,type,subject,time';
    const kept = [
      'data',
      'data.by',
      'data.practice.id',
      'data.patient.id',
      'data.tags',
      'data.evidence.form',
      'entity',
    ];
    const dropped = [
      'data.patientName',
      'data.patient.name',
      'data.by.x',
      'data.__proto__',
      'data.constructor',
      'data.',
    ];
    const head = [REQUIRED, ...kept, ...dropped].join(',');
    expect(bare(`${head}\n`, EVENTS)).toBe(`${[REQUIRED, ...kept].join(',')},loopwatch:row\n`);
    expect(withoutUnread(`${head}\n`, undefined, 'none')).toMatchObject({ unknown: dropped });
  });

  it('is the same once more', () => {
    for (const sender of [undefined, KEYLESS]) {
      const once = bare(text, { ...(sender && { sender }) });
      expect(bare(once, { ...(sender && { sender }) })).toBe(once);
    }
  });

  it('is refused where the whole would be', () => {
    expect(() => bare('Ref No;Name\nR-1;x')).toThrow('column Created: not in the header row');
    expect(() => bare('Ref No;Name\nR-1;x', EVENTS)).toThrow(
      /^no sender of dialects.json .*; nor are the rows events: those have the columns id, /,
    );
    expect(() => bare('')).toThrow('expected a header row');
  });
});

describe('a mapping that changes between the sending and the reading', () => {
  const text = [WHOLE, row(SEEN, 'A'), row(SEEN, 'B')].join('\n');
  const sent = bare(text, FILE);

  it('may lose its key: the ids are those of the whole file', () => {
    const keyless = { ...FILE, sender: KEYLESS };
    expect(idsOf(translate(sent, keyless))).toEqual(idsOf(translate(text, keyless)));
    expect(new Set(idsOf(translate(sent, keyless))).size).toBe(6);
  });

  it('may read a column that was left out: then the refusal says what to do', () => {
    const more = { ...FILE, sender: clinicWith({ key: ['Phone'] }) };
    const detail = 'column Phone: not in the header row';
    expect(translate(sent, more)).toMatchObject([
      { reason: 'malformed', detail: expect.stringMatching(`^${detail}.*: send the file again, with --again$`) },
    ]);
    const whole = translate(text.replaceAll('Phone', 'Fax'), more);
    expect(whole).toMatchObject([{ reason: 'malformed', detail: expect.not.stringContaining('again') }]);
  });
});

describe('a row of which only a fault is left', () => {
  const faultOf = (cell: string) =>
    translate(`${HEAD};loopwatch:row\n${SEEN};${cell}`, FILE).map((each) =>
      'detail' in each ? each.detail : each.outcome,
    );

  it('shows nothing that a sender could have written there', () => {
    expect(faultOf('5 cells of 6')).toEqual(['5 cells, expected 6 as in the header row']);
    expect(faultOf('Personal')).toEqual(['translated']);
    expect(faultOf('5 cells of 6, Personal')).toEqual(['translated']);
  });
});

describe('the law of columns that nobody reads', () => {
  const names = ['Name', ...HEAD.split(';'), 'Born\non', 'Phone'];
  const date = fc.constantFrom('', '02/23/2026', '02/23/2026 10:15', '31/31/2026', 'soon');
  const word = fc.oneof(
    fc.constantFrom('', 'U', 'DNA', 'Closed', '__proto__', ' a b ', 'x;y', 'say "hi"', 'two\nlines', '\ud800', ','),
    fc.string({ maxLength: 8 }).filter((text) => !text.includes('\r')),
  );
  const dates = new Set(['Created', 'Booked On', 'Appt']);
  const line = fc.tuple(...names.map((name) => (dates.has(name) ? date : word))).map((cells) => rowText(cells, ';'));
  // No quotes left open, as for files that are cut: what they hide depends on where a body ends.
  const noise = fc.constantFrom(
    '',
    ';;;;;;;;;;;;;;',
    'R-9;x',
    'x;;;;;;;;;;;;;;',
    'a"b;c"',
    `R-8;${'y'.repeat(100_001)}`,
  );
  const file = fc.array(fc.oneof({ weight: 6, arbitrary: line }, noise), { maxLength: 12 });

  it('bodies that are sent say what the whole file says, with the same ids and lines', () => {
    fc.assert(
      fc.property(
        file,
        fc.constantFrom(undefined, KEYLESS, clinicWith({ key: ['Ref No', 'MRN'] })),
        fc.constantFrom('', 'sep=;\n'),
        fc.integer({ min: 1, max: 5 }),
        (lines, sender, above, maxRows) => {
          const sent = { ...FILE, ...(sender && { sender }) };
          const text = above + [rowText(names, ';'), ...lines].join('\n');
          const whole = translate(text, sent);
          const parts = splitCsv(text, { delimiter: ';', maxBytes: 1_000_000, maxRows });
          const members = parts.flatMap(({ body, position }) => translate(bare(body, sent), { ...sent, position }));
          expect(said(members)).toEqual(said(whole));
          expect(idsOf(members)).toEqual(idsOf(whole));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('rows that are events, too', () => {
    const columns = ['id', 'Name', 'source', 'type', 'subject', 'time', 'data.practice.id', 'data', 'Phone'];
    const cells = fc.tuple(...columns.map(() => word)).map((each) => rowText(each, ','));
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 6, arbitrary: cells }, noise), { maxLength: 8 }), (lines) => {
        const text = [columns.join(','), ...lines].join('\n');
        expect(said(translate(bare(text, EVENTS), EVENTS))).toEqual(said(translate(text, EVENTS)));
      }),
    );
  });

  it('a refused row keeps the same, whether it came whole or not', () => {
    const text = [WHOLE, row(SEEN.replace('02/23/2026 10:15', 'soon'))].join('\n');
    for (const sender of [undefined, KEYLESS]) {
      const sent = { ...FILE, ...(sender && { sender }) };
      const [refused] = having(translate(text, sent), 'refused');
      expect(refused?.kept).not.toMatch(/Personal|Name/);
      expect(having(translate(refused?.kept ?? '', sent), 'refused')[0]).toMatchObject({
        detail: refused?.detail,
        kept: refused?.kept,
      });
    }
  });
});
