import type { CsvMapping } from '../../../contracts/dialects.ts';
import { Crosswalks } from '../crosswalk.ts';
import type { Context, Member, Translate } from '../member.ts';
import { type Sender, senderNamed, UNMATCHED_DAYS, unknownSender } from '../sender.ts';
import type { Placed } from '../zoned-time.ts';
import { columnsOf, complaintOfHead } from './columns.ts';
import { noteZone, type Unreadable } from './data.ts';
import { Dates, exportedByName } from './dates.ts';
import { factsOf } from './facts.ts';
import { whyNoMapping } from './no-mapping.ts';
import { plainEvents } from './plain-events.ts';
import { MOST_ROW_CHARACTERS, NO_NAMES, type ReadColumns, readColumns } from './read-columns.ts';
import { type RawRow, readTable, type Table } from './read-rows.ts';
import { keyOf, namedRow, type Row } from './row.ts';
import { faultOfRow, faultText, isTooLong, ROW_COLUMN } from './row-column.ts';

/** `source` where there is no entry: only of what is refused. */
const NO_SENDER = 'csv:/';
/** How the rows of a body are read. */
interface Reading {
  sender: Sender;
  mapping: CsvMapping;
  context: Context;
  table: Table;
  /** Where each column stands. */
  places: ReadonlyMap<string, number>;
  dates: Dates;
  /** By the name of the file, else by who sent it. */
  exportedAt: Placed | null;
  /** What a refused row keeps, so that it can be translated again by itself. */
  kept: ReadColumns;
}

/**
 * Reads rows by the `csv` mapping of their sender, a member each; without one each row is a CloudEvent. Lines count in
 * the file: a body that was cut out of one begins where its row of names would stand, just above its first row.
 * A row's only key is its referral's id: no column names anything else that other dialects would know.
 */
export const translateCsv: Translate = (body, context) => {
  const { dialects, origin } = context;
  const found = origin.sender === null ? null : senderNamed(dialects, origin.sender);
  const sender = found ?? unknownSender(dialects, origin.sender ?? NO_SENDER);
  const mapping = sender.csv;
  const table = readTable(body, mapping?.delimiter ?? ',');
  const whole = {
    position: origin.position,
    kind: 'file',
    sender: sender.name,
    outcome: 'refused',
    kept: body,
  } as const;
  if (!table) return [{ ...whole, reason: 'malformed', detail: NO_NAMES }];
  if (!mapping) {
    const whyNone = whyNoMapping(dialects, origin.sender);
    return plainEvents(table, { sender: sender.name, position: origin.position, whole, whyNone });
  }
  const columns = columnsOf(mapping);
  const fault = complaintOfHead(table, columns);
  if (fault !== null) return [{ ...whole, reason: 'malformed', detail: fault + remedyOf(table) }];
  const dates = new Dates(sender, mapping.dates ?? [], context.timeZone);
  const reading: Reading = {
    ...{ sender, mapping, context, table, dates },
    places: new Map(table.head.names.map((name, index) => [name, index])),
    exportedAt: exportedByName(mapping, origin.file, dates) ?? sentAt(origin),
    kept: readColumns(table, columns, mapping),
  };
  return table.rows.map((raw) => memberOf(raw, reading));
};

/** What to do if columns were left out that nobody read when the file was sent. */
const remedyOf = ({ head: { names } }: Table): string =>
  names.includes(ROW_COLUMN)
    ? '; if the mapping has changed since the file was sent: send the file again, with --again'
    : '';

const sentAt = ({ exportedAt }: Context['origin']): Placed | null =>
  exportedAt === null ? null : { at: exportedAt, isGuessed: false };

type Outcome =
  | { outcome: 'refused'; reason: 'malformed' | 'invalid' | 'too_large'; detail: string; kept: string }
  | { outcome: 'passed_over'; why: string }
  | Pick<
      Extract<Member, { outcome: 'translated' }>,
      | ('outcome' | 'facts' | 'keys' | 'recordedAt' | 'sequence')
      | ('unmapped' | 'missing' | 'unmatchedDays' | 'needsReferral')
    >;

function memberOf(raw: RawRow, reading: Reading): Member {
  const { sender, table, places, context } = reading;
  const position = context.origin.position - 1 + raw.line;
  const outcome = unreadableRow(raw, table) ?? translated(raw, namedRow(position, raw.cells ?? [], places), reading);
  return { position, kind: 'row', sender: sender.name, ...outcome };
}

/** A row that can't be read is kept whole: nobody can tell which of its cells belongs to which column. */
function unreadableRow(raw: RawRow, { head }: Table): Outcome | null {
  const fault = faultOfRow(raw, head.names, MOST_ROW_CHARACTERS);
  if (fault === null) return null;
  const detail = faultText(fault, MOST_ROW_CHARACTERS);
  if (isTooLong(fault)) return { outcome: 'refused', reason: 'too_large', detail, kept: '' };
  return { outcome: 'refused', reason: 'malformed', detail, kept: head.text + raw.text };
}

function translated(raw: RawRow, row: Row, reading: Reading): Outcome {
  const { sender, mapping, dates, kept } = reading;
  const invalid = (detail: string): Outcome => ({
    ...{ outcome: 'refused', reason: 'invalid', detail },
    kept: kept.head + kept.lineOf(raw),
  });
  const referralId = row.cell(mapping.subject);
  if (referralId === '') return invalid(`column ${mapping.subject}: empty, expected the referral's id`);
  const key = keyOf(row, mapping.key ?? []);
  if (key === null) return invalid(`column ${mapping.key?.join(', ')}: empty, expected what identifies the row`);
  const exported = exportedOf(row, reading);
  if (exported !== null && 'fault' in exported) return invalid(exported.fault);
  const exportedAt = exported?.at ?? null;
  const crosswalks = new Crosswalks(sender);
  if (exported?.isGuessed) noteZone(crosswalks, dates);
  const missing = new Set<string>();
  const facts = factsOf(row, { ...{ sender, dates, crosswalks, missing, mapping, key, exportedAt } });
  if ('fault' in facts) return invalid(facts.fault);
  if ('silent' in facts) return { outcome: 'passed_over', why: facts.silent };
  return {
    outcome: 'translated',
    facts,
    keys: { referralId, others: [] },
    recordedAt: exportedAt,
    sequence: '',
    unmapped: crosswalks.unmapped,
    missing: [...missing],
    unmatchedDays: sender.unmatchedDays ?? UNMATCHED_DAYS,
    needsReferral: false,
  };
}

function exportedOf(row: Row, { mapping, dates, exportedAt: ofFile }: Reading): Placed | Unreadable | null {
  const { exportedAt } = mapping;
  if (!exportedAt || !('column' in exportedAt)) return ofFile;
  const text = row.cell(exportedAt.column);
  if (dates.isNone(text)) return ofFile;
  const date = dates.read(text);
  return date ?? { fault: `column ${exportedAt.column}: ${dates.expected}` };
}
