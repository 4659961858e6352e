import { RULE, WIDTH, wrap } from '../text.ts';
import type { Block, ReportView, Section, TableRow, TableView } from './blocks.ts';
import type { Cell } from './format-figure.ts';

const GAP = '  ';
const INDENT = '  ';
/** Least width of a column of names, whatever stands beside it. */
const NARROWEST_NAME = 16;

/** A report as plain text, laid out by hand, with its tables as columns. */
export function renderReportText(view: ReportView): string {
  const lines = [
    view.title.toUpperCase(),
    ...wrap(view.date),
    ...wrap(view.byline),
    '',
    ...view.changes.flatMap(({ what, text }) => hanging('- ', `${what} ${text}`.trimEnd())),
    ...view.sections.flatMap(sectionLines),
    '',
    RULE,
    ...view.footer.flatMap((line) => wrap(line)),
  ];
  // A table has an empty line around it. Two tables share one, and below a rule there is none.
  const once = lines.filter((line, index) => line !== '' || !['', RULE].includes(lines[index - 1] ?? ''));
  return `${once.join('\n')}\n`;
}

/** A paragraph with a mark in front; its further lines are indented. */
function hanging(mark: string, text: string): string[] {
  return wrap(text, ' '.repeat(mark.length)).map((line, index) =>
    index === 0 ? mark + line.slice(mark.length) : line,
  );
}

function sectionLines({ title, blocks }: Section): string[] {
  return ['', title.toUpperCase(), RULE, ...blocks.flatMap(blockLines)];
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'remark':
      return wrap(block.text);
    case 'fact':
      return wrap(`${block.label}: ${block.text}`);
    case 'table':
      return tableLines(block);
  }
}

const length = (text: string): number => [...text].length;
const cellText = ({ main, sub }: Cell): string => (sub === null ? main : `${main} (${sub})`);

/** Names on the left, cells right-aligned under their headings; a long name wraps within its column. */
function tableLines({ title, columns, rows }: TableView): string[] {
  const [nameHead, ...heads] = columns;
  const cells = rows.map((row) => row.cells.map(cellText));
  const widths = heads.map((head, index) =>
    Math.max(length(head), ...cells.map((texts) => length(texts[index] ?? ''))),
  );
  const taken = widths.reduce((total, width) => total + width + GAP.length, 0);
  const longest = Math.max(length(nameHead), ...rows.map(({ name }) => length(name)));
  const nameWidth = Math.max(NARROWEST_NAME, Math.min(longest, WIDTH - taken));
  const line = (name: string, texts: readonly string[]): string =>
    [
      name.padEnd(nameWidth + name.length - length(name)),
      ...texts.map((text, index) => padStart(text, widths[index] ?? 0)),
    ]
      .join(GAP)
      .trimEnd();
  const body = rows.flatMap((row, index) => rowLines(row, cells[index] ?? [], nameWidth, line));
  return ['', ...(title === null ? [] : wrap(title)), line(nameHead, heads), ...body, ''];
}

const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - length(text))) + text;

function rowLines(
  { name, remarks }: TableRow,
  cells: readonly string[],
  nameWidth: number,
  line: (name: string, cells: readonly string[]) => string,
): string[] {
  const [first = '', ...others] = brokenInto(name, nameWidth);
  return [line(first, cells), ...others, ...remarks.flatMap(({ text }) => wrap(text, INDENT))];
}

/** A name on as many lines of a given width as it needs; a word that is longer is broken. */
function brokenInto(name: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of name.split(' ').flatMap((whole) => chunks(whole, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && length(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function chunks(word: string, width: number): string[] {
  const characters = [...word];
  const count = Math.max(1, Math.ceil(characters.length / width));
  return Array.from({ length: count }, (_, index) => characters.slice(index * width, (index + 1) * width).join(''));
}
