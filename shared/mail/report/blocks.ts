import type { Cell } from './format-figure.ts';

/** What a report's mail says, as text and tables. HTML and plain text are two layouts of it. */

export interface ReportView {
  subject: string;
  title: string;
  /** What the report is about, and its first and last day. */
  date: string;
  /** Recipient and as-of. */
  byline: string;
  preview: string;
  /** What changed most, most important first. */
  changes: Change[];
  sections: Section[];
  footer: string[];
}

export type Tone = 'plain' | 'muted' | 'bad';

export interface Remark {
  text: string;
  tone: Tone;
}

/** One change: what changed, in a few words, and by how much. */
export interface Change {
  what: string;
  text: string;
  isBad: boolean;
}

export interface Section {
  title: string;
  blocks: Block[];
}

export type Block = ({ kind: 'remark' } & Remark) | ({ kind: 'fact' } & Fact) | ({ kind: 'table' } & TableView);

/** A figure or a sentence, with what it is about. */
export interface Fact {
  label: string;
  text: string;
  tone: Tone;
}

export interface TableView {
  title: string | null;
  /** Headings of the column of names, then of each column of cells. */
  columns: [string, ...string[]];
  rows: TableRow[];
  /** How to read the charts; null if there are none. */
  legend: string | null;
}

export interface TableRow {
  name: string;
  cells: Cell[];
  /** Length of its bar, 0 to 1; null: it has none. */
  bar: number | null;
  chart: ChartView | null;
  remarks: Remark[];
}

export interface ChartView {
  name: string;
  /** The chart in words. */
  alt: string;
}

export const remark = (text: string, tone: Tone = 'plain'): Block => ({ kind: 'remark', text, tone });
export const muted = (text: string): Block => remark(text, 'muted');

export const row = (name: string, cells: Cell[], over: Partial<TableRow> = {}): TableRow => ({
  name,
  cells,
  bar: null,
  chart: null,
  remarks: [],
  ...over,
});

export const fact = (label: string, text: string, tone: Tone = 'plain'): Block => ({ kind: 'fact', label, text, tone });

/** A table; nothing if it has no rows. */
export function table(
  title: string | null,
  columns: TableView['columns'],
  rows: TableRow[],
  legend: string | null = null,
): Block[] {
  return rows.length === 0 ? [] : [{ kind: 'table', title, columns, rows, legend }];
}
