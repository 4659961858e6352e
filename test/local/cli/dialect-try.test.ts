import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DialectTryOptions, tryDialect } from '../../../local/cli/dialect-try.ts';
import { crosswalkOf } from '../../../local/dialects/words-for.ts';
import { EVENT_DATA } from '../../../shared/contracts/event.ts';
import { wordField } from '../../../shared/intake/dialects/csv/words.ts';
import { organization } from '../../chaos/organization.ts';
import { loopwatch } from './loopwatch.ts';
import { NOTE } from './note-message.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopwatch-try-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('loopwatch dialect try', () => {
  it('shows what each member becomes, in 80 columns', async () => {
    const long = 'a-document-4711';
    const bundle = {
      ...{ resourceType: 'Bundle', type: 'collection', timestamp: '2026-03-02T14:00:00Z' },
      entry: [
        {
          resource: {
            ...{ resourceType: 'ServiceRequest', id: 'sr-1', status: 'active', intent: 'order', priority: 'urgent' },
            ...{ authoredOn: '2026-03-02T14:00:00Z', subject: { reference: 'Patient/p' } },
            code: { coding: [{ system: 'http://example.org/a-long-system-of-codes', code: 'CARDIOLOGY-CONSULT' }] },
          },
        },
        { resource: { resourceType: 'Appointment', id: 'a', status: 'inactive' } },
        { resource: { resourceType: 'Patient', id: 'p' } },
      ],
    };
    const files = [
      write('bundle.json', JSON.stringify(bundle)),
      write('visits.hl7', NOTE.replace('DOC1', long).replace('|REF-1|', '||')),
    ];
    const { policy, directory } = organization();
    for (const [name, part] of Object.entries({ policy, directory })) write(`${name}.json`, JSON.stringify(part));
    const { code, stdout, stderr } = await loopwatch(['dialect', 'try', ...files, '--config', folder]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 translated, 1 passed over, 1 refused, 1 unmatched, 0 crashed');
    expect(stdout).toContain('referral  sr-1, by its own id');
    expect(stdout).toContain('Mon 2 Mar 2026, 09:00 -05:00   referral.received');
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });
});

describe('loopwatch dialect try of HL7 v2', () => {
  /** What it prints of messages whose MSH-7 has these offsets, by a sender whose times are in New York. */
  async function triedWith(...offsets: string[]): Promise<string> {
    const config = mkdtempSync(join(folder, 'zones-'));
    const { policy, directory } = organization();
    const dialects = { senders: [{ name: 'epic', timeZone: 'America/New_York' }] };
    for (const [name, part] of Object.entries({ policy, directory, dialects }))
      writeFileSync(join(config, `${name}.json`), JSON.stringify(part));
    const messages = offsets.map((offset) =>
      NOTE.replace(/^(MSH\|(?:[^|]*\|){5})\d{8}[^|]*/, `$120260302090000${offset}`),
    );
    const printed: string[] = [];
    await tryDialect([write('epic.hl7', messages.join('\r'))], { config }, (line) => printed.push(line));
    return said(printed);
  }

  it('says which messages have another offset than the time zone that is configured', async () => {
    expect(await triedWith('-0600', '-0500', '-0600')).toContain(
      'epic: MSH-7 says -06:00 in 2 messages, and America/New_York has -05:00 then. Times without an offset',
    );
  });

  it('says nothing of those that agree, have none, or are stamped in UTC', async () => {
    expect(await triedWith('-0500', '', '+0000')).not.toContain('Time zones');
  });
});

const EMIT = [
  {
    type: 'referral.received',
    time: 'Created',
    data: { priority: 'Urgency', specialty: 'Dept', site: 'Loc', 'practice.id': 'PCP' },
  },
  { type: 'appointment.scheduled', time: 'Booked On', data: { startsAt: 'Appt' } },
  { type: 'appointment.no_show', time: 'Appt', when: { Status: ['DNA'] } },
  { type: 'referral.declined', time: 'exportedAt', when: { Status: ['Declined'] } },
];
const CSV = {
  ...{ kind: 'states', key: ['Ref No'], subject: 'Ref No', dates: ['MM/dd/yyyy HH:mm'] },
  ...{ exportedAt: { fileName: '(\\d{8}_\\d{4})' }, emit: EMIT },
};
const HEAD = 'Ref No,Created,Urgency,Dept,Loc,PCP,Booked On,Appt,Status,Comment';
const ROWS = [
  'R-1,03/02/2026 08:00,routine,cardiology,north,p1,,,New,',
  'R-2,03/02/2026 08:00,routine,cardiology,North Clinic,FIRST PRACTICE,,,On hold,',
  'R-3,03/02/2026 08:00,Soon,cardiology,Elsewhere,p9,,,On hold,',
  'R-4,03/02/2026 08:00,routine,cardiology,north,p1,03/02/2026 09:00,03/03/2026 09:00,DNA,',
  'R-5,,,,,,,,New,',
  'R-6,soon,routine,cardiology,north,p1,,,Mislaid,',
  'R-7,then,,cardiology,north,p1,,,On Hold,',
];

interface Setup {
  rows?: readonly string[];
  csv?: object;
  defaults?: object;
  crosswalks?: object;
  files?: readonly string[];
  options?: Partial<DialectTryOptions>;
}

/** What the command prints of exports of `nights`, a line each. */
async function tried(setup: Setup = {}): Promise<string[]> {
  const { rows = ROWS, csv = CSV, defaults = { timeZone: 'America/Chicago' }, crosswalks = {} } = setup;
  const { files = ['nights_20260303_2300.csv'], options = {} } = setup;
  const config = mkdtempSync(join(folder, 'config-'));
  const { policy, directory } = organization();
  const [practice] = directory.practices;
  const known = { ...directory, practices: [{ ...practice, aliases: ['First Practice'] }] };
  const dialects = { defaults, senders: [{ name: 'nights', csv, crosswalks }] };
  for (const [name, part] of Object.entries({ policy, directory: known, dialects }))
    writeFileSync(join(config, `${name}.json`), JSON.stringify(part));
  const paths = files.map((name) => write(name, [HEAD, ...rows].join('\n')));
  const printed: string[] = [];
  await tryDialect(paths, { config, ...options }, (line) => printed.push(line));
  return printed;
}

/** On one line. */
const said = (lines: readonly string[]): string => lines.join(' ').replace(/\s+/g, ' ');

/** The JSON that is to be put into the entry of the sender, or into the directory. */
function pasted(lines: readonly string[], opens = '{') {
  const from = lines.findIndex((line) => line.trim().startsWith(opens));
  return JSON.parse(lines.slice(from, lines.indexOf('', from)).join('\n'));
}

describe('loopwatch dialect try of an export', () => {
  it('sums up by the rows of the mapping, with an example in the time zone of the sender', async () => {
    const lines = await tried();
    expect(lines.slice(0, 14)).toEqual([
      'nights_20260303_2300.csv',
      '  sender nights, times in America/Chicago',
      '     4  referral.received by emit[0]',
      '        line 2: Mon 2 Mar 2026, 08:00 -06:00, referral R-1',
      '        practice.id=p1 priority=routine site=north specialty=cardiology',
      '        patient.id=unknown',
      '     1  appointment.scheduled by emit[1]',
      '        line 5: Mon 2 Mar 2026, 09:00 -06:00, referral R-4',
      '        appointmentId=R-4 startsAt=Tue 3 Mar 2026, 09:00 -06:00',
      '     1  appointment.no_show by emit[2]',
      '        line 5: Tue 3 Mar 2026, 09:00 -06:00, referral R-4',
      '        appointmentId=R-4',
      '  made nothing   emit[3] referral.declined',
      '  nothing reads  Comment',
    ]);
    expect(lines.at(-1)).toBe('4 translated, 1 passed over, 2 refused, 0 unmatched, 0 crashed');
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
  });

  it('asks no more about values that are said to mean no event', async () => {
    expect(said(await tried())).toContain('Status "On hold" 3 rows: no emit reads it');
    const text = said(await tried({ csv: { ...CSV, noEvent: { Status: ['on hold', 'Mislaid'] } } }));
    expect(text).not.toMatch(/no emit reads it|On hold/);
  });

  it('has a look at rows that say nothing, and at those that differ under one key', async () => {
    const again = 'R-1,03/02/2026 08:00,routine,oncology,north,p1,,,New,';
    const text = said(await tried({ rows: [...ROWS, again, ROWS[1] as string] }));
    expect(text).toContain('passed over: no event: none of its times is filled, or no condition holds (line 6)');
    expect(text).toContain(
      'same key: rows that differ have it, so they count as one; csv.key may need another column (lines 2, 9)',
    );
  });

  it('has a look at UTF-8 that is read in another encoding', async () => {
    const rows = ['R-1,03/02/2026 08:00,routine,cardiology,north,Gâché & Söhne,,,New,', ...ROWS.slice(1)];
    const text = said(await tried({ rows, csv: { ...CSV, encoding: 'windows-1252' } }));
    expect(text).toContain(
      'encoding: looks like utf-8, and is read in the encoding of csv.encoding: names come out garbled (line 2)',
    );
    expect(said(await tried({ rows }))).not.toContain('garbled');
  });

  it('says once a file which columns nothing reads, which emits made nothing, and which statuses need none', async () => {
    const text = said(await tried());
    expect(text).toContain('nothing reads Comment');
    expect(text).toContain('made nothing emit[3] referral.declined');
    expect(text).toContain('no emit needed Status New (2)');
  });

  it('says which empty fields the mapping names no column for, and which columns nothing reads', async () => {
    const [received, ...others] = EMIT;
    const { priority: _, ...data } = received?.data ?? {};
    const text = said(await tried({ csv: { ...CSV, emit: [{ ...received, data }, ...others] } }));
    expect(text).toContain(
      'lacking: referral.received.priority, so a default stands for it. The mapping names no column for it: see what nothing reads (',
    );
    // Here only a cell is empty.
    const rows = ROWS.map((row) => row.replace('Soon', ''));
    expect(said(await tried({ rows }))).toContain(
      'lacking: referral.received.priority, so a default stands for it (line',
    );
  });

  it('says that an export of a day without a time counts as made at midnight', async () => {
    const csv = { ...CSV, exportedAt: { fileName: '(\\d{8}(?:_\\d{4})?)' } };
    const midnight = 'exported at midnight, as the name says a day and no time: before all of that day';
    expect(said(await tried({ csv, files: ['nights_20260303.csv'] }))).toContain(midnight);
    expect(said(await tried({ csv }))).not.toContain('midnight');
  });

  it('puts those together that need a look', async () => {
    const text = said(await tried());
    expect(text).toMatch(/Need a look 2 refused: invalid: column Created: expected a date[^(]* \(lines 7, 8\)/);
  });

  it('names statuses that no emit reads, with an emit to paste that reads them', async () => {
    const lines = await tried();
    expect(lines).toContain('  Status "On hold"  3 rows: no emit reads it');
    const { csv } = pasted(lines);
    expect(csv.emit).toEqual([
      { type: 'referral.paused', time: 'exportedAt', when: { Status: ['On hold'] } },
      { type: 'FILL IN', time: 'exportedAt', when: { Status: ['Mislaid'] } },
    ]);
    const [paused] = csv.emit;
    const after = await tried({ csv: { ...CSV, emit: [...EMIT, paused] } });
    expect(after).toContain('     2  referral.paused by emit[4]');
    expect(said(after)).not.toContain('On hold');
  });

  it('asks for no entry for ids of the directory, and takes them from names and aliases', async () => {
    const lines = await tried();
    const text = said(lines);
    expect(text).not.toMatch(/site "north"|practice "p1"/);
    const { site, practice, priority } = pasted(lines).crosswalks;
    expect(site).toEqual({ 'North Clinic': 'north', Elsewhere: 'FILL IN' });
    expect(practice).toEqual({ 'FIRST PRACTICE': 'p1' });
    expect(text).toContain('Not in directory.json practices p9 (1)');
    expect(priority).toEqual({ Soon: 'asap' });
    const after = await tried({ crosswalks: { site: { ...site, Elsewhere: 'north' }, practice, priority } });
    expect(said(after)).not.toMatch(/received\.(site|priority) "|"FIRST/);
  });

  it('puts practices together that the directory lacks, and offers no entry that gives them their own names', async () => {
    const rows = ['p7', 'p8', 'p8', 'p9', 'p9', 'p9'].map(
      (id, i) => `R-${i},03/02/2026 08:00,routine,cardiology,north,${id},,,New,`,
    );
    const lines = await tried({ rows });
    expect(said(lines)).toContain('Not in directory.json practices p9 (3), p8 (2), p7 (1)');
    expect(pasted(lines, '[')).toEqual(['p9', 'p8', 'p7'].map((id) => ({ id, name: id })));
    expect(lines.join('\n')).not.toContain('"practice"');
  });

  it('names sites and practices that an entry leads to and the directory lacks', async () => {
    const crosswalks = { site: { Elsewhere: 'nowhere' }, practice: { p9: { id: 'nine', name: 'Ninth' } } };
    const lines = await tried({ rows: [`R-1,03/02/2026 08:00,routine,cardiology,Elsewhere,p9,,,New,`], crosswalks });
    expect(said(lines)).toContain(
      'sites nowhere (1): without hours and a coordinator of their own. Add them to sites there, or correct',
    );
    expect(lines).toContain('  practices  nine (1)');
    expect(pasted(lines, '[')).toEqual([{ id: 'nine', name: 'Ninth' }]);
  });

  it('says which clocks of the policy run though the mapping never says that they are met', async () => {
    const text = said(await tried());
    expect(text).not.toMatch(/acceptance/);
    expect(text).toContain('first_attempt no contact.attempted; it stops when the patient is booked or seen');
    expect(text).toContain('referrer_update no referrer.notified or note.received; nothing stops it');
    const notified = { type: 'referrer.notified', time: 'exportedAt', when: { Status: ['Told'] } };
    const told = { ...notified, data: { about: { value: 'declined' } } };
    expect(said(await tried({ csv: { ...CSV, emit: [...EMIT, told] } }))).not.toContain('referrer_update');
  });

  it('puts entries where defaults have that crosswalk into defaults', async () => {
    const defaults = { timeZone: 'America/Chicago', crosswalks: { priority: { U: 'urgent' } } };
    expect(said(await tried({ defaults }))).toMatch(/Add to "defaults";.* "priority": \{ "Soon": "asap" \}/);
  });

  it('says once that a zone was guessed, and which', async () => {
    const lines = await tried({ defaults: {} });
    expect(lines).toContain('  timeZone  4 rows: its times say no zone, and America/New_York was taken');
    expect(pasted(lines).timeZone).toBe('America/New_York');
  });

  it('has one summary for many files of a sender', async () => {
    const files = [1, 2, 3, 4].map((day) => `nights_2026030${day}_2300.csv`);
    const lines = await tried({ files });
    expect(lines[0]).toBe('4 files, nights_20260301_2300.csv to nights_20260304_2300.csv');
    expect(lines).toContain('    16  referral.received by emit[0]');
    expect(said(lines)).toContain('nights_20260301_2300.csv line 2: Mon 2 Mar 2026, 08:00 -06:00');
    expect(said(lines)).toContain('(nights_20260301_2300.csv lines 7, 8 and 6 more)');
  });

  it('shows each member whole if they are few, or all are asked for', async () => {
    const whole = ['  line 2  translated', '    referral  R-1, by its own id'];
    expect(await tried({ rows: ROWS.slice(0, 2) })).toEqual(expect.arrayContaining(whole));
    expect(await tried({ options: { all: true } })).toEqual(expect.arrayContaining(whole));
    expect(await tried()).not.toEqual(expect.arrayContaining(whole));
  });

  it('as JSON has an object for each member', async () => {
    const lines = await tried({ options: { json: true } });
    expect(lines.map((line) => JSON.parse(line).outcome)).toEqual([
      ...['translated', 'translated', 'translated', 'translated', 'passed over', 'refused', 'refused'],
    ]);
  });

  it('takes the sender that is said', async () => {
    const files = ['export_20260303_2300.csv'];
    expect((await tried({ files })).at(-1)).toBe('0 translated, 0 passed over, 1 refused, 0 unmatched, 0 crashed');
    const lines = await tried({ files, options: { sender: 'nights' } });
    expect(lines.at(-1)).toBe('4 translated, 1 passed over, 2 refused, 0 unmatched, 0 crashed');
  });

  it('fails if nothing came of what was refused', async () => {
    const config = mkdtempSync(join(folder, 'config-'));
    const { policy, directory } = organization();
    const dialects = { defaults: {}, senders: [{ name: 'nights', csv: CSV }] };
    for (const [name, part] of Object.entries({ policy, directory, dialects }))
      writeFileSync(join(config, `${name}.json`), JSON.stringify(part));
    const run = (name: string, ...rows: string[]) =>
      loopwatch(['dialect', 'try', write(name, [HEAD, ...rows].join('\n')), '--config', config]);
    const [good = '', , , , silent = '', bad = ''] = ROWS;
    const refused = await run('nights_20260303_2300.csv', bad, silent);
    expect([refused.code, refused.stderr]).toEqual([1, 'loopwatch: nothing was translated, and some was refused\n']);
    expect(refused.stdout).toContain('0 translated, 1 passed over, 1 refused');
    expect((await run('nights_20260304_2300.csv', bad, good)).code).toBe(0);
    expect((await run('nights_20260305_2300.csv', silent)).code).toBe(0);
    const nobodys = await run('export_20260303_2300.csv', good);
    expect(nobodys.code).toBe(1);
    expect(said(nobodys.stdout.split('\n'))).toContain(
      'dialects.json has nights: rename the file, or say --sender nights',
    );
  });

  it('lets no cell command the terminal', async () => {
    const rows = ROWS.map((row) => row.replace('On hold', 'On \u001b[2Jhold').replace('Soon', '\u202eSoon'));
    expect((await tried({ rows })).join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('of events names the types that values lack', async () => {
    const { emit: _, ...shared } = CSV;
    const type = { column: 'Status', values: { New: 'referral.received' } };
    const lines = await tried({ csv: { ...shared, kind: 'events', type, time: 'Created' } });
    expect(lines).toContain('  Status "On hold"  3 rows: type.values lacks it');
    expect(pasted(lines).csv).toEqual({
      type: { values: { 'On hold': 'referral.paused', DNA: 'appointment.no_show', Mislaid: 'FILL IN' } },
    });
  });
});

it('puts those together that find no referral, by the kinds of key that they have', async () => {
  const { policy, directory } = organization();
  for (const [name, part] of Object.entries({ policy, directory })) write(`${name}.json`, JSON.stringify(part));
  const notes = [1, 2, 3, 4, 5, 6].map((n) => NOTE.replace('DOC1', `DOC${n}`).replace('|REF-1|', '||'));
  const printed: string[] = [];
  await tryDialect([write('notes.hl7', notes.join('\r'))], { config: folder }, (line) => printed.push(line));
  expect(said(printed)).toContain(
    '6 unmatched: MDM^T02, nothing names its document (messages 1, 2, 3, 4, 5 and 1 more)',
  );
  expect(said(printed)).toContain('role 6 messages: say at which side its documents arrive');
});

it('knows the crosswalk of every field that has words of the contract', () => {
  const fields = Object.entries(EVENT_DATA).flatMap(([type, { shape }]) =>
    Object.keys(shape).map((field) => `${type}.${field}`),
  );
  const words = fields.flatMap((field) => (wordField(field) ? [[field, wordField(field)?.crosswalk]] : []));
  expect(words.length).toBeGreaterThan(6);
  expect(words.map(([field]) => [field, crosswalkOf(field ?? '')])).toEqual(words);
});
