import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTypeOf, KNOWN_WORDS, meaningOf } from '../../../local/draft/status-words.ts';
import { translateCsv } from '../../../shared/intake/dialects/csv/translate-csv.ts';
import { loopwatch } from '../cli/loopwatch.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Csv, draft, draftOf, emitsBy, STATES, said } from './drafted.ts';

const TWO_STATUSES = [
  'Referral ID;Created;Booked On;Appt Date;Appt Status;Auth Status;Referral Status;Closed Reason',
  'R-1;02/23/2026;02/25/2026;03/13/2026;No Show;Approved;New;',
  'R-2;02/23/2026;02/25/2026;03/13/2026;Booked;Approved;New;',
  'R-3;02/23/2026;02/25/2026;03/13/2026;Booked;Denied;Closed;Unable to contact',
  'R-4;02/23/2026;02/25/2026;03/13/2026;Cancelled;Denied;Closed;Unable to contact',
  'R-5;02/23/2026;;;;Denied;Cancelled;',
  'R-6;02/23/2026;;;;Denied;closed by Example A;',
].join('\n');
describe('the draft of a mapping', () => {
  it('of states recognises columns by their names and cells', () => {
    const { csv, sender } = draft(STATES);
    expect(csv).toEqual({
      ...{ kind: 'states', encoding: 'utf-8', delimiter: ';', key: ['Referral ID'], subject: 'Referral ID' },
      ...{ dates: ['MM/dd/yyyy HH:mm', 'MM/dd/yyyy'], exportedAt: { fileName: '(\\d{8}(?:[_T-]\\d{4})?)' } },
      emit: [
        {
          type: 'referral.received',
          time: 'Created',
          data: {
            ...{ priority: 'Urgency', specialty: 'Department', site: 'Location', 'patient.id': 'MRN' },
            ...{ 'practice.id': 'PCP Id', 'practice.name': 'PCP' },
          },
        },
        { type: 'appointment.scheduled', time: 'Scheduled On', data: { startsAt: 'Appt Date' } },
        { type: 'referral.closed', time: 'exportedAt', when: { Status: ['Closed'] }, data: { reason: 'Close Reason' } },
        { type: 'appointment.no_show', time: 'Appt Date', when: { Status: ['DNA'] } },
      ],
    });
    expect(sender).toMatchObject({
      name: 'referrals',
      sentinels: ['01/01/1900'],
      crosswalks: {
        ...{ priority: { '2WW': 'urgent', U: 'urgent' }, specialty: { CARD: 'card' }, site: { 'N-4': 'N-4' } },
        close: { 'Unable to contact': 'unreachable' },
      },
    });
  });

  it('says in 80 columns what was guessed, what a person has to fill in, and what becomes of the rows', () => {
    const { remarks } = draft(STATES);
    expect(remarks.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(said(remarks)).toContain(
      'The file is read as utf-8, with semicolons between the cells. Only this draft guesses',
    );
    expect(said(remarks)).toContain('Status "Mislaid": say which event it means');
    expect(said(remarks)).toContain('crosswalks.priority "Q": say which word');
    expect(said(remarks)).toContain('timeZone: say the zone');
    expect(said(remarks)).toContain('Status: Closed (2), DNA (2), Mislaid (2); 1 more that one row has, not shown');
    expect(said(remarks)).toContain('Tried on 7 rows: 7 translated, 0 passed over, 0 refused.');
    expect(said(remarks)).toContain(
      "Values that one row has and the draft doesn't know are neither shown nor in it: 1 of Status",
    );
  });

  it('shows nothing of a patient: no cells but codes that come more than once', () => {
    const { remarks, printed } = draft(STATES);
    expect(remarks + printed.join('')).not.toMatch(/Example|19[0-9]{2}-|\/196|M-\d|R-\d|First|Zoë|moved|in person/);
  });

  it('gives the words of each status column their events', () => {
    const { csv, sender, remarks } = draft(TWO_STATUSES);
    expect(emitsBy(csv, 'Appt Status')).toEqual([
      ['appointment.cancelled', 'exportedAt', ['Cancelled']],
      ['appointment.no_show', 'Appt Date', ['No Show']],
    ]);
    expect(emitsBy(csv, 'Referral Status')).toEqual([
      ['referral.closed', 'exportedAt', ['Closed']],
      ['referral.cancelled', 'exportedAt', ['Cancelled']],
    ]);
    expect(sender?.crosswalks?.close).toEqual({ 'Unable to contact': 'unreachable' });
    expect(said(remarks)).toContain('2 values of Referral Status make no event: New, and 1 not shown.');
    expect(said(remarks)).toContain('1 value of Appt Status makes no event: Booked.');
    expect(said(remarks)).toContain("Columns that the draft doesn't read: Auth Status.");
  });

  it('shows a value that comes once only if it is a whole word of its own list', () => {
    const { printed, remarks } = draft(TWO_STATUSES);
    expect(remarks + printed.join('')).not.toMatch(/Example|closed by/);
    expect(said(remarks)).toContain(
      'Referral Status: Closed (2), New (2), Cancelled (1); 1 more that one row has, not shown',
    );
  });

  it.each([...KNOWN_WORDS])('knows what %s means', (word) => {
    expect(meaningOf(word) === undefined ? eventTypeOf(word) : 'a status').toBeDefined();
  });

  it.each(['Incomplete', 'Not arrived', 'Not yet seen', 'not closed'])('leaves %s to a person', (word) => {
    expect(meaningOf(word)).toBeUndefined();
  });

  it('says of a status column why none of its values was taken', () => {
    const why = (...statuses: string[]): string =>
      said(
        draft(['Ref No,Created,Status', ...statuses.map((each, i) => `R-${i},02/23/2026,${each}`)].join('\n')).remarks,
      );
    const twice = Array.from({ length: 41 }, (_, index) => [`s${index}`, `s${index}`]).flat();
    expect(why('told A', 'told B', 'told C')).toContain(
      'Status: each of its 3 values comes once, and none is a word that the draft knows; none makes an event.',
    );
    expect(why('told A')).toContain('Status: its one value comes once, and is no word that the draft knows;');
    expect(why(...twice)).toContain('Status: has 41 values, too many for a status; none makes an event.');
    expect(why('x', 'x', 'told A', 'told B', 'told C')).toContain(
      'Status: most of its 4 values come once, too many for a status; none makes an event.',
    );
    expect(why('y'.repeat(41), 'y'.repeat(41))).toContain(
      'Status: has values too long for a status; none makes an event.',
    );
    expect(why('', '')).toContain('Status: is empty in every row; none makes an event.');
  });

  it('takes no status of money, people or places for one of a referral', () => {
    const { csv, remarks } = draft(
      [
        'Ref No,Created,Payer Status,Patient Status,State,Call Outcome,Order State',
        ...['R-1,02/23/2026,Denied,Closed,TX,Completed,Closed', 'R-2,02/23/2026,Denied,Closed,TX,Completed,Closed'],
      ].join('\n'),
    );
    expect(csv?.kind === 'states' && csv.emit.slice(1)).toEqual([
      { type: 'referral.closed', time: 'exportedAt', when: { 'Order State': ['Closed'] } },
    ]);
    expect(said(remarks)).toContain("doesn't read: Payer Status, Patient Status, State, Call Outcome.");
  });

  it('has no crosswalk that nothing reads', () => {
    const { sender, remarks } = draft(
      ['Ref No,Created,Status,Reason', 'R-1,02/23/2026,DNA,moved', 'R-2,02/23/2026,DNA,moved'].join('\n'),
    );
    expect(sender?.crosswalks).toEqual({});
    expect(said(remarks)).not.toContain('crosswalks.close');
  });

  it('of events takes the types that it knows', () => {
    const { csv } = draft(
      [
        'Event Id,Ref No,Event Type,Event Date,Dept,Reason',
        ...['1,R-1,New referral,2026-03-01 10:00,ENT,', '2,R-1,No show,2026-03-03 10:00,ENT,'],
        ...['3,R-2,New referral,2026-03-01 10:00,ENT,', '4,R-2,No show,2026-03-03 10:00,ENT,'],
        ...['5,R-1,Checked-In,2026-03-03 10:00,ENT,', '6,R-1,Example A came,2026-03-03 10:00,ENT,'],
      ].join('\n'),
      'log.csv',
    );
    expect(csv).toEqual({
      ...{ kind: 'events', encoding: 'utf-8', delimiter: ',', key: ['Event Id'], subject: 'Ref No' },
      type: {
        column: 'Event Type',
        values: {
          'New referral': 'referral.received',
          'No show': 'appointment.no_show',
          'Checked-In': 'visit.arrived',
        },
      },
      ...{ time: 'Event Date', data: { specialty: 'Dept' } },
    });
  });

  it('of a file that it does not understand has placeholders, and says which', () => {
    const { csv, remarks } = draft('foo,bar\nx,y\n', 'odd.csv');
    expect(csv).toMatchObject({ subject: 'FILL IN: subject', emit: [{ time: 'FILL IN: received' }] });
    expect(said(remarks)).toContain(
      'subject: no column looks like the referral\'s id; put its name in place of "FILL IN: subject"',
    );
    expect(said(remarks)).toContain('put its name in place of "FILL IN: received"');
  });

  it('reads Windows-1252 and says so', () => {
    expect(draft(Buffer.from('Ref No;Created\nZoë;02/23/2026\n', 'latin1')).csv).toMatchObject({
      encoding: 'windows-1252',
    });
  });

  it('refuses a file whose first row is data, without showing it', () => {
    expect(() => draft('R-1;Example;02/23/2026\n')).toThrow(/referrals_20260302.csv: the first row looks like data/);
    expect(() => draft('Work queue\n\nRef No;Created\nR-1;02/23/2026\n')).toThrow(
      /referrals_20260302.csv: the first line has one cell, and line 3 several: leave out what stands above/,
    );
  });

  it('passes its schema whatever the file', () => {
    const name = fc.oneof(
      fc.constantFrom('Ref No', 'Status', 'Created', 'Appt Date', 'Event Type', '__proto__', 'Reason', ''),
      fc.string(),
    );
    const cell = fc.oneof(fc.constantFrom('', 'DNA', '02/03/2026', '2026-02-03', '00000000', '__proto__'), fc.string());
    const row = <T>(cells: fc.Arbitrary<T>) => fc.array(cells, { minLength: 2, maxLength: 5 });
    const law = fc.property(row(name), fc.array(row(cell), { maxLength: 6 }), (names, rows) => {
      const text = [names, ...rows]
        .map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(','))
        .join('\n');
      try {
        draft(text);
      } catch (error) {
        expect((error as Error).message).toMatch(/: the (file|first row|first line) /);
      }
    });
    fc.assert(law, { numRuns: 200 });
  });
});

const REASONS = [
  'Ref No,Created,Last Changed,Status,Reason for Referral,Closed Reason,Declined Reason,Hold Reason,Cancelled By',
  'R-1,02/23/2026,02/24/2026 09:10,Closed,Chest pain,Unable to contact,,,',
  'R-2,02/23/2026,02/24/2026 09:10,Closed,Chest pain,Odd,,,',
  'R-3,02/23/2026,02/24/2026 09:10,Closed,Chest pain,Odd,,,',
  'R-4,02/23/2026,02/24/2026 09:10,Declined,,,Wrong department,,',
  'R-5,02/23/2026,02/24/2026 09:10,Declined,,,No capacity,,',
  'R-6,02/23/2026,02/24/2026 09:10,On Hold,,,,Awaiting authorization,',
  'R-7,02/23/2026,02/24/2026 09:10,Cancelled,,,,,Patient',
].join('\n');

describe('the draft of reasons', () => {
  it('reads a column for each type that has one, and has crosswalks for their values', () => {
    const { csv, sender, remarks } = draft(REASONS);
    const data = csv?.kind === 'states' ? csv.emit.slice(1).map((emit) => [emit.type, emit.data]) : [];
    expect(Object.fromEntries(data)).toEqual({
      'referral.closed': { reason: 'Closed Reason' },
      'referral.declined': { reason: 'Declined Reason' },
      'referral.paused': { reason: 'Hold Reason' },
      'referral.cancelled': { by: 'Cancelled By' },
    });
    expect(sender?.crosswalks).toEqual({
      close: { 'Unable to contact': 'unreachable' },
      decline: { 'No capacity': 'not_accepting', 'Wrong department': 'misdirected' },
      pause: { 'Awaiting authorization': 'awaiting_authorization' },
      cancel: { Patient: 'patient' },
    });
    expect(said(remarks)).toContain('crosswalks.close "Odd": say which word of the contract it means.');
    expect(said(remarks)).not.toContain('Chest pain');
  });

  it('takes one column for all types if it names none, and asks only about what no type knows', () => {
    const { csv, sender, remarks } = draft(
      [
        'Ref No,Created,Status,Reason',
        ...['R-1,02/23/2026,Closed,Duplicate', 'R-2,02/23/2026,Closed,Odd', 'R-3,02/23/2026,Closed,Odd'],
        ...['R-4,02/23/2026,Declined,No capacity', 'R-5,02/23/2026,Declined,No capacity'],
      ].join('\n'),
    );
    const data = csv?.kind === 'states' ? csv.emit.slice(1).map((emit) => emit.data) : [];
    expect(data).toEqual([{ reason: 'Reason' }, { reason: 'Reason' }]);
    expect(sender?.crosswalks).toEqual({
      close: { Duplicate: 'duplicate' },
      decline: { 'No capacity': 'not_accepting' },
    });
    expect(said(remarks)).toContain('crosswalks.close or decline "Odd": say which word');
    expect(said(remarks)).not.toContain('"No capacity": say');
  });
});

describe('the draft of a no', () => {
  it.each([
    ...['Pt Declined', 'Patient Refused', 'Declined by Pt', 'Closed - Pt Declined', 'Closed/Declined'].map((word) => [
      word,
      'referral.closed',
    ]),
    ...['Declined', 'Rejected by clinic', 'Denied'].map((word) => [word, 'referral.declined']),
  ])('takes %s for %s, and says so', (word, type) => {
    const text = ['Ref No,Created,Status', `R-1,02/23/2026,${word}`, `R-2,02/23/2026,${word}`].join('\n');
    const { csv, remarks } = draft(text);
    expect(emitsBy(csv, 'Status')).toEqual([[type, 'exportedAt', [word]]]);
    expect(said(remarks)).toContain(`Status "${word}": taken for ${type}.`);
  });
});

describe('the draft of an export whose name has a day', () => {
  it('goes on once the name has the time too', () => {
    const text = 'Ref No,Created,Status\nR-1,02/23/2026,Closed\n';
    const { dialects } = draft(text);
    const closedAt = (file: string): unknown => {
      const origin = {
        dialect: 'csv',
        sender: 'referrals',
        file,
        position: 1,
        exportedAt: null,
        arrivedAt: 0,
      } as const;
      const members = translateCsv(text, { dialects, timeZone: 'UTC', origin });
      return members
        .flatMap((member) => (member.outcome === 'translated' ? member.facts.map((fact) => fact.time) : []))
        .at(-1);
    };
    expect(closedAt('referrals_20260302.csv')).toBe(Date.UTC(2026, 2, 2));
    expect(closedAt('referrals_20260302_2300.csv')).toBe(Date.UTC(2026, 2, 2, 23));
  });
});

describe('the draft of statuses without a date', () => {
  const times = (csv: Csv) => (csv?.kind === 'states' ? csv.emit.slice(1).map(({ time }) => time) : []);

  it('takes when the row was last changed', () => {
    const { csv, remarks } = draft(REASONS);
    expect(new Set(times(csv))).toEqual(new Set(['Last Changed']));
    expect(said(remarks)).toContain('Column Last Changed is taken for when a row was last changed.');
  });

  it.each([
    ['in every row', REASONS.replace('02/24/2026 09:10', ''), 'not in every row'],
    ['with a time of day', REASONS.replaceAll(' 09:10', ''), 'without a time of day'],
  ])('takes the export where that is not said %s', (_, text, why) => {
    const { csv, remarks } = draft(text);
    expect(new Set(times(csv))).toEqual(new Set(['exportedAt']));
    expect(said(remarks)).toContain(`Last Changed: says when a row was last changed, but ${why}, so it dates`);
  });
});

describe('the draft of several exports', () => {
  const HEAD = 'Ref No,Created,Status';
  const night = (...rows: string[]): string => [HEAD, ...rows].join('\n');

  it('sees codes of each, and counts a row that comes every night once', () => {
    const { csv, remarks } = draftOf({
      'nights_20260302.csv': night('R-1,02/23/2026,Mislaid', 'R-2,02/23/2026,told Example A', 'R-3,02/23/2026,New'),
      'nights_20260303.csv': night('R-2,02/23/2026,told Example A', 'R-4,02/23/2026,Mislaid', 'R-5,02/23/2026,DNA'),
    });
    expect(emitsBy(csv, 'Status')).toEqual([['appointment.no_show', 'exportedAt', ['DNA']]]);
    expect(said(remarks)).toContain('Draft for nights_20260302.csv and nights_20260303.csv.');
    expect(said(remarks)).toContain('Status: Mislaid (2), DNA (1), New (1); 1 more that one row has, not shown');
    expect(said(remarks)).toContain('Tried on 6 rows');
  });

  it('shows no value that only one file has once where nothing tells rows apart', () => {
    const twice = night('R-1,02/23/2026,told A', 'R-1,02/24/2026,told A', 'R-2,02/24/2026,told B');
    const { remarks } = draftOf({ 'a_20260302.csv': twice, 'a_20260303.csv': twice.replaceAll('told A', 'told C') });
    expect(remarks).not.toContain('told B');
  });

  it('says which columns and names of files are not alike', () => {
    const { csv, remarks, sender } = draftOf({
      'day_20260302_2300.csv': night('R-1,02/23/2026,New'),
      'week_20260303.csv': 'Ref No,Created,Reason\nR-2,02/23/2026,moved',
    });
    expect(sender?.name).toBe('day');
    expect(csv?.exportedAt).toEqual({ fileName: '(\\d{8}(?:[_T-]\\d{4})?)' });
    expect(said(remarks)).toContain('Not every file has the columns Status, Reason.');
    expect(said(remarks)).toContain('Names of files that don\'t begin with "day": week_20260303.csv.');
  });

  it('refuses exports that are written in two ways', () => {
    const files = { 'a.csv': night('R-1,02/23/2026,New'), 'b.csv': night('R-1,02/23/2026,New').replaceAll(',', ';') };
    expect(() => draftOf(files)).toThrow(
      'the files are not of one sender: cells are parted by commas in one, by semicolons in another',
    );
  });
});

describe('loopwatch dialect draft', () => {
  const folder = temporaryFolder();

  it('prints the draft on standard output and everything else on standard error', async () => {
    const file = join(folder, 'referrals_20260302.csv');
    writeFileSync(file, STATES);
    const { code, stdout, stderr } = await loopwatch(['dialect', 'draft', file, '--sender', 'clinic']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ senders: [{ name: 'clinic' }] });
    expect(stderr).toContain('What you have to look at');
  });

  it('writes the draft where nothing is, and replaces nothing', async () => {
    const own = mkdtempSync(join(folder, 'out-'));
    const [file, out] = [join(own, 'referrals_20260302.csv'), join(own, 'dialects.json')];
    writeFileSync(file, STATES);
    const run = (...more: string[]) => loopwatch(['dialect', 'draft', file, '--out', out, ...more]);
    expect(await run('--sender', 'first')).toMatchObject({ code: 0, stdout: `${out}: written\n` });
    const written = readFileSync(out, 'utf8');
    expect(JSON.parse(written)).toMatchObject({ senders: [{ name: 'first' }] });
    const again = await run('--sender', 'second');
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toMatch(
      /^loopwatch: --out .*dialects\.json: there is something in it, and it is not replaced/,
    );
    expect(readFileSync(out, 'utf8')).toBe(written);
    // What a shell's > leaves behind when the command fails.
    writeFileSync(out, '');
    expect((await run('--sender', 'third')).code).toBe(0);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ senders: [{ name: 'third' }] });
    expect(readdirSync(own).sort()).toEqual(['dialects.json', 'referrals_20260302.csv']);
  });

  it('makes no folder, and no file of exports that it could not read', async () => {
    const own = mkdtempSync(join(folder, 'none-'));
    const file = join(own, 'referrals_20260302.csv');
    writeFileSync(file, STATES);
    const out = (name: string, from = file) => loopwatch(['dialect', 'draft', from, '--out', join(own, name)]);
    expect((await out('config/dialects.json')).stderr).toContain('no such folder as');
    expect((await out('.')).stderr).toContain('is a folder, expected a file');
    expect((await out('dialects.json', join(own, 'mistyped'))).stderr).toContain('no such file or folder');
    expect(readdirSync(own)).toEqual(['referrals_20260302.csv']);
  });

  it.each([
    [
      'messages.hl7',
      'MSH|^~\\&|EPIC|HARBOR|||20260302090000||REF^I12|M1|P|2.5.1\rRF1||||||R-1\r',
      'HL7 v2',
      'hl7v2.md',
    ],
    ['messages.txt', '\uFEFFFHS#^~\\&#EPIC\r', 'HL7 v2', 'hl7v2.md'],
    ['orders.json', '[ { "resourceType": "ServiceRequest" } ]', 'JSON, as FHIR is', 'fhir.md'],
    ['orders.csv', '{"resourceType":"Task"}\n', 'JSON, as FHIR is', 'fhir.md'],
  ])('says of a file that is no CSV what to do with it: %s', async (name, text, dialect, page) => {
    const file = join(mkdtempSync(join(folder, 'other-')), name);
    writeFileSync(file, text);
    const { code, stdout, stderr } = await loopwatch(['dialect', 'draft', file]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${file}: is ${dialect}, and drafts are for CSV; it needs no mapping. `);
    expect(stderr).toContain(`docs/integrations/${page}`);
    expect(stderr).toContain(`\`npx loopwatch dialect try ${file} --config DIR\``);
  });

  it('reads the exports of a folder', async () => {
    const nights = mkdtempSync(join(folder, 'nights-'));
    for (const name of ['a_20260302.csv', 'a_20260303.csv', 'notes.md']) writeFileSync(join(nights, name), STATES);
    const { code, stderr } = await loopwatch(['dialect', 'draft', nights]);
    expect(code).toBe(0);
    expect(stderr).toContain('Draft for a_20260302.csv and a_20260303.csv.');
  });
});
