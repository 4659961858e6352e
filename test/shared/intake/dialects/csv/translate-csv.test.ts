import { describe, expect, it } from 'vitest';
import { dialectsSchema } from '../../../../../shared/contracts/dialects.ts';
import { whyNoMapping } from '../../../../../shared/intake/dialects/csv/no-mapping.ts';
import { at } from '../../../../builders/instants.ts';
import { CLINIC, clinicWith, HEAD, having, idsOf, type Sent, translate } from './clinic.ts';

const ROW = 'R-1;02/23/2026 10:15;U;CARD;N;P1;First;M-1;02/25/2026 09:00;03/03/2026 14:30;Booked;';
const FILE = { file: 'exports/referrals_20260303_0400.csv' };

/** A row of the clinic with some columns filled, the rest empty. */
const rowOf = (cells: Record<string, string>): string =>
  HEAD.split(';')
    .map((name) => cells[name] ?? '')
    .join(';');
const translateRow = (cells: Record<string, string>, sent: Sent = FILE) => translate(`${HEAD}\n${rowOf(cells)}`, sent);
function factOf(cells: Record<string, string>, sent: Sent = FILE) {
  const [member] = having(translateRow(cells, sent), 'translated');
  if (!member) throw new Error(JSON.stringify(translateRow(cells, sent)));
  return { ...member.facts[0], ...member };
}

describe('a row', () => {
  it('gives a fact for each emit whose time is filled and whose condition holds', () => {
    const [member] = having(translate(`${HEAD}\n${ROW}\n`, FILE), 'translated');
    expect(member).toMatchObject({
      ...{ position: 2, kind: 'row', sender: 'clinic-nightly', keys: { referralId: 'R-1', others: [] } },
      ...{ recordedAt: at('2026-03-03T10:00:00Z'), sequence: '', unmapped: [], missing: [] },
    });
    expect(member?.facts).toEqual([
      {
        type: 'referral.received',
        time: at('2026-02-23T16:15:00Z'),
        entity: 'Row/R-1',
        data: {
          ...{ priority: 'urgent', specialty: 'cardiology', site: 'north', patient: { id: 'M-1' } },
          practice: { id: 'p-1', name: 'First Example Practice' },
        },
        values: [
          ...['Created=02/23/2026 10:15', 'patient.id=MRN=M-1', 'practice.id=PCP Id=P1', 'practice.name=PCP=First'],
          ...['priority=Urgency=U', 'site=Loc=N', 'specialty=Dept=CARD'],
        ],
        row: 'emit[0] referral.received',
      },
      {
        type: 'appointment.scheduled',
        time: at('2026-02-25T15:00:00Z'),
        entity: 'Row/R-1',
        data: { appointmentId: 'R-1', startsAt: '2026-03-03T20:30:00.000Z' },
        values: ['Booked On=02/25/2026 09:00', 'startsAt=Appt=03/03/2026 14:30'],
        row: 'emit[1] appointment.scheduled',
      },
    ]);
  });

  it.each([
    ['times in two columns', [{ time: 'Call 1' }, { time: 'Call 2' }]],
    ['words in two columns', [{ data: { outcome: 'Said 1' } }, { data: { outcome: 'Said 2' } }]],
    ['words of the mapping', [{ data: { outcome: { value: 'sent' } } }, { data: { outcome: { value: 'reached' } } }]],
    ['conditions on two columns', [{ when: { 'Said 1': 'sent' } }, { when: { 'Said 2': 'sent' } }]],
  ])('gives as many events as it says, though they are alike but for %s', (_, emits) => {
    const emit = emits.map((each) => ({ type: 'contact.attempted', time: 'Call 1', ...each }));
    const sender = clinicWith({ emit });
    const row = 'Ref No;Call 1;Call 2;Said 1;Said 2\nR-1;02/23/2026;02/23/2026;sent;sent\n';
    const ids = idsOf(translate(row, { sender }));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
    expect(idsOf(translate(row, { sender: clinicWith({ emit: emit.toReversed() }) })).toReversed()).toEqual(ids);
  });

  it('takes defaults for what a referral lacks, and names them', () => {
    const defaults = { fields: { site: 'main' } };
    const { data, missing } = factOf({ 'Ref No': 'R-1', Created: '02/23/2026' }, { defaults });
    expect(data).toEqual({
      ...{ priority: 'routine', specialty: 'unknown', site: 'main' },
      ...{ practice: { id: 'unknown' }, patient: { id: 'unknown' } },
    });
    expect(missing).toEqual(
      ['priority', 'specialty', 'site', 'practice.id', 'patient.id'].map((field) => `referral.received.${field}`),
    );
  });

  it('lets through what has no entry in a crosswalk, and names it', () => {
    const { data, unmapped } = factOf({
      'Ref No': 'R-1',
      Created: '02/23/2026',
      Urgency: '9',
      Dept: 'ENT',
      'PCP Id': 'P7',
    });
    expect(data).toMatchObject({ priority: 'routine', specialty: 'ENT', practice: { id: 'P7' } });
    expect(unmapped).toEqual([
      { field: 'referral.received.priority', value: '9' },
      { field: 'referral.received.specialty', value: 'ENT' },
      { field: 'referral.received.practice', value: 'P7' },
    ]);
  });

  it('says nothing where a date is empty or means none, and is passed over where nothing is left', () => {
    const sender = clinicWith({}, { sentinels: ['01/01/1900'] });
    const [member] = translateRow({ 'Ref No': 'R-1', Created: '01/01/1900', Status: 'DNA' }, { sender });
    expect(member).toMatchObject({ outcome: 'passed_over', kind: 'row', position: 2 });
  });

  it.each([
    ['1900-01-01 00:00:00', undefined],
    ['1900-01-01T06:00:00Z', undefined],
    ['01/01/1900', undefined],
    ['12/31/9999 23:59', undefined],
    ['00000000', undefined],
    ['01/01/1900 00:00', ['01/01/1900']],
    ['1899-12-30 00:00:00', ['12/30/1899']],
  ])('says nothing where a date means none at whatever time of day: %s', (text, sentinels) => {
    const sender = clinicWith({}, sentinels ? { sentinels } : {});
    const [member] = translateRow({ 'Ref No': 'R-1', Created: text }, { sender });
    expect(member).toMatchObject({ outcome: 'passed_over' });
  });

  it.each([
    ['a date in no format', { 'Ref No': 'R-1', Created: '23/02/2026' }, 'column Created: expected a date'],
    ['a day that does not exist', { 'Ref No': 'R-1', Created: '02/30/2026' }, 'column Created: expected a date'],
    [
      'a start in no format',
      { 'Ref No': 'R-1', 'Booked On': '02/25/2026', Appt: 'soon' },
      'column Appt: expected a date',
    ],
    ['no referral', { Created: '02/23/2026' }, "column Ref No: empty, expected the referral's id"],
  ])('is refused with its column for %s', (_, cells, detail) => {
    const [member] = translateRow(cells, { ...FILE, position: 41 });
    expect(member).toMatchObject({ outcome: 'refused', reason: 'invalid', position: 42 });
    expect(having(member ? [member] : [], 'refused')[0]?.detail).toContain(detail);
    expect(JSON.stringify(having(member ? [member] : [], 'refused')[0]?.detail)).not.toMatch(/23\/02|soon/);
  });

  it('is refused, and never dated now, if it takes an export’s instant that nobody says', () => {
    const closed = { 'Ref No': 'R-1', Status: 'closed', 'Close Reason': 'unable to CONTACT' };
    expect(translateRow(closed, { file: 'other.csv' })).toMatchObject([
      { outcome: 'refused', reason: 'invalid', detail: expect.stringContaining('instant of the export') },
    ]);
    const exportedAt = at('2026-03-03T04:00:00Z');
    expect(factOf(closed, { file: 'other.csv', exportedAt })).toMatchObject({
      ...{ type: 'referral.closed', time: exportedAt, data: { reason: 'unreachable' }, recordedAt: exportedAt },
    });
  });

  it('keeps of a refused row the columns that the mapping reads, so that it can be translated by itself', () => {
    const names = `Comment;${HEAD}`;
    const quoted = `"says ""a; b""";"R;1";x${';'.repeat(HEAD.split(';').length - 2)}`;
    const [refused] = having(translate(`${names}\n${quoted}`), 'refused');
    expect(refused?.kept).not.toContain('says');
    expect(translate(refused?.kept ?? '')).toEqual([{ ...refused, position: 2 }]);
  });
});

describe('the file', () => {
  it('is refused whole if a mapped column is missing, and names the nearest', () => {
    const body = `${HEAD.replace('Booked On', 'Booked on').replace('MRN', 'Patient number')}\n${ROW}`;
    expect(translate(body, { position: 5 })).toEqual([
      {
        ...{ position: 5, kind: 'file', sender: 'clinic-nightly', outcome: 'refused', reason: 'malformed', kept: body },
        detail: 'column MRN: not in the header row; column Booked On: not in the header row; the nearest is Booked on',
      },
    ]);
  });

  it('is refused if a title stands above the header row, and says which line that is', () => {
    const detail = 'line 3 looks like the header row, which has to be the first line: leave out what stands above it';
    expect(translate(`Work queue of 3 March\n\n${HEAD}\n${ROW}`)).toMatchObject([{ outcome: 'refused', detail }]);
  });

  it('is refused if a mapped column comes twice, or there is no header row', () => {
    expect(translate(`${HEAD};MRN\n`)).toMatchObject([{ detail: 'column MRN: more than once in the header row' }]);
    for (const body of ['', '\n\n', '"open;\n']) {
      expect(translate(body)).toMatchObject([{ outcome: 'refused', reason: 'malformed' }]);
    }
  });

  it('is nothing if it has no rows', () => {
    expect(translate(`${HEAD}\r\n`)).toEqual([]);
    expect(translate(HEAD)).toEqual([]);
  });

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR', (text: string) => text.replaceAll('\n', '\r')],
    ['mixed line breaks', (text: string) => text.replace('\n', '\r\n')],
    ['quotes around everything', (text: string) => text.replace(/[^;\n]+/g, '"$&"')],
    ['commas and Excel’s line for them', (text: string) => `sep=,\n${text.replaceAll(';', ',')}`],
    ['spaces around names and cells', (text: string) => text.replaceAll(';', ' ; ')],
    [
      'another order of columns',
      (text: string) =>
        text
          .split('\n')
          .map((line) => line.split(';').reverse().join(';'))
          .join('\n'),
    ],
    ['empty rows below', (text: string) => `${text}\n${';'.repeat(11)}\n\n`],
  ])('is the same with %s', (_, change) => {
    const plain = `${HEAD}\n${ROW}\n${ROW.replace('R-1', 'R-2')}`;
    const changed = translate(change(plain), FILE);
    expect(changed).toHaveLength(2);
    expect(idsOf(changed)).toEqual(idsOf(translate(plain, FILE)));
  });

  it('has rows that cannot be read, which are refused alone with their line', () => {
    const second = ROW.replace('R-1', 'R-2');
    const members = translate([HEAD, ROW, 'R-3;x', 'R-4;"open;', second, 'R-5"x";', '"R"6;;', ROW].join('\n'), FILE);
    expect(members.map(({ position, outcome }) => [position, outcome])).toEqual([
      ...[
        [2, 'translated'],
        [3, 'refused'],
        [4, 'refused'],
        [5, 'translated'],
      ],
      ...[
        [6, 'refused'],
        [7, 'refused'],
        [8, 'translated'],
      ],
    ]);
    expect(having(members, 'refused').map(({ reason, detail }) => [reason, detail])).toEqual([
      ['malformed', '2 cells, expected 12 as in the header row'],
      ['malformed', 'quotes that do not match'],
      ['malformed', '2 cells, expected 12 as in the header row'],
      ['malformed', 'quotes that do not match'],
    ]);
  });

  it('counts lines through cells with line breaks', () => {
    const broken = ROW.replace('First', '"First\r\nSecond\r\n"');
    expect(
      translate([HEAD, broken, 'R-3;x', ROW].join('\r\n'), { position: 11 }).map(({ position }) => position),
    ).toEqual([...[12, 15, 16]]);
  });

  it('says when it was exported in a column, by its own zone', () => {
    const sender = clinicWith({ exportedAt: { column: 'As of' } });
    const body = `As of;${HEAD}\n2026-03-03T23:00:00+01:00;${ROW}\n;${ROW}\nlately;${ROW}`;
    const exportedAt = at('2026-03-04T00:00:00Z');
    const members = translate(body, { sender, exportedAt });
    expect(having(members, 'translated').map(({ recordedAt }) => recordedAt)).toEqual([
      at('2026-03-03T22:00:00Z'),
      exportedAt,
    ]);
    expect(having(members, 'refused')).toMatchObject([{ detail: expect.stringContaining('column As of') }]);
  });

  it.each([
    ['a column', { exportedAt: { column: 'Created' } }, '02/23/2026 10:15', {}, 1],
    ['a column with an offset', { exportedAt: { column: 'Created' } }, '2026-02-23T10:15:00Z', {}, 0],
    ['the name of its file', {}, '', FILE, 1],
    ['who sent it', {}, '', { exportedAt: at('2026-03-03T10:00:00Z') }, 0],
  ])('notes a zone that had to be guessed for the export’s instant by %s', (_, mapping, created, sent, times) => {
    const emit = [{ type: 'referral.closed', time: 'exportedAt', when: { Status: 'Closed' } }];
    const row = rowOf({ 'Ref No': 'R-1', Status: 'Closed', Created: created });
    const of = { ...sent, sender: clinicWith({ emit, ...mapping }), defaults: { timeZone: undefined } };
    const [member] = having(translate(`${HEAD}\n${row}`, of), 'translated');
    expect(member?.unmapped.filter(({ field }) => field === 'timeZone')).toHaveLength(times);
  });

  it('takes the organization’s zone where the mapping says none, and notes it once a row', () => {
    const [member] = having(translate(`${HEAD}\n${ROW}`, { ...FILE, defaults: { timeZone: undefined } }), 'translated');
    expect(member?.facts[0]?.time).toBe(at('2026-02-23T15:15:00Z'));
    expect(member?.unmapped).toEqual([{ field: 'timeZone', value: 'America/New_York' }]);
  });
});

describe('what identifies a row', () => {
  const entities = (csv: object, ...rows: string[]) =>
    having(translate([HEAD, ...rows].join('\n'), { ...FILE, sender: clinicWith(csv) }), 'translated').map(
      ({ facts }) => facts[0]?.entity,
    );

  it('is its key columns, put together so that no two keys come to the same', () => {
    expect(entities({ key: ['Ref No', 'MRN'] }, ROW)).toEqual(['Row/R-1/M-1']);
    const [one, two] = entities(
      { key: ['Ref No', 'MRN'] },
      ROW.replace('M-1', 'b/c'),
      ROW.replace('R-1', 'R-1/b').replace('M-1', 'c'),
    );
    expect(one).not.toBe(two);
  });

  it('is without key columns the content of the row: rows alike are one', () => {
    const [one, two, three] = entities({ key: undefined }, ROW, ROW, ROW.replace('Booked', 'Open'));
    expect(one).toMatch(/^Row\/[0-9a-f]{32}$/);
    const reversed = [HEAD, ROW].map((line) => line.split(';').reverse().join(';')).join('\n');
    const [moved] = having(translate(reversed, { ...FILE, sender: clinicWith({ key: undefined }) }), 'translated');
    expect(moved?.facts[0]?.entity).toBe(one);
    expect(two).toBe(one);
    expect(three).not.toBe(one);
  });

  it('is no empty cell', () => {
    const sender = clinicWith({ key: ['MRN'] });
    const [member] = having(translateRow({ 'Ref No': 'R-1', Created: '02/23/2026' }, { sender }), 'refused');
    expect(member?.detail).toBe('column MRN: empty, expected what identifies the row');
  });

  it('is the id of its appointment, unless a column has one', () => {
    const sender = clinicWith({ appointmentId: 'MRN' });
    const cells = { 'Ref No': 'R-1', Appt: '03/03/2026', Status: 'no show' };
    expect(factOf({ ...cells, MRN: 'A-7' }, { sender }).data).toEqual({ appointmentId: 'A-7' });
    expect(factOf(cells, { sender }).data).toEqual({});
    expect(factOf(cells).data).toEqual({ appointmentId: 'R-1' });
  });
});

describe('words and fields', () => {
  const withEmit = (type: string, data: object, crosswalks: object = {}): Sent => ({
    sender: clinicWith({ emit: [{ type, time: 'Created', data }] }, { crosswalks }),
  });
  const dataOf = (sent: Sent, cells: Record<string, string> = {}) =>
    factOf({ 'Ref No': 'R-1', Created: '02/23/2026', ...cells }, sent).data;

  it.each([
    ['referral.declined', 'reason', 'decline', 'not_accepting', 'other'],
    ['referral.closed', 'reason', 'close', 'unreachable', 'unspecified'],
    ['referral.paused', 'reason', 'pause', 'awaiting_authorization', 'awaiting_information'],
    ['appointment.cancelled', 'by', 'cancel', 'patient', 'system'],
    ['referral.cancelled', 'by', 'cancel', 'patient', 'referrer'],
    ['contact.attempted', 'channel', 'channel', 'phone', 'other'],
    ['contact.attempted', 'outcome', 'outcome', 'reached', 'other'],
  ])('%s.%s goes through the crosswalk %s', (type, field, crosswalk, word, instead) => {
    const sent = withEmit(type, { [field]: 'Status' }, { [crosswalk]: { X: word } });
    expect(dataOf(sent, { Status: 'x' })).toMatchObject({ [field]: word });
    expect(dataOf(sent, { Status: word.toUpperCase() })).toMatchObject({ [field]: word });
    expect(dataOf(sent, { Status: '?' })).toMatchObject({ [field]: instead });
  });

  it('takes a value that is the same for every row, and needs no crosswalk for it', () => {
    const sent = withEmit('referral.closed', { reason: { value: 'expired_admin' } });
    expect(dataOf(sent)).toEqual({ reason: 'expired_admin' });
  });

  it('reads dates, choices and lists', () => {
    const sent = withEmit('referral.updated', { orderedAt: 'Appt', tags: 'Status', 'practice.name': 'PCP' });
    expect(dataOf(sent, { Appt: '03/03/2026', Status: 'a, b', PCP: 'First' })).toEqual({
      orderedAt: '2026-03-03',
      tags: ['a', 'b'],
    });
    const moved = withEmit('appointment.scheduled', { startsAt: 'Appt', patientChoice: 'Status' });
    expect(dataOf(moved, { Appt: '03/03/2026', Status: 'Y' })).toMatchObject({
      startsAt: '2026-03-03T06:00:00.000Z',
      patientChoice: true,
    });
  });

  it('takes back all that the row said', () => {
    expect(dataOf(withEmit('event.retracted', {}))).toEqual({ source: CLINIC.name, entity: 'Row/R-1' });
  });
});

describe('a file of events', () => {
  const sender = {
    name: 'log',
    csv: {
      kind: 'events',
      key: ['Id'],
      subject: 'Referral',
      appointmentId: 'Appointment',
      type: {
        column: 'What',
        values: { 'NEW REF': 'referral.received', DNA: 'appointment.no_show', Shut: 'referral.closed' },
      },
      time: 'When',
      when: { Test: [''] },
      data: { reason: 'Why', specialty: 'Dept' },
    },
  };
  const names = 'Id,Referral,What,When,Why,Dept,Appointment,Test';

  it('gives an event a row, of each type the fields that it has', () => {
    const rows = [
      '1,R-1,new ref,2026-03-02T10:00:00Z,moved,ENT,,',
      '2,R-1,DNA,2026-03-03 10:00,,,A-1,',
      '3,R-1,shut,2026-03-04,moved,ENT,,',
    ];
    const members = having(translate([names, ...rows].join('\n'), { sender }), 'translated');
    expect(members.flatMap(({ facts }) => facts.map(({ type, data, entity }) => [type, data, entity]))).toEqual([
      ['referral.received', expect.objectContaining({ specialty: 'ENT' }), 'Row/1'],
      ['appointment.no_show', { appointmentId: 'A-1' }, 'Row/2'],
      ['referral.closed', { reason: 'moved' }, 'Row/3'],
    ]);
    expect(members[2]?.facts[0]?.values).toEqual(['When=2026-03-04', 'reason=Why=moved']);
  });

  it('passes over types that the mapping lacks, and rows for which its condition does not hold', () => {
    const rows = ['1,R-1,Phoned,2026-03-02,,,,', '2,R-1,DNA,2026-03-02,,,,yes'];
    expect(translate([names, ...rows].join('\n'), { sender }).map(({ outcome }) => outcome)).toEqual([
      'passed_over',
      'passed_over',
    ]);
  });
});

describe('a file without a mapping', () => {
  const names =
    'id,source,type,subject,time,recordedtime,entity,data.startsAt,data.patientChoice,data.practice.id,Comment';
  const row =
    'e-1,clinic,appointment.scheduled,R-1,2026-03-02T10:00:00Z,,Appointment/7,2026-03-09T10:00:00Z,TRUE,,hello';

  it('has the columns of CloudEvents, and each row is one with its own id', () => {
    const [member, ragged] = translate([names, row, 'e-2'].join('\n'), { sender: null });
    expect(JSON.parse(having(member ? [member] : [], 'event')[0]?.body ?? '')).toEqual({
      ...{ specversion: '1.0', id: 'e-1', source: 'clinic', type: 'appointment.scheduled', subject: 'R-1' },
      ...{ time: '2026-03-02T10:00:00Z', entity: 'Appointment/7' },
      data: { startsAt: '2026-03-09T10:00:00Z', patientChoice: true },
    });
    expect(ragged).toMatchObject({ outcome: 'refused', reason: 'malformed', position: 3 });
  });

  it('is refused whole if it has others', () => {
    const [member] = having(translate(`${HEAD}\n${ROW}`, { sender: null }), 'refused');
    expect(member?.detail).toMatch(
      /; nor are the rows events: those have the columns id, source, type, subject, time$/,
    );
    const [near] = having(translate('id,source,typ,subject,time\n', { sender: null }), 'refused');
    expect(near?.detail).toMatch(/: column type: not in the header row; the nearest is typ$/);
  });
});

describe('a date that no format reads', () => {
  const fault = (dates?: string[]) => {
    const csv = {
      kind: 'states',
      subject: 'Ref',
      ...(dates && { dates }),
      emit: [{ type: 'referral.received', time: 'At' }],
    };
    const [member] = having(translate('Ref,At\nR-1,24-Mar-26\n', { sender: { name: 'a', csv } }), 'refused');
    return member?.detail;
  };

  it('is refused with the formats that there are, and without the cell', () => {
    expect(fault()).toBe('column At: expected a date as ISO 8601 writes it, as csv.dates of its sender has no format');
    expect(fault(['MM/dd/yyyy', 'd MMM yyyy'])).toBe(
      'column At: expected a date as csv.dates of its sender has it, MM/dd/yyyy, d MMM yyyy, or as ISO 8601 writes it',
    );
    const many = ['MM/dd/yyyy', 'MM/dd/yy', 'M/d/yyyy', 'M/d/yy', 'yyyyMMdd', 'dd.MM.yyyy', 'd.M.yyyy'];
    expect(fault(many)).toContain('has it, MM/dd/yyyy, MM/dd/yy, M/d/yyyy, M/d/yy, yyyyMMdd and 2 more, or');
  });
});

describe('why rows have no mapping', () => {
  const csv = { kind: 'states', subject: 'Ref No', emit: [{ type: 'referral.received', time: 'Created' }] };
  const dialects = (...names: string[]) =>
    dialectsSchema.parse({ senders: [{ name: 'plain' }, ...names.map((name) => ({ name, csv }))] });

  it.each([
    ['there is none', [], null, 'no sender of dialects.json has csv'],
    ['its entry has none', ['a'], 'plain', 'sender plain of dialects.json has no csv'],
    [
      'it has no entry, which a stranger may have named',
      ['a', 'b'],
      'Example A',
      'dialects.json has no such sender; with csv it has a, b',
    ],
    [
      'nothing says whose they are',
      ['a', 'b'],
      null,
      "the name of the file begins with no sender's; dialects.json has a, b: rename the file, or say --sender (in a message, the attribute sender)",
    ],
    [
      'of many a few are named',
      [...'abcdefghij'],
      'x',
      'dialects.json has no such sender; with csv it has a, b, c, d, e, f, g, h and 2 more',
    ],
  ])('is said: %s', (_, names, sender, why) => {
    expect(whyNoMapping(dialects(...names), sender)).toBe(why);
  });
});
