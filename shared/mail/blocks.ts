import type { Priority } from '../contracts/vocabulary.ts';

/** What a mail says, as text: one model for all mails. HTML (`templates/`) and plain text (`text.ts`) are two layouts of it. */

export interface MailView {
  subject: string;
  title: string;
  /** The day, or what the mail is about and its first and last day. */
  date: string;
  /** Recipient and as-of. */
  byline: string;
  /** What an inbox shows beside the subject. */
  preview: string;
  /** The first sentence. */
  lead: string;
  /** What follows it, above the first heading. */
  top: Block[];
  sections: Section[];
  footer: string[];
}

export interface Section {
  title: string;
  /** The sections after a part belong to it, up to the next part: in a liaison's mail a practice. */
  level: 'part' | 'section';
  /** How many things it is about, beside its title; null: nothing to count. */
  count: number | null;
  /** What else is to be known of it, after its title. */
  aside: string | null;
  blocks: Block[];
}

export type Block =
  | ({ kind: 'remark' } & Remark)
  | ({ kind: 'fact' } & Fact)
  | { kind: 'counts'; counts: CountView[] }
  /** Brief ones stand in a line or two each. */
  | { kind: 'rows'; rows: RowView[]; isBrief: boolean }
  | { kind: 'entries'; entries: EntryView[] }
  | ({ kind: 'table' } & TableView)
  | ({ kind: 'chart' } & ChartView);

export type Tone = 'plain' | 'muted' | 'bad';

/** A sentence or a few. */
export interface Remark {
  text: string;
  tone: Tone;
}

/** A figure or a sentence, with what it is about in bold before it. */
export interface Fact {
  label: string;
  text: string;
  /** Whether all of it is muted, or its label says that something has gone wrong. */
  tone: Tone;
}

/** `13 to do today`, among them `1 STAT` and `2 URGENT`. */
export interface CountView {
  count: number;
  label: string;
  /** How many of them can't wait. */
  priorities: { text: string; tone: Priority }[];
}

/** What a mail says of one referral. */
export interface RowView {
  /** Null: unknown, as the referral itself hasn't come. */
  priority: string | null;
  /** Of the priority, which is shown unless it is routine. */
  tone: Priority;
  id: string;
  url: string | null;
  initials: string | null;
  /** `2 days over`, or `due today, 17:00` if it isn't over yet. */
  state: string;
  isOver: boolean;
  /** How it stands to the reader's last digest: `new`, `again`, `worse`, `listed 3 times`; null: the mail doesn't say. */
  standing: string | null;
  /** What to do next; null if the section says it for all rows. */
  action: string | null;
  details: string;
  remarks: RemarkView[];
  /** The same in columns, for a file of all rows. */
  cells: RowCells;
}

/** What a row says in columns that RowView has no field for. Null: nothing. */
export interface RowCells {
  marks: string | null;
  /** Null also where the mail says it coarsely. */
  due: string | null;
  /** Whole days; null also where the mail says it coarsely. */
  daysOver: string | null;
  attempts: string | null;
  /** Masked, as in the mail. */
  specialty: string | null;
  site: string | null;
  alsoOpen: string | null;
  owner: string | null;
}

export interface RemarkView {
  text: string;
  /** Whether it is about something overdue. */
  isOver: boolean;
}

/** One line of a list that is not of referrals: a feed, a queue, a practice. */
export interface EntryView {
  name: string;
  /** What is the matter with it: `silent for 3 days`. */
  state: string;
  /** Whether something has gone wrong. */
  isOver: boolean;
  details: string | null;
}

export interface TableView {
  title: string | null;
  /** Headings of the column of names, then of each column of cells. */
  columns: [string, ...string[]];
  rows: TableRow[];
}

export interface TableRow {
  name: string;
  cells: Cell[];
  /** Length of its bar, 0 to 1; null: it has none. */
  bar: number | null;
  remarks: Remark[];
}

/** The figure, and below it what it is made of. */
export interface Cell {
  main: string;
  sub: string | null;
}

/** A picture nearly as wide as the page. */
export interface ChartView {
  title: string;
  /** Of the PNG that comes with the mail. */
  name: string;
  /** The picture in words, for readers who don't see it. */
  alt: string;
  /** Its figures, below it, and all that plain text has of it. */
  caption: string;
  /** How to read the picture, where there is one; null: as those before it. */
  legend: string | null;
}

export const section = (title: string, blocks: Block[], count: number | null = null): Section => ({
  title,
  level: 'section',
  count,
  aside: null,
  blocks,
});
/** A section; none if it has nothing to say. */
export const sectionIfAny = (title: string, blocks: Block[]): Section[] =>
  blocks.length === 0 ? [] : [section(title, blocks)];
export const part = (
  title: string,
  blocks: Block[],
  { count = null, aside = null }: Partial<Pick<Section, 'count' | 'aside'>> = {},
): Section => ({ title, level: 'part', count, aside, blocks });

export const remark = (text: string, tone: Tone = 'plain'): Block => ({ kind: 'remark', text, tone });
export const muted = (text: string): Block => remark(text, 'muted');
/** @param label what the text is about, without the colon */
export const fact = (label: string, text: string, tone: Tone = 'plain'): Block => news(`${label}:`, text, tone);
/** @param what the beginning of the text in bold, with its own punctuation */
export const news = (what: string, text: string, tone: Tone = 'plain'): Block => ({
  kind: 'fact',
  label: what,
  text,
  tone,
});
export const chart = (view: ChartView): Block => ({ kind: 'chart', ...view });

/** Each of these is nothing if it has no members. */
export const counts = (list: CountView[]): Block[] => (list.length === 0 ? [] : [{ kind: 'counts', counts: list }]);
export const rows = (list: RowView[], isBrief = false): Block[] =>
  list.length === 0 ? [] : [{ kind: 'rows', rows: list, isBrief }];
export const briefRows = (list: RowView[]): Block[] => rows(list, true);
export const entries = (list: EntryView[]): Block[] => (list.length === 0 ? [] : [{ kind: 'entries', entries: list }]);
export function table(title: string | null, columns: TableView['columns'], list: TableRow[]): Block[] {
  return list.length === 0 ? [] : [{ kind: 'table', title, columns, rows: list }];
}

/** A row of a table. */
export const row = (name: string, cells: Cell[], over: Partial<TableRow> = {}): TableRow => ({
  name,
  cells,
  bar: null,
  remarks: [],
  ...over,
});
export const cell = (main: string, sub: string | null = null): Cell => ({ main, sub });
