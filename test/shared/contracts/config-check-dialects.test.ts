import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { checkConfig, problemText } from '../../../shared/contracts/config-check.ts';

const directory = JSON.parse(readFileSync(new URL('../../../config/sample/directory.json', import.meta.url), 'utf8'));
const policy = defaultPolicy();
const CSV = {
  kind: 'states',
  key: ['Ref No'],
  subject: 'Ref No',
  exportedAt: { fileName: 'referrals_(\\d{8})' },
  emit: [
    { type: 'referral.received', time: 'Created', data: { priority: 'Urgency', 'practice.id': 'PCP' } },
    { type: 'referral.closed', time: 'exportedAt', when: { Status: ['Closed'] }, data: { reason: 'Why' } },
  ],
};
const NIGHTLY = { name: 'clinic-nightly', csv: CSV };

/** Problems and warnings of a `dialects.json`, as a person reads them. */
function found(dialects: unknown) {
  const { problems, warnings, config } = checkConfig({
    policy,
    directory,
    dialects,
  });
  expect(config === null).toBe(problems.length > 0);
  const own = (line: string) => line.startsWith('dialects.json');
  return { problems: problems.map(problemText).filter(own), warnings: warnings.map(problemText).filter(own) };
}

describe('dialects.json in order', () => {
  it('need not be there', () => {
    expect(found(undefined)).toEqual({ problems: [], warnings: [] });
  });

  it('comes out as it went in', () => {
    expect(found({ senders: [NIGHTLY] })).toEqual({ problems: [], warnings: [] });
    const check = checkConfig({
      policy,
      directory,
      dialects: { defaults: { role: 'referring' }, senders: [NIGHTLY] },
    });
    expect(check.config?.dialects).toEqual({ defaults: { role: 'referring' }, senders: [NIGHTLY] });
  });
});

describe('dialects.json with a fault', () => {
  it.each([
    ['a misspelled setting', { senders: [{ name: 'a', tmezone: 'UTC' }] }, 'senders[0].tmezone: "UTC" - unknown name'],
    ['a misspelled field of a mapping', { senders: [{ name: 'a', csv: { ...CSV, subjet: 'x' } }] }, 'kind, encoding'],
    ["a path that can't be", { senders: [{ name: 'a', match: { 'MSH4.1': 'X' } }] }, 'expected a path such as MSH-4.1'],
    [
      'an unknown time zone',
      { defaults: { timeZone: 'Mars/North' } },
      'no such time zone; expected a region such as America/New_York',
    ],
    ['a name twice', { senders: [{ name: 'a' }, { name: 'a' }] }, 'expected another than senders[0] has'],
    [
      "a crosswalk to a word that isn't one",
      { defaults: { crosswalks: { priority: { U: 'very urgent' } } } },
      'did you mean urgent? Expected one of routine, urgent, asap, stat',
    ],
    [
      'an event of no referral',
      { senders: [{ name: 'a', csv: { ...CSV, emit: [{ type: 'feed.heartbeat', time: 'Created' }] } }] },
      'expected an event of a referral',
    ],
    [
      "a field that the event hasn't",
      {
        senders: [
          { name: 'a', csv: { ...CSV, emit: [{ type: 'referral.received', time: 'C', data: { urgency: 'U' } }] } },
        ],
      },
      'unknown field of referral.received; known are priority, specialty, site, practice.id',
    ],
    [
      'a name of a file without a group',
      { senders: [{ name: 'a', csv: { ...CSV, exportedAt: { fileName: 'referrals' } } }] },
      'a simple regular expression with one group',
    ],
  ])('names %s', (_, dialects, expected) => {
    const { problems } = found(dialects);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  it.each([
    [
      { type: 'referral.cancelled', data: { by: { value: 'patint' } } },
      'by.value: "patint" - did you mean patient? Expected one of referrer, ',
    ],
    [
      { type: 'contact.attempted', data: { channel: { value: 'phon' } } },
      'did you mean phone? Expected one of phone, ',
    ],
    [{ type: 'referral.closed', data: { reason: { value: 'gone' } } }, 'reason.value: "gone" - expected one of '],
    [{ type: 'referral.received', data: { priority: { value: 'high' } } }, 'priority.value: "high" - expected one of '],
    [{ type: 'appointment.scheduled', data: { startsAt: { value: '1 May' } } }, 'expected an RFC 3339 date-time'],
    [{ type: 'appointment.scheduled', data: { patientChoice: { value: 'Y' } } }, '"Y" - expected true or false'],
    [{ type: 'referral.received', data: { 'patient.id': { value: true } } }, 'true - expected text'],
  ])('names a constant that the field cannot have: %j', (emit, expected) => {
    const { problems } = found({ senders: [{ name: 'a', csv: { ...CSV, emit: [{ ...emit, time: 'C' }] } }] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  it.each([
    { type: 'referral.cancelled', data: { by: { value: 'patient' } } },
    { type: 'contact.attempted', data: { channel: { value: 'sms' }, outcome: { value: 'other' } } },
    { type: 'referral.received', data: { specialty: { value: 'imaging' }, 'practice.name': { value: 'Oak' } } },
    { type: 'appointment.scheduled', data: { startsAt: 'Appt', patientChoice: { value: true } } },
  ])('takes the constants of %j', (emit) => {
    expect(found({ senders: [{ name: 'a', csv: { ...CSV, emit: [{ ...emit, time: 'C' }] } }] }).problems).toEqual([]);
  });

  it('takes a constant of a file of events that one of its types can have', () => {
    const { emit: _, ...rest } = CSV;
    const ofEvents = (reason: string) => ({
      ...{ ...rest, kind: 'events', type: { column: 'T', values: { D: 'referral.declined', P: 'referral.paused' } } },
      ...{ time: 'C', data: { reason: { value: reason } } },
    });
    const problemsOf = (reason: string) => found({ senders: [{ name: 'a', csv: ofEvents(reason) }] }).problems;
    expect(problemsOf('medical_hold')).toEqual([]);
    expect(problemsOf('coverage')).toEqual([]);
    expect(problemsOf('full')[0]).toContain('data.reason.value: "full" - expected one of misdirected, ');
  });

  it('warns of a word that stands where a column belongs', () => {
    const emit = [{ type: 'contact.attempted', time: 'C', data: { channel: 'phone', outcome: 'Result' } }];
    const { problems, warnings } = found({ senders: [{ name: 'a', csv: { ...CSV, emit } }] });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/channel: "phone" - is read as the name of a column; write \{"value": "phone"\} if/),
    ]);
  });

  it.each([
    [
      { priority: { u: 'routine', U: 'stat' } },
      'priority.U: "stat" - expected what senders[0].crosswalks.priority.u has',
    ],
    [
      { priority: { '0280|R': 'asap', ' HL70280|r': 'stat' } },
      '"stat" - expected what senders[0].crosswalks.priority["',
    ],
    [{ practice: { P1: 'oak', p1: { id: 'elm' } } }, 'practice.p1: {"id":"elm"} - expected what'],
  ])('names two spellings of one code that lead to two words: %j', (crosswalks, expected) => {
    const { problems } = found({ senders: [{ name: 'a', crosswalks }] });
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });

  it('takes two spellings of one code that lead to one word', () => {
    const crosswalks = { priority: { u: 'stat', U: 'stat', 'HL70280|U': 'stat' } };
    expect(found({ senders: [{ name: 'a', crosswalks }] })).toEqual({ problems: [], warnings: [] });
  });

  it('warns of a system that no sender writes so', () => {
    const { problems, warnings } = found({
      defaults: {
        consultNotes: ['PN|HL70270', 'HL70270|PN', '0270|PN', 'LOINC|11488-4', 'https://loinc.org/|11488-4'],
      },
      senders: [{ name: 'a', crosswalks: { site: { 'N|4': 'north' } }, referrals: { exclude: ['1|http://x.test/y'] } }],
    });
    expect(problems).toEqual([]);
    expect(warnings.filter((line) => line.includes('did you mean'))).toEqual([
      'dialects.json defaults.consultNotes[0]: "PN|HL70270" - is read as system|code; did you mean HL70270|PN?',
      expect.stringContaining(
        '[4]: "https://loinc.org/|11488-4" - is read as system|code; did you mean http://loinc.org|',
      ),
      expect.stringContaining('senders[0].referrals.exclude[0]: "1|http://x.test/y"'),
    ]);
  });

  it.each([
    [{ statusField: 'SHC-25' }, 'statusField: "SHC-25" - is nowhere: SIU has no segment SHC in HL7'],
    [{ statusField: 'SCH-62.1' }, '"SCH-62.1" - is nowhere: SCH has the fields 1 to 28 in HL7'],
    [{ keys: { SIU: ['SCH-26', 'RF1-6'] } }, 'keys.SIU[1]: "RF1-6" - is nowhere: SIU has no segment RF1 in HL7'],
    [{ keys: { appointment: ['TXA-12'] } }, 'keys.appointment[0]: "TXA-12" - is nowhere: SIU has no segment TXA'],
    [{ keys: { ADT: ['PV1-0'] } }, '"PV1-0" - is nowhere: PV1 has the fields 1 to'],
    [{ keys: { REF: ['PDR-7'] } }, 'PDR in HL7; did you mean PD1?'],
  ])('warns of a place where no message has a field: %j', (settings, expected) => {
    const { problems, warnings } = found({ senders: [{ name: 'a', ...settings }] });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(expected)]);
  });

  it('takes places of the standard, and any in segments of a sender', () => {
    const keys = {
      ...{ SIU: ['SCH-26.1', 'ZRF-1.1', 'NTE-3'], REF: ['RF1-6', 'PID-3'], OMG: ['ORC-2', 'OBR-2'], ADT: ['PV1-50'] },
      ...{ MDM: ['TXA-14', 'ORC-2'], ORU: ['OBR-2'], OSU: ['ORC-2'], appointment: ['SCH-1.1'], RRI: ['MSA-2'] },
    };
    expect(found({ defaults: { keys, statusField: 'ZZZ-1.1' }, senders: [] })).toEqual({ problems: [], warnings: [] });
  });

  it('suggests a format of dates', () => {
    const { problems } = found({ senders: [{ name: 'a', csv: { ...CSV, dates: ['DD/MM/YYYY'] } }] });
    expect(problems[0]).toContain('expected a format such as MM/dd/yyyy HH:mm; did you mean dd/MM/yyyy?');
  });

  it("warns of states that don't say when they were exported, and of a site that isn't in the directory", () => {
    const { exportedAt: _, ...undated } = CSV;
    const { warnings } = found({
      senders: [{ name: 'a', csv: undated, crosswalks: { site: { N: 'nowhere' } } }],
    });
    expect(warnings.map((line) => line.slice(0, 60))).toEqual([
      'dialects.json senders[0].crosswalks.site.N: "nowhere" - is n',
      'dialects.json senders[0].csv.exportedAt: missing - expected ',
    ]);
  });

  it("warns of a practice that isn't in the directory, and of what stands for a missing site or practice", () => {
    const { id: site } = directory.sites[0];
    const { id: practice } = directory.practices[0];
    const warningsOf = (settings: object) => found({ senders: [{ name: 'a', ...settings }] }).warnings;
    const table = { A: 'lakside', B: { id: 'oak' }, C: { id: 'elm', name: 'Elm Practice' }, D: practice };
    expect(warningsOf({ crosswalks: { practice: table }, fields: { site: 'nowhere', practice: 'nobody' } })).toEqual([
      expect.stringContaining('senders[0].fields.site: "nowhere" - is no site in directory.json, expected one such as'),
      expect.stringContaining('senders[0].crosswalks.practice.A: "lakside" - is no practice in directory.json'),
      expect.stringContaining('senders[0].crosswalks.practice.B: "oak" - is no practice'),
      expect.stringContaining('senders[0].fields.practice: "nobody" - is no practice'),
    ]);
    expect(warningsOf({ fields: { site, practice } })).toEqual([]);
    expect(warningsOf({ fields: { site: 'unknown', practice: 'unknown' } })).toEqual([]);
  });

  it('is told with its other faults, each at its place', () => {
    const emit = [
      { type: 'FILL IN', time: 'A', when: { Status: ['x'] } },
      { type: 'referral.received', time: 'A', data: { prio: 'P' } },
    ];
    const { problems } = found({
      defaults: { timezone: 'UTC' },
      senders: [
        { name: 'a', csv: { ...CSV, emit }, crosswalks: { priority: { U: 'urgnt', V: 7 }, close: { X: 'FILL IN' } } },
        { name: 'a', csv: 7 },
      ],
    });
    expect(problems.map((line) => line.slice('dialects.json '.length).split(' - ')[0])).toEqual([
      'defaults.timezone: "UTC"',
      'senders[0].csv.emit[0].type: "FILL IN"',
      'senders[0].crosswalks.priority.V: 7',
      'senders[1].csv: 7',
      'senders[0].crosswalks.priority.U: "urgnt"',
      'senders[0].crosswalks.close.X: "FILL IN"',
      'senders[0].csv.emit[1].data.prio: "P"',
      'senders[1].name: "a"',
    ]);
  });

  it('is told, whatever it is', () => {
    const part = fc.oneof(fc.jsonValue(), fc.constant(NIGHTLY), fc.constant(CSV.emit));
    const sender = fc.record({
      name: part,
      csv: fc.oneof(part, fc.record({ kind: part, emit: part })),
      crosswalks: part,
    });
    const law = fc.property(fc.array(fc.oneof(sender, part)), part, (senders, defaults) => {
      expect(() => found({ senders, defaults })).not.toThrow();
    });
    fc.assert(law);
  });

  it('is read with the rest: a fault of the directory hides none of its own', () => {
    const { problems } = checkConfig({
      policy,
      directory: {},
      dialects: { senders: [{ nam: 'a' }] },
    });
    expect(problems.map(({ file }) => file)).toContain('dialects.json');
    expect(problems.map(({ file }) => file)).toContain('directory.json');
  });
});
