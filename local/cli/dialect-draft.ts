import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { dialectsSchema } from '../../shared/contracts/dialects.ts';
import { FILL_IN } from '../../shared/contracts/fill-in.ts';
import { columnsOf } from '../../shared/intake/dialects/csv/columns.ts';
import { translateCsv } from '../../shared/intake/dialects/csv/translate-csv.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import { type Draft, type DraftFile, draftMapping } from '../draft/draft-mapping.ts';
import { guessText } from '../draft/guess-text.ts';
import type { KnownWords } from '../draft/known-words.ts';
import { InputError } from '../pipeline/input-error.ts';
import { CSV_FILES } from '../pipeline/input-paths.ts';
import { wrap } from './columns.ts';
import { checkNewFile, writeNewFile } from './new-file.ts';
import type { Print } from './print.ts';
import { quoted } from './shell-word.ts';

export interface DraftOptions {
  sender?: string | undefined;
  /** Words of the configuration that the draft is for. */
  known?: KnownWords | null;
  /** The file to write. Absent: the draft is printed. */
  out?: string | undefined;
}

/** Rows of each file that the draft is tried on. */
const TRIED_ROWS = 1_000;
const WIDTH = 78;

/**
 * `loopwatch dialect draft FILE...`: prints or writes a `dialects.json` to start from, and says beside it what was guessed
 * and what a person has to fill in. Of the files it shows the names of columns, values of coded columns that more than one
 * row has, and words for statuses and reasons that it knows.
 * @param paths exports of one sender, or folders of them
 * @param remark takes lines that don't belong to the file
 */
export function draftDialect(
  paths: readonly string[],
  { sender: said, known = null, out }: DraftOptions,
  { print, remark }: { print: Print; remark: Print },
): void {
  // First: whoever can't have the file needn't read what would be in it.
  if (out !== undefined) checkNewFile(out);
  const found = paths.map(exportsIn);
  const files = found
    .flatMap(({ exports }) => exports)
    .map((path): DraftFile => {
      const bytes = readFileSync(path);
      refuseOther(path, bytes);
      return { path, text: textOf(path, bytes) };
    });
  const sender = said ?? senderOf(files);
  const draft = draftMapping(files, sender, known);
  const others = found.flatMap(({ others }) => others).map((path) => basename(path));
  if (others.length > 0)
    draft.todo.push(`Left out, as their names begin otherwise than those of the other files: ${others.join(', ')}.`);
  const outside = files.map(({ path }) => basename(path)).filter((name) => !name.startsWith(sender));
  if (outside.length > 0)
    draft.todo.push(
      `Names of files that don't begin with "${sender}": ${outside.join(', ')}. Say --sender ${quoted(sender)} with each command that reads them, or name them so.`,
    );
  for (const line of remarks(files, draft, tried(draft, files))) remark(withoutControls(line));
  const text = JSON.stringify(draft.dialects, null, 2);
  if (out === undefined) print(text);
  else {
    writeNewFile(out, `${text}\n`);
    print(`${withoutControls(out)}: written`);
  }
}

/** Throws an InputError that names the file. */
function textOf(path: string, bytes: Uint8Array): DraftFile['text'] {
  try {
    return guessText(bytes);
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : error}`);
  }
}

interface Found {
  exports: string[];
  /** Files of the folder that seem to be no exports of this sender. */
  others: string[];
}

/**
 * The exports of a folder by name, which is by date if names end with one: where most names begin alike, only those. A file
 * stands for itself.
 */
function exportsIn(path: string): Found {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new InputError(`${path}: no such file or folder`);
  if (!found.isDirectory()) return { exports: [path], others: [] };
  const inside = readdirSync(path)
    .sort()
    .filter((name) => CSV_FILES.includes(extname(name).toLowerCase()))
    .map((name) => join(path, name));
  const alike = [...Map.groupBy(inside, stemOf).values()].sort((a, b) => b.length - a.length);
  const [most, second] = alike;
  if (most === undefined) throw new InputError(`${path}: holds no file that ends in ${CSV_FILES.join(', ')}`);
  const exports = most.length === second?.length ? inside : most;
  return { exports, others: inside.filter((each) => !exports.includes(each)) };
}

/** A file in another dialect needs no mapping. @throws InputError that says what to do with it */
function refuseOther(path: string, bytes: Uint8Array): void {
  const text = Buffer.from(bytes.subarray(0, 1_000)).toString('utf8');
  const other = OTHERS.find(({ head }) => head.test(text));
  if (!other) return;
  throw new InputError(
    `${path}: is ${other.name}, and drafts are for CSV; it needs no mapping. See docs/integrations/${other.page}, and what becomes of it: \`npx loopwatch dialect try ${quoted(path)} --config DIR\``,
  );
}

const OTHERS = [
  { name: 'HL7 v2', page: 'hl7v2.md', head: /^[\s\uFEFF]*(?:MSH|FHS|BHS)[^A-Za-z0-9\s]/ },
  { name: 'JSON, as FHIR is', page: 'fhir.md', head: /^[\s\uFEFF]*(?:\{|\[\s*\{)/ },
];

/** How the name of a file begins, without its date. */
const stemOf = (path: string): string => basename(path, extname(path)).replace(/[-_ ]*\d[\d_T-]*$/, '');

/** How the names of files begin, without their dates. */
function senderOf(files: readonly DraftFile[]): string {
  const stems = files.map(({ path }) => stemOf(path));
  return stems.sort((a, b) => a.length - b.length)[0] || 'export';
}

/** What becomes of the first rows of each file with the draft as it is. */
function tried({ dialects }: Draft, drafted: readonly DraftFile[]): string[] {
  const [{ name: sender }] = dialects.senders;
  const read = dialectsSchema.parse(dialects);
  const mapping = read.senders[0]?.csv;
  const lacking = mapping ? columnsOf(mapping).filter((column) => column.startsWith(FILL_IN)) : [];
  if (lacking.length > 0)
    return [
      `Not tried yet: no row can be read before ${lacking.map((each) => `"${each}"`).join(' and ')} has its column.`,
    ];
  let rows = 0;
  // What is read in another encoding than the mapping's would be refused whole.
  const misread = drafted.filter(({ text }) => mapping?.encoding === 'utf-8' && text.encoding !== 'utf-8');
  const members = drafted.flatMap((file) => {
    const { path, text } = file;
    const { table } = text;
    if (misread.includes(file)) return [];
    const own = table.rows.slice(0, TRIED_ROWS);
    rows += own.length;
    const body = table.head.text + own.map(({ text }) => text).join('');
    const place = { dialect: 'csv', sender, file: basename(path), position: 1 } as const;
    return translateCsv(body, { dialects: read, timeZone: 'UTC', origin: { ...place, exportedAt: 0, arrivedAt: 0 } });
  });
  const count = (outcome: string): number => members.filter((member) => member.outcome === outcome).length;
  const refused = members.filter((member) => member.outcome === 'refused');
  const ofKind = refused.filter(({ kind }) => kind === 'file').length;
  const files = ofKind + misread.length;
  const refusals = Map.groupBy(refused, ({ detail }) => detail);
  const whole = files === 0 ? '' : `, and ${plural(files, 'file')} refused whole`;
  return [
    `Tried on ${plural(rows, 'row')}: ${count('translated')} translated, ${count('passed_over')} passed over, ${refused.length - ofKind} refused${whole}.`,
    ...misread.map(({ path }) => `Refused whole: ${basename(path)}, which isn't ${mapping?.encoding}.`),
    ...[...refusals].slice(0, 5).map(([detail, own]) => `Refused ${own.length}: ${detail}.`),
  ];
}

function remarks(files: readonly DraftFile[], { guessed, todo, codes }: Draft, outcome: readonly string[]): string[] {
  const paragraph = (text: string, mark: string): string[] =>
    wrap(text.split(' '), WIDTH - mark.length).map(
      (line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line,
    );
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.flatMap((line) => paragraph(line, '  - ')), ''];
  const lists = codes.map(({ column, values, notShown }) => {
    const shown = values.map(([value, times]) => `${value} (${times})`).join(', ');
    return `${column}: ${[shown, notShown === 0 ? '' : `${notShown} more that one row has, not shown`].filter(Boolean).join('; ')}`;
  });
  return [
    ...paragraph(`Draft for ${namesOf(files)}. Read it before you use it.`, ''),
    '',
    ...section('What was guessed', guessed),
    ...section('Values of coded columns', lists),
    ...section('What you have to look at', todo),
    ...section('With this draft', outcome),
  ];
}

function namesOf(files: readonly DraftFile[]): string {
  const names = files.map(({ path }) => basename(path));
  return names.length < 3 ? names.join(' and ') : `${names.length} files, ${names[0]} to ${names.at(-1)}`;
}
