import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type DialectTryOptions, tryDialect } from '../../../local/cli/dialect-try.ts';
import { organization } from '../../chaos/organization.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

interface Setup {
  /** By name; a name with a slash lies in a folder. */
  files: Record<string, string | Buffer>;
  /** Null: there is no dialects.json. */
  dialects?: object | null;
  options?: Partial<DialectTryOptions>;
}

/** What the command prints and returns of a folder of files. */
async function tried({ files, dialects = { senders: [] }, options = {} }: Setup) {
  const [config, inside] = ['config-', 'files-'].map((name) => mkdtempSync(join(folder, name))) as [string, string];
  for (const [name, part] of Object.entries({ ...organization(), dialects }))
    if (part !== null) writeFileSync(join(config, `${name}.json`), JSON.stringify(part));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(inside, name, '..'), { recursive: true });
    writeFileSync(join(inside, name), text);
  }
  const [printed, errors]: string[][] = [[], []];
  const spy = vi.spyOn(console, 'error').mockImplementation((line) => void errors?.push(String(line)));
  try {
    const members = await tryDialect([inside], { config, ...options }, (line) => printed?.push(line));
    return { members, printed: printed ?? [], text: onOneLine(printed), errors: onOneLine(errors) };
  } finally {
    spy.mockRestore();
  }
}

const onOneLine = (lines: readonly string[] = []): string => lines.join(' ').replace(/\s+/g, ' ');

const order = (id: string, more: object = {}) => ({
  ...{ resourceType: 'ServiceRequest', id, status: 'active', intent: 'order', priority: 'urgent' },
  ...{ authoredOn: '2026-03-02T14:00:00Z', ...more },
});
const referral = (id: string, place = 'HARBOR'): string =>
  [
    `MSH|^~\\&|EPIC|${place}|||20260302090000-0600||REF^I12|M${id}|P|2.5.1`,
    `RF1||||||${id}`,
    'PRD|RP|Example^A|||||1999999901^NPI',
  ].join('\r');

describe('A place in a file', () => {
  it('is called what it counts', async () => {
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [1, 2].map(() => ({ resource: order('a') })) };
    const { printed } = await tried({
      files: {
        'a.ndjson': [bundle, order('b')].map((each) => JSON.stringify(each)).join('\n'),
        'b.json': JSON.stringify(bundle),
        'c.hl7': `${referral('c')}\r${referral('d')}`,
      },
      options: { all: true },
    });
    const places = printed.flatMap((line) => /^ {2}((?:line|entry|message) [\w ]*\d)\b/.exec(line)?.[1] ?? []);
    expect(places).toEqual([
      ...['line 1 entry 1', 'line 1 entry 2', 'line 2'],
      ...['entry 1', 'entry 2', 'message 1', 'message 2'],
    ]);
  });
});

describe('A file in a wrong encoding', () => {
  it('is refused with its place and what to do, and the others are tried', async () => {
    const latin = (id: string): Buffer => Buffer.from(`{\n"id": "${id}", "x": "Zo\xeb" }\n`, 'latin1');
    const { members, text } = await tried({
      files: {
        'a.json': latin('a'),
        'b.ndjson': Buffer.concat([Buffer.from(`${JSON.stringify(order('b'))}\n`), latin('c')]),
        'c.json': JSON.stringify(order('d')),
      },
    });
    expect(members.map(({ outcome, position }) => [outcome, position]).sort()).toEqual([
      ...[
        ['refused', 2],
        ['refused', 2],
        ['refused', 3],
      ],
      ...[
        ['translated', 1],
        ['translated', 1],
      ],
    ]);
    expect(text).toContain('a.json');
    const remedy = 'save the file as UTF-8';
    expect(text).toContain(`the file is not utf-8: a byte of line 2 is none of its characters (column 20); ${remedy}`);
    expect(text).toContain(`is not utf-8: a byte in column 20 is none of its characters; ${remedy}`);
  });
});

describe('What a folder holds beside its files', () => {
  it('is named by its ending, and a file that holds nothing too', async () => {
    const good = JSON.stringify(order('a'));
    const { members, errors } = await tried({
      files: {
        ...{ 'a.json': good, 'b.dat': good, 'c.hl7.GZ': good, d: good, 'day/e.json': good, '.hidden': '' },
        ...{ 'f.hl7': '', 'g.ndjson': '\n\n', 'h.json': '[]', 'a.json.dev.sent': '{}' },
      },
    });
    expect(members).toHaveLength(1);
    expect(errors).toBe('not read 3 files (.dat 1, .gz 1, no ending 1), 1 subfolder, 3 empty files');
  });
});

describe('The sender of a message', () => {
  const epic = { name: 'epic', match: { 'MSH-4.1': 'HARBOR' }, crosswalks: { priority: { U: 'urgent' } } };
  const urgent = (id: string, place: string): string => `${referral(id, place)}`.replace('RF1|', 'RF1||U');
  const dialects = (...senders: object[]) => ({ defaults: { timeZone: 'UTC' }, senders });

  it.each<[string, Setup, string]>([
    ["the file's name", { files: { 'epic_1.hl7': referral('a') } }, "sender epic (by the file's name)"],
    ['match', { files: { 'in_1.hl7': referral('a') } }, 'sender epic (by match)'],
    ['--sender', { files: { 'in_1.hl7': referral('a') }, options: { sender: 'epic' } }, 'sender epic (by --sender)'],
  ])('is said, and that it was found by %s', async (_, setup, said) => {
    const { text } = await tried({ ...setup, dialects: dialects(epic) });
    expect(text).toContain(said);
    expect(text).not.toContain('Senders');
  });

  it('that only the name of a file finds is told from one that its match finds', async () => {
    const files = { 'epic_1.hl7': `${referral('a', 'SEAVIEW')}\r${referral('b', '')}` };
    const { text } = await tried({ files, dialects: dialects(epic) });
    expect(text).toContain(
      `The match of epic isn't met by 1 message: MSH-4.1 is "SEAVIEW" (message 1). Here the file's name says whose they are;`,
    );
    expect(text).toContain(`The match of epic isn't met by 1 message: MSH-4.1 is empty (message 2).`);
  });

  it('of FHIR is looked for at the endpoint', async () => {
    const own = { name: 'own', match: { endpoint: 'https://fhir.example.org' } };
    const header = (endpoint: string) => ({ resourceType: 'MessageHeader', source: { endpoint } });
    const bundle = (endpoint: string): string =>
      JSON.stringify({
        ...{ resourceType: 'Bundle', type: 'message' },
        entry: [header(endpoint), order('a')].map((resource) => ({ resource })),
      });
    const met = await tried({ files: { 'own.json': bundle('https://fhir.example.org') }, dialects: dialects(own) });
    expect(met.text).not.toContain('Senders');
    const unmet = await tried({ files: { 'own.json': bundle('https://example.org') }, dialects: dialects(own) });
    expect(unmet.text).toContain("The match of own isn't met by 2 messages: no MessageHeader has its endpoint");
  });

  it('is known by nothing where there is no dialects.json, which is said', async () => {
    const files = { 'in.hl7': referral('a') };
    const { text } = await tried({ files, dialects: null });
    expect(text).toContain('The configuration has no dialects.json: codes are taken as they were sent');
    expect(text).toContain('{ "defaults": { "timeZone": "America/New_York" }, "senders": [] }');
    expect((await tried({ files })).text).not.toContain('has no dialects.json');
  });

  it('without an entry is called that where others have one, and gets one offered', async () => {
    const files = { 'in.hl7': `${urgent('a', 'SEA VIEW')}\r${referral('b', 'SEA VIEW').replace('EPIC', 'SCRIBE')}` };
    const { text, printed } = await tried({ files, dialects: dialects(epic) });
    expect(text).toContain('sender hl7v2:/SEA%20VIEW/EPIC (without an entry) and');
    expect(text).toContain(
      'No entry of dialects.json fits 2 messages of MSH-4.1 SEA VIEW, MSH-3.1 EPIC and of MSH-4.1 SEA VIEW, MSH-3.1 SCRIBE (messages 1, 2). Senders there: epic (MSH-4.1 HARBOR).',
    );
    expect(printed).toContain('  { "name": "sea-view", "match": { "MSH-4.1": "SEA VIEW" } }');
    expect(text).toContain('referral.received.priority "U" 1 message: no entry, but epic has one');
    expect(text).not.toContain('Add to "defaults"');
    expect(printed.filter((line) => [...line].length > 80)).toEqual([]);
    expect((await tried({ files, dialects: dialects() })).text).not.toContain('Senders');
  });
});

describe('A message with a document that is too large for the queue', () => {
  const PDF = 'JVBERi0xLjQ'.repeat(250_000);
  const note = [
    'MSH|^~\\&|EPIC|HARBOR|||20260303090000-0600||MDM^T02|M2|P|2.5.1',
    ...['TXA|1|CN|||20260303090000-0600|||||||DOC1|||||AU', 'ORC|RE|r-1', `OBX|1|ED|PDF||^^PDF^Base64^${PDF}`],
  ].join('\r');
  const attachment = {
    ...{ resourceType: 'DocumentReference', id: 'd', status: 'current', date: '2026-03-03T15:00:00Z' },
    type: { coding: [{ system: 'http://loinc.org', code: '11488-4' }] },
    context: { related: [{ reference: 'ServiceRequest/s' }] },
  };
  const files = (document: string): Setup['files'] => ({
    'a.hl7': `${referral('r-1')}\r${note.replace(PDF, document)}`,
    'b.ndjson': [order('s'), { ...attachment, content: [{ attachment: { data: document } }] }]
      .map((each) => JSON.stringify(each))
      .join('\n'),
  });

  it('comes to what it comes to without it', async () => {
    const dialects = { defaults: { timeZone: 'UTC', role: 'referring' }, senders: [] };
    const [large, small] = await Promise.all(
      [PDF, 'JVBERi'].map(files).map((each) => tried({ files: each, dialects })),
    );
    const shown = (all: typeof large) => all?.members.map(({ file: _, ...each }) => each);
    expect(shown(large)).toEqual(shown(small));
    expect(large?.members.map(({ outcome }) => outcome)).toEqual(Array(4).fill('translated'));
  });
});
