import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../../local/cli/config.ts';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { at } from '../../builders/instants.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Configurations that somebody broke, a line each: what is broken, and which words have to say so. */

const folder = temporaryFolder();
const NOW = at('2026-03-02T12:00:00Z');

type FileName = 'policy.json' | 'directory.json' | 'dialects.json';
type Texts = Record<FileName, string | Buffer>;
type Spoil = (texts: Texts) => void;

const NEW_YORK = 'America/New_York';
const HOLIDAYS = ['2026-12-25', '2027-12-24'];
const person = (id: string, role: string, more: object = {}) => ({
  ...{ id, role, name: id, email: `${id}@example.org`, timeZone: NEW_YORK },
  ...more,
});
const ORGANIZATION = {
  ...{ name: 'Example', timeZone: NEW_YORK, operationsMailbox: 'operations@example.org' },
  ...{ sender: 'loopwatch@example.org', allowedDomains: ['example.org'] },
};
const DIRECTORY = {
  organization: { ...ORGANIZATION, sensitiveSpecialties: ['behavioral_health'] },
  sites: [
    { id: 'north', name: 'North', timeZone: NEW_YORK, holidays: HOLIDAYS, hours: { mon: ['08:00', '17:00'] } },
    { id: 'south', name: 'South', timeZone: NEW_YORK, holidays: HOLIDAYS },
  ],
  practices: [
    { id: 'p-1', name: 'First Family Practice', aliases: ['First FP'], segment: 'primary_care', liaisonId: 'lee' },
    { id: 'p-2', name: 'Second Practice', aliases: ['Second'] },
  ],
  people: [
    person('ada', 'coordinator', { routes: [{ site: 'north' }, { site: 'south', specialty: 'cardiology' }, {}] }),
    person('lee', 'liaison'),
    person('kim', 'leader', { scope: { site: 'north' } }),
  ],
  feeds: [{ name: 'records', expectedEveryHours: 24 }],
};
const DIALECTS = {
  defaults: { timeZone: NEW_YORK, crosswalks: { priority: { U: 'urgent' }, site: { N: 'north' } } },
  senders: [
    {
      name: 'nightly',
      csv: {
        ...{ kind: 'states', key: ['Ref'], subject: 'Ref', exportedAt: { fileName: 'export_(\\d{8})' } },
        emit: [{ type: 'referral.received', time: 'Created', data: { priority: 'Urgency', 'practice.id': 'PCP' } }],
      },
    },
  ],
};

/** Sets a field of a file; undefined removes it. */
const set =
  (file: FileName) =>
  (path: string, value: unknown): Spoil =>
  (texts) => {
    const json = JSON.parse(String(texts[file]));
    const keys = path.split('/');
    const parent = keys.slice(0, -1).reduce((object, key) => object[key], json);
    parent[keys.at(-1) as string] = value;
    texts[file] = JSON.stringify(json, null, 2);
  };
const policy = set('policy.json');
const version = (path: string, value: unknown) => policy(`versions/0/${path}`, value);
const clock = (path: string, value: unknown) => version(`rules/0/clocks/note/${path}`, value);
const directory = set('directory.json');
const organization = (field: string, value: unknown) => directory(`organization/${field}`, value);
const dialects = set('dialects.json');
const sender = (path: string, value: unknown) => dialects(`senders/0/${path}`, value);
/** Replaces the text of a file, or a part of it. */
const text =
  (file: FileName, to: string | Buffer, from?: string): Spoil =>
  (texts) => {
    texts[file] = from === undefined ? to : String(texts[file]).replace(from, () => String(to));
  };
const target = (value: number, unit: string) => clock('target', { value, unit });
const onlyFor = (match: object) => version('rules', [{ match, clocks: defaultPolicy().versions[0]?.rules[0]?.clocks }]);
const all =
  (...spoils: Spoil[]): Spoil =>
  (texts) => {
    for (const spoil of spoils) spoil(texts);
  };
/** North is hardly ever open; and a site has a long target of its own. */
const shortNorthAnd = (site: string) =>
  all(
    directory('sites/0/hours', { mon: ['08:00', '08:15'] }),
    version('rules/3', {
      match: { site: [site] },
      clocks: { note: { target: { value: 400, unit: 'business_hours' } } },
    }),
    version('rules/4', { match: { site: ['north'], priority: ['stat'] }, clocks: { note: { target: null } } }),
  );
const away = (from: string, to: string) =>
  all(directory('people/0/away', [{ from, to, deputyId: 'bo' }]), directory('people/3', person('bo', 'coordinator')));
/** Deeper than the stack. */
const DEEP = '['.repeat(300_000) + ']'.repeat(300_000);
const url = (referralUrl: string) => organization('referralUrl', referralUrl);
const zone = (timeZone: string) => directory('sites/0/timeZone', timeZone);

async function findings(spoil: Spoil) {
  const texts: Texts = {
    'policy.json': JSON.stringify(defaultPolicy(), null, 2),
    'directory.json': JSON.stringify(DIRECTORY, null, 2),
    'dialects.json': JSON.stringify(DIALECTS, null, 2),
  };
  spoil(texts);
  for (const [file, content] of Object.entries(texts)) writeFileSync(join(folder, file), content);
  const printed: string[] = [];
  const wrapped: string[] = [];
  const code = await validateConfig(folder, { json: false, now: NOW, print: (line) => printed.push(line) });
  await validateConfig(folder, { json: false, now: NOW, wrapped: true, print: (line) => wrapped.push(line) });
  expect(wrapped.slice(0, -1).filter((line) => line.length > 80)).toEqual([]);
  return { code, printed: printed.slice(0, -1) };
}

describe('A broken configuration', () => {
  it('was in order before', async () => {
    expect(await findings(() => {})).toEqual({ code: 0, printed: [] });
  });

  it.each<[string, Spoil, string]>([
    // What is no JSON.
    ['an empty file', text('policy.json', ''), 'policy.json: is empty; expected a JSON object'],
    [
      'a file that ends early',
      text('policy.json', '{\n  "versions": ['),
      'line 2, column 16: expected a closing ], found the end of the file',
    ],
    [
      'a missing comma',
      text('policy.json', '{\n  "versions": []\n  "more": 1\n}'),
      'line 3, column 3: expected a comma before it, or a closing bracket, found "more"',
    ],
    [
      'a comma too many in an object',
      text('policy.json', '{\n  "versions": [],\n}'),
      'line 3, column 1: expected no comma after the last field, found }',
    ],
    [
      'a comma too many in a list',
      text('policy.json', '{\n  "versions": [1, ]\n}'),
      'line 2, column 19: expected no comma after the last entry, found ]',
    ],
    [
      'a comment',
      text('policy.json', '{\n  // ours\n  "versions": []\n}'),
      'line 2, column 3: JSON has no comments, found // ours',
    ],
    ['single quotes', text('policy.json', "{\n  'versions': []\n}"), 'line 2, column 3: expected'],
    ['a name without quotes', text('policy.json', '{\n  versions: []\n}'), 'found versions'],
    ['True for true', text('directory.json', 'True', '"North"'), 'found True'],
    [
      'a text over two lines',
      text('directory.json', '"Nor\nth"', '"North"'),
      'expected closing double quotes on the same line, found "Nor',
    ],
    ['a backslash', text('directory.json', '"a\\b\\c"', '"North"'), 'expected a backslash to be written as two'],
    [
      'something after the end',
      text('policy.json', '{"versions": []}\n{}'),
      'line 2, column 1: expected nothing more, found {',
    ],
    [
      'a missing colon',
      text('policy.json', '{\n  "versions" []\n}'),
      'line 2, column 14: expected a colon after the name of a field, found [',
    ],
    ['a missing value', text('policy.json', '{\n  "versions": }'), 'line 2, column 15: expected a value, found }'],
    ['UTF-16', text('directory.json', Buffer.from('\uFEFF{}', 'utf16le')), 'directory.json: is UTF-16; expected UTF-8'],
    [
      'another encoding',
      text('directory.json', Buffer.from('{\n  "name": "Caf\u00e9"\n}', 'latin1')),
      'directory.json: line 2, column 15: is not UTF-8',
    ],
    [
      'a field twice',
      text('directory.json', '"name": "North",\n      "name": "Norden"', '"name": "North"'),
      'directory.json sites[0].name: "Norden" - stands twice in sites[0]: line 17, column 7 and line 18, column 7; expected it once',
    ],
    [
      'a clock twice',
      text('policy.json', '"note": { "target": null },\n            "note":', '"note":'),
      'policy.json versions[0].rules[0].clocks.note: {"target":{"value":14,"unit":"calendar_days"},"warnBefore":{"value":7,"unit":... - stands twice in versions[0].rules[0].clocks',
    ],
    ['a list for a file', text('policy.json', '[]'), 'policy.json: [] - expected an object'],
    ['a text for a file', text('directory.json', '"all"'), 'directory.json: "all" - expected an object'],
    // Misspelled and unknown fields.
    [
      'a misspelled warnBefore',
      clock('warnbefore', { value: 1, unit: 'hours' }),
      'clocks.note.warnbefore: {"value":1,"unit":"hours"} - unknown field; did you mean warnBefore?',
    ],
    [
      'a misspelled field of the file',
      policy('verisons', []),
      'policy.json verisons: [] - unknown field; did you mean versions?',
    ],
    ['a misspelled field of a version', version('requried', []), 'unknown field; did you mean required?'],
    [
      'a misspelled field of a match',
      version('rules/1/match/specialities', ['x']),
      'unknown field; did you mean specialty?',
    ],
    ['a misspelled priority of silence', version('silence/urgnet', 2), 'unknown field; did you mean urgent?'],
    [
      'a misspelled reason of a pause',
      version('pauseCaps/awaiting_info', 2),
      'unknown field; did you mean awaiting_information?',
    ],
    [
      'a misspelled field of the organization',
      organization('senstiveSpecialties', []),
      'unknown field; did you mean sensitiveSpecialties?',
    ],
    [
      'a misspelled field of a site',
      directory('sites/0/escalate_to', 'ada'),
      'unknown field; did you mean escalateTo?',
    ],
    ['a misspelled field of a practice', directory('practices/0/alias', ['x']), 'unknown field; did you mean aliases?'],
    ['a misspelled field of a person', directory('people/0/emial', 'x'), 'unknown field; did you mean email?'],
    [
      'a misspelled field of a route',
      directory('people/0/routes/0/specialty_', 'x'),
      'unknown field; did you mean specialty?',
    ],
    [
      'a misspelled field of an absence',
      directory('people/0/away', [{ from: '2026-07-01', until: '2026-07-02', deputy: 'bo' }]),
      'unknown field; did you mean deputyId?',
    ],
    [
      'a misspelled field of a feed',
      directory('feeds/0/expectedHours', 2),
      'unknown field; did you mean expectedEveryHours?',
    ],
    ['a field of nothing', organization('logo', 'x.png'), 'unknown field; known are name, timeZone,'],
    [
      'a misspelled clock',
      version('rules/0/clocks/notes', { target: null }),
      'unknown name; did you mean note? Expected one of acceptance, first_attempt, reached, scheduled, visit, rebook, reroute, note, acknowledge, referrer_update',
    ],
    [
      'a weekday in full',
      directory('sites/0/hours/tuesday', ['08:00', '17:00']),
      'did you mean tue? Expected one of mon, tue, wed, thu, fri, sat, sun',
    ],
    [
      'a misspelled setting of a dialect',
      dialects('defaults/timezone', NEW_YORK),
      'dialects.json defaults.timezone: "America/New_York" - unknown name',
    ],
    ['a misspelled setting of a sender', sender('consultNote', []), 'did you mean consultNotes?'],
    ['a misspelled field of a mapping', sender('csv/delimitter', ','), 'did you mean delimiter?'],
    [
      'a message of no kind',
      dialects('defaults/keys', { SIUU: ['SCH-1'] }),
      'defaults.keys.SIUU: ["SCH-1"] - unknown name; did you mean SIU? Expected one of SIU, REF, RRI, OMG, ORM, OSU, MDM, ORU, ADT, appointment',
    ],
    [
      'a domain with an @',
      organization('allowedDomains', ['@example.org']),
      'allowedDomains[0]: "@example.org" - expected the name of a domain such as example.org',
    ],
    ['a misspelled crosswalk', dialects('defaults/crosswalks/sites', {}), 'did you mean site?'],
    // Words and values.
    [
      'a unit that is none',
      clock('target/unit', 'days'),
      'target.unit: "days" - expected one of hours, business_hours, business_days, calendar_days',
    ],
    ['a unit in the singular', clock('target/unit', 'business_day'), 'did you mean business_days?'],
    [
      'a priority that is none',
      version('rules/1/match/priority', ['Urgent']),
      'did you mean urgent? Expected one of routine, urgent, asap, stat',
    ],
    [
      'a role that is none',
      directory('people/0/role', 'co-ordinator'),
      'did you mean coordinator? Expected one of coordinator, liaison, leader',
    ],
    [
      'a required field that is none',
      version('required', [{ match: {}, fields: ['providerNpi'] }]),
      'did you mean practice.providerNpi?',
    ],
    [
      'a word of a crosswalk',
      dialects('defaults/crosswalks/priority/U', 'urgnt'),
      'did you mean urgent? Expected one of routine, urgent, asap, stat',
    ],
    ['an event that is none', sender('csv/emit/0/type', 'referral.recieved'), 'did you mean referral.received?'],
    [
      'a field that the event lacks',
      sender('csv/emit/0/data', { specialities: 'S' }),
      'unknown field of referral.received; did you mean specialty?',
    ],
    [
      'a mapping of no kind',
      sender('csv/kind', 'state'),
      'senders[0].csv.kind: "state" - did you mean states? Expected one of states, events',
    ],
    [
      'a practice in a crosswalk without an id',
      dialects('defaults/crosswalks/practice', { P: { name: 'P' } }),
      'crosswalks.practice.P.id: missing - expected text',
    ],
    ['a number as text', clock('target/value', '14'), 'target.value: "14" - expected a number'],
    ['yes for true', clock('warnAtStart', 'yes'), 'warnAtStart: "yes" - expected true or false'],
    [
      'a date of no calendar',
      directory('sites/0/holidays', ['2026-02-30']),
      'holidays[0]: "2026-02-30" - expected a date as YYYY-MM-DD',
    ],
    ['a date as people write it', directory('sites/0/holidays', ['12/25/2026']), 'expected a date as YYYY-MM-DD'],
    [
      'an instant without an offset',
      version('effectiveFrom', '2026-01-01'),
      'expected an RFC 3339 date-time with offset',
    ],
    ['an hour in words', directory('sites/0/hours/mon', ['8am', '5pm']), 'sites[0].hours.mon'],
    [
      'an address that is none',
      directory('people/0/email', 'ada'),
      'people[0].email: "ada" - expected an e-mail address',
    ],
    // Time zones.
    ['GMT+5', zone('GMT+5'), 'no such time zone; expected a region such as'],
    ['UTC-3', organization('timeZone', 'UTC-3'), 'no such time zone; expected a region such as'],
    ['EDT', zone('EDT'), 'no such time zone; expected a region such as America/New_York'],
    ["an abbreviation that Intl takes and Temporal doesn't", zone('CST'), 'expected a region such as America/Chicago'],
    ['another', zone('PST'), 'no such time zone; expected a region such as America/Los_Angeles'],
    ['one in small letters', zone('ist'), 'no such time zone; expected a region such as Asia/Kolkata'],
    ['a long name', zone('Central Standard Time'), 'expected a region such as America/Chicago'],
    ['a misspelled city', zone('America/Los Angelos'), 'expected a region such as America/Los_Angeles'],
    ['a city alone', zone('Denver'), 'expected a region such as America/Denver'],
    // Figures that nobody means.
    ['a target of a thousand years', target(1_000_000_000, 'calendar_days'), 'expected a number of at most 10000'],
    [
      'a target of ten years',
      target(3_650, 'calendar_days'),
      'target.value: 3650 - expected at most 730 calendar days',
    ],
    ['a target of business days without end', target(900, 'business_days'), 'expected at most 500 business days'],
    [
      'a target that a site never reaches',
      all(directory('sites/0/hours', { mon: ['08:00', '08:15'] }), target(400, 'business_hours')),
      'would take over ten years at north, which is open 0.3 hours a week',
    ],
    [
      'a target that the only site of its rule never reaches',
      shortNorthAnd('north'),
      'would take over ten years at north, which is open 0.3 hours a week',
    ],
    [
      'a silence of years',
      version('silence/routine', 1_000),
      'silence.routine: 1000 - expected a number of at most 366',
    ],
    [
      'an urgent lead of years',
      version('urgentLead', { value: 5_000, unit: 'business_hours' }),
      'urgentLead.value: 5000 - expected a number of at most 200',
    ],
    [
      'an instant that is in the year 10000 in UTC, and then is none',
      organization('liveFrom', '9999-12-31T23:59:59-05:00'),
      'expected a year from 0000 to 9999 in UTC',
    ],
    // What is deeper than any configuration.
    ['a policy without end', text('policy.json', `{"versions":${DEEP}}`), 'policy.json: expected at most 64 levels'],
    ['a directory without end', text('directory.json', DEEP), 'directory.json: expected at most 64 levels'],
    ['dialects without end', text('dialects.json', DEEP), 'dialects.json: expected at most 64 levels'],
    ['brackets that nothing closes', text('policy.json', '['.repeat(300_000)), 'policy.json: is not JSON'],
    // People, links, names that come twice.
    [
      'a link that runs a script',
      url('javascript:alert("{referralId}")'),
      'expected an address that begins with https://',
    ],
    [
      'a link that is its own page',
      url('data:text/html,{referralId}'),
      'expected an address that begins with https://',
    ],
    [
      'a link that anybody can read',
      url('http://records.example.org/{referralId}'),
      'expected an address that begins with https://',
    ],
    [
      'a link with a password',
      url('https://me:secret@records.example.org/{referralId}'),
      'expected an address without a user name and password',
    ],
    ['a link to no referral', url('https://records.example.org/'), 'expected text with {referralId} in it'],
    [
      'an id twice',
      directory('practices/1/id', 'p-1'),
      'practices[1].id: "p-1" - expected another than practices[0] has',
    ],
    [
      'a liaison who is nobody',
      directory('practices/0/liaisonId', 'leee'),
      'is nobody in people, expected a liaison such as lee',
    ],
    [
      'a rule for a site that is none',
      version('rules/1/match', { site: ['nroth'] }),
      'can never match: no such site in directory.json, expected one such as north, south',
    ],
    ['a sender twice', dialects('senders/1', { name: 'nightly' }), 'expected another than senders[0] has'],
  ])('%s is refused, and said', async (_, spoil, words) => {
    const { code, printed } = await findings(spoil);
    expect(printed.filter((line) => line.startsWith('error')).join('\n')).toContain(words);
    expect(code).toBe(1);
  });

  it.each<[string, Spoil, string]>([
    [
      'a clock that no rule names',
      version('rules/0/clocks/reroute', undefined),
      'no rule gives the reroute clock to routine referrals; only rules[1], rules[2] names it, and a target of null would say that it is meant so',
    ],
    [
      'clocks for urgent referrals alone',
      onlyFor({ priority: ['urgent', 'stat'] }),
      'policy.json versions[0].rules: "note" - no rule gives the note clock to routine, asap referrals; only rules[0]',
    ],
    [
      'clocks for one site alone',
      onlyFor({ site: ['north'] }),
      'no rule gives the visit clock to referrals at south; only rules[0]',
    ],
    [
      'clocks for one specialty alone',
      onlyFor({ specialty: ['cardiology'] }),
      'no rule gives the note clock to all other referrals; only rules[0]',
    ],
    [
      'a rule that a later one hides',
      version('rules/1/match', { priority: ['asap', 'stat'] }),
      'versions[0].rules[1].match: {"priority":["asap","stat"]} - never counts: rules[2] matches the same referrals',
    ],
    [
      'a warning longer than its target',
      clock('warnBefore', { value: 20, unit: 'calendar_days' }),
      'clocks.note.warnBefore: {"value":20,"unit":"calendar_days"} - is longer than the target of 14 calendar days',
    ],
    [
      'an alias that is another practice',
      directory('practices/1/aliases', ['first family practice']),
      'practices[1].aliases[0]: "first family practice" - is the name of practices[0] too',
    ],
    [
      'an alias that is the id of another practice',
      directory('practices/1/aliases', ['p-1']),
      'is the id of practices[0] too',
    ],
    ['an alias of two practices', directory('practices/1/aliases', ['First FP']), 'is an alias of practices[0] too'],
    [
      'a misspelled sensitive specialty',
      organization('sensitiveSpecialties', ['behavioural-helth']),
      'sensitiveSpecialties[0]: "behavioural-helth" - no rule, route or scope has this specialty; did you mean behavioral_health?',
    ],
    [
      'a sensitive specialty that a route spells otherwise',
      organization('sensitiveSpecialties', ['cardiolgy']),
      'did you mean cardiology?',
    ],
    [
      'a word of a crosswalk that is a sensitive specialty but for its spaces',
      sender('crosswalks', { specialty: { PSY: 'Behavioral Health' } }),
      'senders[0].crosswalks.specialty.PSY: "Behavioral Health" - no rule, route or sensitive specialty is written so; did you mean behavioral_health?',
    ],
    [
      "a misspelled specialty of a sender's own",
      sender('fields', { specialty: 'cardiolgy' }),
      'senders[0].fields.specialty: "cardiolgy" - no rule, route or sensitive specialty is written so; did you mean cardiology?',
    ],
    [
      'a specialty of a crosswalk that a route writes in small letters',
      dialects('defaults/crosswalks/specialty', { CARD: 'Cardiology' }),
      'did you mean cardiology?',
    ],
    [
      'EST',
      zone('EST'),
      'sites[0].timeZone: "EST" - never has daylight saving time; expected a region such as America/New_York, or UTC',
    ],
    [
      'MST',
      zone('MST'),
      '"MST" - never has daylight saving time; expected America/Phoenix if it keeps none, else America/Denver',
    ],
    ['GMT', zone('GMT'), '"GMT" - never has daylight saving time; expected a region such as Europe/London, or UTC'],
    ['Etc/GMT', zone('Etc/GMT'), '"Etc/GMT" - never has daylight saving time'],
    [
      'Etc/GMT+5',
      directory('people/0/timeZone', 'Etc/GMT+5'),
      'people[0].timeZone: "Etc/GMT+5" - never has daylight saving time',
    ],
    ['an offset', zone('-05:00'), '"-05:00" - never has daylight saving time; expected a region such as'],
    [
      'an escalation in three years',
      clock('escalateAfter', { value: 1_095, unit: 'calendar_days' }),
      'escalateAfter.value: 1095 - expected at most 730 calendar days',
    ],
    [
      'a pause of years',
      version('pauseCaps/medical_hold', 5_000),
      'pauseCaps.medical_hold: 5000 - expected a number of at most 730',
    ],
    ['a snooze of years', version('snoozeCapDays', 999), 'snoozeCapDays: 999 - expected a number of at most 366'],
    [
      'an urgent lead of months',
      version('urgentLead', { value: 500, unit: 'business_hours' }),
      'urgentLead.value: 500 - expected a number of at most 200',
    ],
    [
      'a thousand attempts',
      version('attempts/total', 1_000),
      'attempts.total: 1000 - expected a number of at most 100',
    ],
    [
      'a feed that is heard every ten years',
      directory('feeds/0/expectedEveryHours', 87_600),
      'expected at most 10000 hours',
    ],
    [
      'a holiday of long ago',
      directory('sites/0/holidays', ['0026-12-25', ...HOLIDAYS]),
      'holidays[0]: "0026-12-25" - expected a year from 2000 to 2100',
    ],
    [
      'a version of a far future',
      version('effectiveFrom', '2206-01-01T00:00:00Z'),
      'effectiveFrom: "2206-01-01T00:00:00.000Z" - expected a year up to 2100',
    ],
    ['mail of a far future', organization('liveFrom', '9999-12-31T00:00:00Z'), 'expected a year up to 2100'],
    [
      'an absence of a far future',
      away('2206-07-01', '9999-12-31'),
      'away[0].from: "2206-07-01" - expected a year up to',
    ],
    [
      'a sender that writes EST',
      sender('timeZone', 'EST'),
      'dialects.json senders[0].timeZone: "EST" - never has daylight saving time',
    ],
    [
      'a space at the end of an id',
      directory('practices/1/id', 'p-2 '),
      'practices[1].id: "p-2 " - begins or ends with a space',
    ],
    [
      'a scope of a coordinator',
      directory('people/0/scope', { site: 'north' }),
      'people[0].scope: {"site":"north"} - the scope of a coordinator is not used',
    ],
    [
      'reports for a liaison',
      directory('people/1/reports', ['monthly']),
      'reports go to leaders, and not to a liaison',
    ],
    [
      'nobody who works referrals',
      directory('people', DIRECTORY.people.slice(1)),
      'directory.json people: 2 - no coordinator: nobody gets a digest of referrals',
    ],
    [
      'a holiday twice',
      directory('sites/0/holidays', [...HOLIDAYS, '2026-12-25']),
      'holidays[2]: "2026-12-25" - is listed twice: holidays[0] has it too',
    ],
    [
      'a person whom no mail reaches',
      directory('people/1/email', 'lee@example.com'),
      'expected an address in organization.allowedDomains (example.org)',
    ],
    [
      'a site of nobody',
      directory('people/0/routes', [{ site: 'north' }]),
      'sites[1]: "south" - no coordinator has a route for this site',
    ],
  ])('%s is warned of', async (_, spoil, words) => {
    const { code, printed } = await findings(spoil);
    expect(printed.filter((line) => line.startsWith('warning')).join('\n')).toContain(words);
    expect({ code, errors: printed.filter((line) => line.startsWith('error')) }).toEqual({ code: 0, errors: [] });
  });
});

describe('A configuration in order', () => {
  it.each<[string, Spoil]>([
    ['a byte order mark', text('directory.json', `\uFEFF${JSON.stringify(DIRECTORY)}`)],
    ['schemas for editors', all(...[policy, directory, dialects].map((file) => file('$schema', 'x.schema.json')))],
    ['UTC', organization('timeZone', 'UTC')],
    ['the time of Hawaii', zone('HST')],
    ['a version since ever', version('effectiveFrom', '1970-01-01T00:00:00Z')],
    ['a version of long ago', version('effectiveFrom', '0001-01-01T00:00:00Z')],
    ['mail since ever', organization('liveFrom', '1999-01-01T00:00:00Z')],
    ['an absence without an end', away('2026-07-01', '9999-12-31')],
    ['a long target at a site that is open for long, beside one that is not', shortNorthAnd('south')],
    ['an old name of a region', zone('US/Eastern')],
    ['a target of a year', target(365, 'calendar_days')],
    ['a target of a year of work', target(365, 'business_days')],
    [
      'a rule for each priority',
      version(
        'rules',
        ['routine', 'urgent', 'asap', 'stat'].map((priority) => ({
          match: { priority: [priority] },
          clocks: defaultPolicy().versions[0]?.rules[0]?.clocks,
        })),
      ),
    ],
    [
      'a rule for each site',
      version(
        'rules',
        ['north', 'south'].map((site) => ({
          match: { site: [site] },
          clocks: defaultPolicy().versions[0]?.rules[0]?.clocks,
        })),
      ),
    ],
    ['an alias that is its own name', directory('practices/0/aliases', ['First Family Practice'])],
    ['a sensitive specialty like nothing else', organization('sensitiveSpecialties', ['sleep lab', 'urology'])],
    [
      'specialties in a crosswalk that nothing else names, and a sensitive one in capital letters',
      dialects('defaults/crosswalks/specialty', {
        ...{ A: 'radiology', B: 'sleep lab', C: 'cardiology', D: 'BEHAVIORAL_HEALTH' },
      }),
    ],
    ['a link on this machine', url('http://localhost:8080/{referralId}')],
  ])('may have %s', async (_, spoil) => {
    expect(await findings(spoil)).toEqual({ code: 0, printed: [] });
  });
});

describe('A long list', () => {
  const many = (texts: Texts) => {
    const people = Array.from({ length: 57 }, (_, index) => person(`c-${index}`, 'coordinator', { emial: 'x' }));
    directory('people', [...DIRECTORY.people, ...people])(texts);
  };

  it('is cut after 20, and says how many there are and how to see them', async () => {
    const { printed } = await findings(many);
    expect(printed.filter((line) => line.startsWith('error'))).toHaveLength(20);
    expect(printed.at(-1)).toBe('         and 37 more errors; npx loopwatch config validate --all shows them');
  });

  it('is whole with --all and --json', async () => {
    const printed: string[] = [];
    const print = (line: string) => printed.push(line);
    await validateConfig(folder, { json: false, all: true, now: NOW, print });
    expect(printed.filter((line) => line.startsWith('error'))).toHaveLength(57);
    printed.length = 0;
    await validateConfig(folder, { json: true, now: NOW, print });
    expect(JSON.parse(printed.join('\n')).problems).toHaveLength(57);
  });
});
