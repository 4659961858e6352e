import { mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../local/pipeline/input-error.ts';
import { readInput } from '../../../local/pipeline/input-files.ts';
import { senderOfFile } from '../../../local/pipeline/sender-of-file.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import type { QuarantineRow } from '../../../shared/contracts/output.ts';
import { sampleConfig } from '../../builders/config.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const order = JSON.stringify({ resourceType: 'ServiceRequest', id: 'sr-1', status: 'active', intent: 'order' });
const event = JSON.stringify(sent('referral.accepted', '03-02 13:00', {}, { subject: 'R-1' }));

it.each([
  ['orders.ndjson', `{"resourceType":"Task","note\nand more"}\n${order}`, ['fhir', 'fhir', 'fhir']],
  ['orders.json', `[{"id":"x"},${order}]`, ['fhir', 'fhir']],
  ['events.ndjson', `{"specversion\n${event}`, [undefined, undefined]],
  ['mixed.ndjson', `${event}\n${order}`, [undefined, 'fhir']],
])('A line of a file that shows no dialect is in that of the others: %s', (name, text, dialects) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  const read = readInput([file], { config: sampleConfig() });
  expect(read.map(({ attributes }) => attributes?.dialect)).toEqual(dialects);
});

describe('an envelope', () => {
  const SENT = '2026-03-02T13:00:00Z';
  const focus = { reference: 'ServiceRequest/r' };
  const booked = { resourceType: 'Task', id: 't', status: 'accepted', focus, meta: { lastUpdated: SENT } };
  const hl7 = 'MSH|^~\\&|E|N|||20260302080000-0500||ADT^A04|M1|P|2.5.1\rPV1|||||||||||||||||||V1\r';
  const sns = (Message: string, attributes: Record<string, string> = {}): string =>
    JSON.stringify({
      ...{ Type: 'Notification', Message },
      MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, Value]) => [name, { Value }])),
    });
  const bus = (detail: unknown): string => JSON.stringify({ 'detail-type': 'x', time: SENT, detail });
  const { policy, directory } = sampleConfig();
  const config = { policy, directory, dialects: dialectsSchema.parse({ senders: [{ name: 'a' }] }) };

  it.each([
    ['topic.ndjson', sns(JSON.stringify(booked)), JSON.stringify(booked), 'fhir'],
    ['topic.json', sns(JSON.stringify(booked)), JSON.stringify(booked), 'fhir'],
    ['bus.json', bus(booked), JSON.stringify(booked), 'fhir'],
    ['both.json', bus(JSON.parse(sns(hl7))), hl7.trim(), 'hl7v2'],
    ['hl7.ndjson', sns(hl7), hl7.trim(), 'hl7v2'],
    ['hl7.hl7', sns(hl7), hl7.trim(), 'hl7v2'],
  ])('is taken off: %s', (name, text, body, dialect) => {
    const file = join(folder, `in-${name}`);
    writeFileSync(file, text);
    const read = readInput([file], { config });
    expect(read).toEqual([{ file, position: 1, body, attributes: { dialect }, arrivesAt: at(SENT) }]);
  });

  it('says whose a message is, and in which dialect, where nothing else does', () => {
    const file = join(folder, 'in-rows.ndjson');
    writeFileSync(
      file,
      `${sns('Ref\nR-1', { dialect: 'csv', sender: 'a', other: 'x' })}\n${sns(hl7, { sender: 'a' })}`,
    );
    expect(readInput([file], { config }).map(({ position, body, attributes }) => [position, body, attributes])).toEqual(
      [
        [1, 'Ref\nR-1', { dialect: 'csv', sender: 'a' }],
        [2, hl7.trim(), { dialect: 'hl7v2', sender: 'a' }],
      ],
    );
  });

  it('of an event is taken off too, so that it arrives when that says', () => {
    const file = join(folder, 'in-events.ndjson');
    writeFileSync(file, sns(event));
    expect(readInput([file], { config })).toEqual([{ file, position: 1, body: event }]);
  });
});

describe('an export', () => {
  const { policy, directory } = sampleConfig();
  const csv = { kind: 'states', delimiter: '\t', subject: 'Ref', emit: [{ type: 'referral.accepted', time: 'At' }] };
  const dialects = dialectsSchema.parse({ defaults: { timeZone: 'UTC' }, senders: [{ name: 'nights', csv }] });
  const config = { policy, directory, dialects };
  const text = 'Ref\tAt\nR-1\t2026-03-02 13:00\n';

  it.each(['nights.csv', 'nights.txt', 'nights.TSV'])('is CSV by the end of its name: %s', (name) => {
    const own = mkdtempSync(join(folder, 'export-'));
    const file = join(own, name);
    writeFileSync(file, text);
    const line = { file, position: 1, body: text, attributes: { dialect: 'csv', sender: 'nights' } };
    expect(readInput([file], { config })).toEqual([{ ...line, arrivesAt: at('2026-03-02T13:00:00Z') }]);
    expect(readInput([own], { config })).toHaveLength(1);
  });

  it('says what its rows lack, row by row', () => {
    const emit = [{ type: 'referral.received', time: 'At', data: { priority: 'P', 'patient.id': 'Ref' } }];
    const lacking = dialectsSchema.parse({ senders: [{ name: 'own', csv: { ...csv, delimiter: ',', emit } }] });
    const file = join(folder, 'own.csv');
    writeFileSync(file, 'Ref,At,P\nR-1,2026-03-02 13:00,\nR-2,2026-03-02 13:00,urgent\n');
    const [line] = readInput([file], { config: { directory, dialects: lacking } });
    const counts = Map.groupBy(line?.missing ?? [], (field) => field.replace('referral.received.', ''));
    expect([...counts].map(([field, each]) => [field, each.length])).toEqual([
      ...[
        ['priority', 1],
        ['specialty', 2],
        ['site', 2],
        ['practice.id', 2],
      ],
    ]);
  });

  it.each(['', '\uFEFF', '\u000b'])('is HL7 v2 if its text is, after %j', (before) => {
    const file = join(folder, 'nights-messages.txt');
    writeFileSync(file, `${before}MSH|^~\\&|E|N|||20260302080000-0500||ADT^A04|M1|P|2.5.1\rPV1|||||||||||||||||||V1\r`);
    expect(readInput([file], { config }).map(({ attributes }) => attributes?.dialect)).toEqual(['hl7v2']);
  });
});

describe('the sender of files', () => {
  const { policy, directory } = sampleConfig();
  const config = { policy, directory, dialects: dialectsSchema.parse({ senders: [{ name: 'a' }, { name: 'ab' }] }) };
  const file = join(folder, 'ab_c.ndjson');

  it('is whose name their own begins with, or as was said', () => {
    writeFileSync(file, order);
    const senders = [{}, { sender: 'a' }].map((said) => readInput([file], { config, ...said })[0]?.attributes?.sender);
    expect(senders).toEqual(['ab', 'a']);
  });

  it.each([
    ['epic_1.hl7', 'epic'],
    ['epic20260302.hl7', 'epic'],
    ['epic.hl7', 'epic'],
    ['epicurean_1.hl7', 'epic'],
    ['lab2_1.csv', 'lab2'],
    ['lab21_1.csv', 'lab'],
    ['lab_1.csv', 'lab'],
    ['laboratory.csv', 'lab'],
    ['own-referrals.csv', 'own-'],
    ['other.csv', null],
  ])('is best where a name ends, else the longest: %s', (name, sender) => {
    const senders = ['lab', 'epic', 'lab2', 'own-', 'é'].map((each) => ({ name: each }));
    expect(senderOfFile(name, dialectsSchema.parse({ senders }))).toBe(sender);
  });

  it('has to have an entry if it is said', () => {
    expect(() => readInput([file], { config, sender: 'abc' })).toThrow(
      new InputError('no sender abc in dialects.json: expected one of a, ab'),
    );
  });
});

describe('A file in a wrong encoding', () => {
  const read = (name: string, bytes: Buffer) => {
    const [file, next] = [join(folder, name), join(folder, 'next.ndjson')];
    writeFileSync(file, bytes);
    writeFileSync(next, event);
    const refused: QuarantineRow[] = [];
    const lines = readInput([file, next], { config: sampleConfig(), refuse: (row) => refused.push(row) });
    return { lines: lines.map(({ file: of, position }) => `${basename(of)} ${position}`), refused };
  };
  const umlaut = (before: string) => Buffer.from(`${before}{"Zo\xeb":1}\n`, 'latin1');

  it.each([
    ['utf16.ndjson', Buffer.from(`\uFEFF${event}`, 'utf16le'), 1, 'utf-16 as it seems'],
    ['no-mark.ndjson', Buffer.from(event, 'utf16le'), 1, 'utf-16 as it seems'],
    ['utf16.json', Buffer.from(`\uFEFF${order}`, 'utf16le'), 1, 'byte order mark of utf-16le'],
    ['latin.json', umlaut('\n'), 2, 'a byte of line 2 is none of its characters'],
    ['latin.csv', umlaut('a\n\n'), 3, 'a byte of line 3 is none of its characters; csv.encoding of its sender'],
    ['utf16.csv', Buffer.from('\uFEFFa\n', 'utf16le'), 1, 'byte order mark of utf-16le'],
  ])('is refused with its place, and the others are read: %s', (name, bytes, position, detail) => {
    const { lines, refused } = read(name, bytes);
    expect(lines).toEqual(['next.ndjson 1']);
    expect(refused).toMatchObject([{ reason: 'malformed', file: join(folder, name), position }]);
    expect(refused[0]?.detail).toContain(detail);
  });

  it('loses only the line if its lines stand for themselves', () => {
    const { lines, refused } = read(
      'lines.ndjson',
      Buffer.concat([Buffer.from(`${event}\r\n`), umlaut(''), Buffer.from(event)]),
    );
    expect(lines).toEqual(['lines.ndjson 1', 'lines.ndjson 3', 'next.ndjson 1']);
    expect(refused).toMatchObject([
      { position: 2, detail: 'is not utf-8: a byte in column 5 is none of its characters; save the file as UTF-8' },
    ]);
  });

  it('ends the reading where nobody takes what is refused', () => {
    const file = join(folder, 'alone.json');
    writeFileSync(file, umlaut(''));
    expect(() => readInput([file], { config: sampleConfig() })).toThrow(`${file} line 1: the file is not utf-8`);
  });
});

it('A byte order mark is no part of the first line', () => {
  const file = join(folder, 'marked.ndjson');
  writeFileSync(file, `\uFEFF${event}\n`);
  expect(readInput([file], { config: sampleConfig() }).map(({ body }) => body)).toEqual([event]);
});

it('A row of a CSV of events arrives when its event says', () => {
  const file = join(folder, 'events.csv');
  const head = 'specversion,id,source,type,subject,time,data';
  writeFileSync(file, `${head}\n1.0,e-1,urn:test,referral.accepted,R-1,2026-03-02T13:00:00Z,{}\n`);
  const config = { ...sampleConfig(), dialects: dialectsSchema.parse({ defaults: { timeZone: 'UTC' }, senders: [] }) };
  expect(readInput([file], { config }).map(({ arrivesAt }) => arrivesAt)).toEqual([at('2026-03-02T13:00:00Z')]);
});
