import type { RowView } from '../blocks.ts';

/** A row with where it stands in the mail. */
export interface ListedRow {
  /** The section's title. */
  section: string;
  /** The referring practice that it stands under, in a liaison's mail. Null: none. */
  practice: string | null;
  row: RowView;
}

interface Column {
  name: string;
  of: (listed: ListedRow) => string | null;
  /** Left out of a file in which it is empty throughout: not every mail has it. */
  optional?: boolean;
}

const COLUMNS: readonly Column[] = [
  { name: 'Section', of: ({ section }) => section },
  { name: 'Practice', of: ({ practice }) => practice, optional: true },
  { name: 'State', of: ({ row }) => row.standing },
  { name: 'Marks', of: ({ row }) => row.cells.marks },
  { name: 'Priority', of: ({ row }) => row.priority },
  { name: 'Referral', of: ({ row }) => row.id },
  { name: 'Link', of: ({ row }) => row.url, optional: true },
  { name: 'Initials', of: ({ row }) => row.initials, optional: true },
  { name: 'What to do', of: ({ row }) => row.action },
  { name: 'How late', of: ({ row }) => row.state },
  { name: 'Due', of: ({ row }) => row.cells.due },
  { name: 'Days over', of: ({ row }) => row.cells.daysOver },
  { name: 'Attempts', of: ({ row }) => row.cells.attempts },
  { name: 'Specialty', of: ({ row }) => row.cells.specialty },
  { name: 'Site', of: ({ row }) => row.cells.site },
  { name: 'Also open', of: ({ row }) => row.cells.alsoOpen },
  { name: 'Owner', of: ({ row }) => row.cells.owner },
];

/**
 * Rows as a file for a spreadsheet, in their order below a row of names: RFC 4180, in UTF-8 with the mark by which Excel
 * knows it. It says what the mail's rows say and no more.
 */
export function rowsCsv(listed: readonly ListedRow[]): Uint8Array {
  const table = COLUMNS.map(({ name, of, optional = false }) => ({
    name,
    cells: listed.map((each) => harmless(of(each) ?? '')),
    optional,
  })).filter(({ cells, optional }) => !optional || cells.some((cell) => cell !== ''));
  const lines = [
    table.map(({ name }) => name),
    ...listed.map((_, index) => table.map(({ cells }) => cells[index] ?? '')),
  ].map((cells) => `${cells.map(quoted).join(',')}\r\n`);
  return new TextEncoder().encode(`${BYTE_ORDER_MARK}${lines.join('')}`);
}

const BYTE_ORDER_MARK = '\ufeff';
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/**
 * Where a cell begins, or may begin, before what spreadsheets take for a formula, be it behind white space or quotes.
 * Excel separates cells by semicolons in many languages, and then a quote within a cell doesn't keep it together.
 */
const FORMULAS = /(^|[;\t\r\n|])(?=[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** A text that no spreadsheet takes for a formula: with an apostrophe before it, as OWASP advises. */
const harmless = (text: string): string => text.trim().replace(FORMULAS, "$1'");
