import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { addHolidays, type HolidaysOptions } from '../../../local/cli/config-holidays.ts';
import { withHolidays } from '../../../local/cli/edit-holidays.ts';
import { at } from '../../builders/instants.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

const folder = temporaryFolder();
const file = join(folder, 'days.ics');
const path = join(folder, 'directory.json');
const NOW = at('2026-03-02T12:00:00Z');

const directory = (sites: string): string => `{
  "organization": {
    "name": "Example", "timeZone": "America/New_York",
    "operationsMailbox": "operations@example.org", "sender": "loopwatch@example.org",
    "allowedDomains": ["example.org"]
  },
  "sites": [
${sites}
  ],
  "practices": [],   "people": []
}
`;
const NORTH = (holidays: string): string =>
  `    { "id": "north", "name": "North", "timeZone": "America/New_York"${holidays} }`;
const SOUTH = `    {
      "id": "south",
      "name": "South",
      "timeZone": "America/New_York"
    }`;

const day = (date: string, title: string): string[] => [
  'BEGIN:VEVENT',
  `UID:${title}`,
  `DTSTART;VALUE=DATE:${date}`,
  `SUMMARY:${title}`,
  'END:VEVENT',
];
const calendar = (...events: string[][]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events.flat(), 'END:VCALENDAR'].join('\r\n');

beforeEach(() => {
  writeFileSync(file, calendar(day('20261225', 'Christmas'), day('20260704', 'Independence Day')));
  writeFileSync(path, directory(`${NORTH(', "holidays": ["2026-12-25"]')},\n${SOUTH}`));
});

async function add(options: Partial<HolidaysOptions> = {}): Promise<string[]> {
  const printed: string[] = [];
  await addHolidays(
    file,
    { site: 'north', config: folder, ...options },
    { now: NOW, print: (line) => printed.push(line) },
  );
  return printed;
}

describe('loopwatch config holidays', () => {
  it('adds what is missing, in order, leaves the rest of the file as it is, and says what it did', async () => {
    expect(await add()).toEqual([
      'added  2026-07-04 Sat  Independence Day',
      `${path}: 1 holiday from 2026-01-01 to 2027-12-31 added to north, 1 known already`,
    ]);
    expect(readFileSync(path, 'utf8')).toBe(
      directory(`${NORTH(', "holidays": ["2026-07-04", "2026-12-25"]')},\n${SOUTH}`),
    );
  });

  it('gives a site a list that has none', async () => {
    await add({ site: 'south' });
    const south = SOUTH.replace('York"\n', 'York",\n      "holidays": ["2026-07-04", "2026-12-25"]\n');
    expect(readFileSync(path, 'utf8')).toBe(directory(`${NORTH(', "holidays": ["2026-12-25"]')},\n${south}`));
  });

  it('adds nothing twice, and then leaves the file alone', async () => {
    await add();
    const before = statSync(path).mtimeMs;
    expect(await add()).toEqual([`${path}: no holidays from 2026-01-01 to 2027-12-31 added to north, 2 known already`]);
    expect(statSync(path).mtimeMs).toBe(before);
  });

  it('can be asked what it would do', async () => {
    const before = readFileSync(path, 'utf8');
    expect(await add({ dryRun: true })).toEqual([
      'would add  2026-07-04 Sat  Independence Day',
      `${path}: 1 holiday from 2026-01-01 to 2027-12-31 would be added to north, 1 known already`,
    ]);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('looks at the dates that it is given, and says it as JSON', async () => {
    const [text] = await add({ from: '2026-08-01', until: '2026-12-24', json: true });
    expect(JSON.parse(text ?? '')).toEqual({
      ...{ file: path, site: 'north', from: '2026-08-01', until: '2026-12-24' },
      ...{ added: [], leftOut: [], known: 0, dryRun: false },
    });
  });

  it('names what it leaves out', async () => {
    writeFileSync(
      file,
      calendar([
        'BEGIN:VEVENT',
        'UID:x',
        'DTSTART:20261224T120000',
        'DTEND:20261224T170000',
        'SUMMARY:Early',
        'END:VEVENT',
      ]),
    );
    expect((await add())[0]).toBe('left out  2026-12-24 Thu  Early: only part of a day');
  });
});

describe('what stops it is said in words, and changes nothing', () => {
  it.each<[string, () => Promise<unknown> | unknown, RegExp]>([
    ['an unknown site', () => add({ site: 'west' }), /directory\.json: no site west; expected one of north, south$/],
    [
      'a missing calendar',
      () => addHolidays(join(folder, 'no.ics'), { site: 'north', config: folder }, { now: NOW, print: () => {} }),
      /no\.ics: no such file$/,
    ],
    ['a missing directory', () => add({ config: join(folder, 'none') }), /there is no folder /],
    [
      'no calendar',
      () => {
        writeFileSync(file, 'Christmas: 25 December');
        return add();
      },
      /days\.ics: is no iCalendar file: /,
    ],
    [
      'a directory that is not in order',
      () => {
        writeFileSync(path, '{"sites": [{"id": "north"}]}');
        return add();
      },
      /directory\.json organization: missing - expected an object/,
    ],
  ])('%s', async (_, run, message) => {
    await expect(Promise.resolve().then(run)).rejects.toThrow(message);
  });

  it('and wrong usage ends with 2', async () => {
    const { code, stderr } = await loopwatch(['config', 'holidays', file, '--site', 'north', '--from', 'soon']);
    expect(code).toBe(2);
    expect(stderr).toContain('expected a date such as 2026-12-25');
    expect((await loopwatch(['config', 'holidays', file])).stderr).toContain("required option '--site <id>'");
  });
});

describe('the list of holidays in a file', () => {
  const many = Array.from({ length: 12 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}-01`);
  const list = (text: string): string[] => JSON.parse(text.replace(/^\uFEFF/, '')).sites[0].holidays;

  it('takes a line for each date where one line is too short, or where it did before', () => {
    const one = withHolidays('{\n\t"sites": [\n\t\t{ "id": "a", "holidays": [] }\n\t]\n}\n', 0, many);
    expect(one.split('\n').slice(2, 5)).toEqual([
      '\t\t{ "id": "a", "holidays": [',
      '\t\t\t"2026-01-01",',
      '\t\t\t"2026-02-01",',
    ]);
    expect(list(one)).toEqual(many);
    const lines = '{\n  "sites": [{\n    "holidays": [\n      "2025-01-01"\n    ]\n  }]\n}';
    expect(withHolidays(lines, 0, ['2026-01-01'])).toBe(lines.replace('2025', '2026'));
  });

  it.each([
    ['on one line', '{"sites":[{"id":"a","name":"A"}],"practices":[]}'],
    [
      'on Windows',
      '\uFEFF{\r\n  "sites": [\r\n    {\r\n      "id": "a",\r\n      "name": "A"\r\n    }\r\n  ]\r\n}\r\n',
    ],
    ['of a site with one field', '{ "sites": [ { "id": "a" } ] }'],
    ['of a site that has another list', '{ "sites": [ { "id": "a", "hours": { "mon": [["08:00", "12:00"]] } } ] }'],
  ])('is added to a file %s, and nothing else changes', (_, text) => {
    const edited = withHolidays(text, 0, ['2026-01-01', '2026-12-25']);
    expect(list(edited)).toEqual(['2026-01-01', '2026-12-25']);
    const removed = edited.replace(/,\s*"holidays": ?\[[^\]]*\]/, '');
    expect(removed).toBe(text);
    if (text.includes('\r\n')) expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
  });
});
