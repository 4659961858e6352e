import { type CsvMapping, type Emit, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { columnsOf, complaintOfNames } from '../../shared/intake/dialects/csv/columns.ts';
import { isOfDayOnly } from '../../shared/intake/dialects/csv/dates.ts';
import { type RawRow, readTable, type Table } from '../../shared/intake/dialects/csv/read-rows.ts';
import { senderNamed } from '../../shared/intake/dialects/sender.ts';
import { profileOf } from '../draft/profile.ts';
import { type Roles, rolesOf } from '../draft/roles.ts';
import type { InputLine } from '../pipeline/input-files.ts';
import { type EmitEntry, emitEntry, needsNone, type TypeEntry, typeEntry } from './emit-entries.ts';
import type { Tried, TryConfig } from './try-messages.ts';

/** What of a CSV file its mapping leaves unsaid. */
export interface CsvGaps {
  file: string;
  sender: string;
  /** Columns that nothing reads. */
  columns: readonly string[];
  /** Emits that made no event of any row, such as `emit[3] referral.closed`. */
  silent: readonly string[];
  /** Required fields that the mapping names no column for, such as `referral.received.priority`. */
  unfilled: readonly string[];
  /** Whether the name of the file says a day and no time for the export. */
  isOfDayOnly: boolean;
  /** Lines of rows whose key another row of the file has, which differs: a key has to identify a row. */
  twice: readonly number[];
  /** Lines that look like UTF-8, though they are read in another encoding. */
  misread: readonly number[];
  /** Values of columns that say how far a row has come, which no emit reads, the most frequent first. */
  values: readonly UnreadValue[];
}

export interface UnreadValue {
  column: string;
  /** As it first stands in the file. */
  value: string;
  rows: number;
  /** What would read it. Null: it seems to need none, as nothing happened, or other columns of its rows say what. */
  entry: EmitEntry | TypeEntry | null;
}

/** A file with its rows, numbered as they were tried. */
interface CsvFile {
  file: string;
  sender: string;
  mapping: CsvMapping;
  head: Table['head'];
  rows: RawRow[];
}

/** What the mappings of CSV files leave unsaid, a file each; without a mapping, or with a column missing, there is none. */
export function csvGaps(lines: readonly InputLine[], tried: readonly Tried[], config: TryConfig): CsvGaps[] {
  const places = Map.groupBy(tried, ({ file, position }) => `${position} ${file}`);
  return filesOf(lines, config).map((file): CsvGaps => {
    const madeOf = ({ line }: RawRow) => (places.get(`${line} ${file.file}`) ?? []).flatMap(({ events }) => events);
    const made = new Set(file.rows.flatMap(madeOf).map(({ row }) => row));
    const { mapping, head, sender } = file;
    const read = columnsOf(mapping).map((column) => column.trim());
    const emits = mapping.kind === 'states' ? mapping.emit.map(({ type }, index) => `emit[${index}] ${type}`) : [];
    return {
      ...{ file: file.file, sender },
      columns: head.names.filter((name) => name !== '' && !read.includes(name)),
      silent: emits.filter((name) => !made.has(name)),
      unfilled: unfilledIn(
        mapping,
        tried.filter((each) => each.file === file.file),
      ),
      isOfDayOnly: isOfDayOnly(mapping, file.file),
      twice: sameKeys(file),
      misread: (mapping.encoding ?? UTF_8) === UTF_8 ? [] : file.rows.filter(isUtf8).map(({ line }) => line),
      values: unreadValues(file, (row) => new Set(madeOf(row).map(({ type }) => type))),
    };
  });
}

const UTF_8 = 'utf-8';
/** What UTF-8 makes of a character beyond ASCII, read as Windows-1252 or ISO 8859-1: `Ã©` for é. */
const NEXT = '[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]';
const SEQUENCES = new RegExp(`[\u00c2-\u00df]${NEXT}|[\u00e0-\u00ef]${NEXT}{2}|[\u00f0-\u00f4]${NEXT}{3}`, 'g');

/** Whether all that is beyond ASCII in a row can only be UTF-8. */
function isUtf8({ text }: RawRow): boolean {
  const rest = text.replace(SEQUENCES, '');
  return rest.length < text.length && /^[\0-\x7f]*$/.test(rest);
}

function sameKeys({ mapping, head, rows }: CsvFile): number[] {
  if (mapping.kind !== 'states' || mapping.key === undefined) return [];
  const places = mapping.key.map((column) => head.names.indexOf(column.trim()));
  const whole = rows.filter(({ cells }) => cells?.length === head.names.length);
  const keyOf = ({ cells }: RawRow): string => JSON.stringify(places.map((place) => cells?.[place]?.trim()));
  const groups = [...Map.groupBy(whole, keyOf).values()];
  return groups
    .filter((own) => new Set(own.map(({ text }) => text.trim())).size > 1)
    .flatMap((own) => own.map(({ line }) => line));
}

/** Of the fields that members lack those that no emit of their type fills. */
function unfilledIn(mapping: CsvMapping, tried: readonly Tried[]): string[] {
  const rules = mapping.kind === 'states' ? mapping.emit : [mapping];
  const isFilled = (field: string): boolean =>
    rules.some(({ type, data = {} }) =>
      Object.keys(data).some(
        (each) => field.endsWith(`.${each}`) && (typeof type !== 'string' || field.startsWith(`${type}.`)),
      ),
    );
  return [...new Set(tried.flatMap(({ missing }) => missing))].filter((field) => !isFilled(field));
}

function filesOf(lines: readonly InputLine[], { dialects = NO_DIALECTS }: TryConfig): CsvFile[] {
  const ofCsv = lines.filter(({ attributes }) => attributes?.dialect === 'csv');
  return [...Map.groupBy(ofCsv, ({ file }) => file)].flatMap(([file, parts]): CsvFile[] => {
    const sender = parts[0]?.attributes?.sender ?? '';
    const mapping = senderNamed(dialects, sender)?.csv;
    if (!mapping) return [];
    const tables = parts.flatMap(({ body, position }) => {
      const table = readTable(body, mapping.delimiter ?? ',');
      return table ? [{ ...table, rows: table.rows.map((row) => ({ ...row, line: row.line + position - 1 })) }] : [];
    });
    const head = tables[0]?.head;
    if (!head || complaintOfNames(head.names, columnsOf(mapping)) !== null) return [];
    return [{ file, sender, mapping, head, rows: tables.flatMap(({ rows }) => rows) }];
  });
}

function unreadValues({ mapping, head, rows }: CsvFile, typesOf: (row: RawRow) => ReadonlySet<string>): UnreadValue[] {
  const roles = rolesOf(profileOf({ delimiter: '', head, rows }));
  const read = readValues(mapping, roles);
  return [...read].flatMap(([column, wanted]) => {
    const place = head.names.indexOf(column);
    const cells = rows.flatMap((row) => {
      const value = row.cells?.length === head.names.length ? (row.cells[place] ?? '').trim() : '';
      return value === '' || wanted.has(value.toLowerCase()) ? [] : [{ value, row }];
    });
    const byValue = [...Map.groupBy(cells, ({ value }) => value.toLowerCase()).values()];
    return byValue
      .sort((a, b) => b.length - a.length)
      .map((own): UnreadValue => {
        const { value } = own[0] as (typeof cells)[number];
        const found = { column, value, rows: own.length };
        if (mapping.kind === 'events' && column === mapping.type.column.trim())
          return { ...found, entry: typeEntry(value) };
        const types = own.map(({ row }) => typesOf(row));
        const isSaid = needsNone({ column, value }, types, roles);
        return { ...found, entry: isSaid ? null : emitEntry({ column, value }, roles) };
      });
  });
}

/**
 * The columns whose values decide what happens, or seem to, and the values that the mapping reads or knows to mean nothing,
 * in small letters.
 */
function readValues(mapping: CsvMapping, { statuses }: Roles): Map<string, Set<string>> {
  const read = new Map(statuses.map(({ name }) => [name, new Set<string>()]));
  const add = (column: string, values: readonly string[]): void => {
    const own = read.get(column.trim()) ?? new Set<string>();
    for (const value of values) own.add(value.trim().toLowerCase());
    read.set(column.trim(), own);
  };
  const conditions = (when: Emit['when']): void => {
    for (const [column, values] of Object.entries(when ?? {})) add(column, [values].flat());
  };
  conditions(mapping.noEvent);
  switch (mapping.kind) {
    case 'states':
      for (const { when } of mapping.emit) conditions(when);
      return read;
    case 'events':
      add(mapping.type.column, Object.keys(mapping.type.values));
      conditions(mapping.when);
      return read;
  }
}
