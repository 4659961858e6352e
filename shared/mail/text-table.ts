import type { Cell, TableRow, TableView } from './blocks.ts';
import { broken, WIDTH, widthOf, wrap } from './wrap.ts';

/** A table as plain text. */

const GAP = '  ';
/** Least width of a column of names, whatever stands beside it. */
const NARROWEST_NAME = 16;

const cellText = ({ main, sub }: Cell): string => (sub === null ? main : `${main} (${sub})`);

/** Names on the left, cells right-aligned under their headings; a long name wraps within its column. */
export function tableLines({ title, columns, rows }: TableView): string[] {
  const [nameHead, ...heads] = columns;
  const cells = rows.map((row) => row.cells.map(cellText));
  const widths = heads.map((head, index) =>
    Math.max(widthOf(head), ...cells.map((texts) => widthOf(texts[index] ?? ''))),
  );
  const taken = widths.reduce((total, width) => total + width + GAP.length, 0);
  const longest = Math.max(widthOf(nameHead), ...rows.map(({ name }) => widthOf(name)));
  const nameWidth = Math.max(NARROWEST_NAME, Math.min(longest, WIDTH - taken));
  const line = (name: string, texts: readonly string[]): string =>
    [
      name.padEnd(nameWidth + name.length - widthOf(name)),
      ...texts.map((text, index) => padStart(text, widths[index] ?? 0)),
    ]
      .join(GAP)
      .trimEnd();
  const body = rows.flatMap((row, index) => rowLines(row, cells[index] ?? [], nameWidth, line));
  return [...(title === null ? [] : wrap(title)), line(nameHead, heads), ...body];
}

const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

function rowLines(
  { name, remarks }: TableRow,
  cells: readonly string[],
  nameWidth: number,
  line: (name: string, cells: readonly string[]) => string,
): string[] {
  const [first = '', ...others] = broken(name, nameWidth);
  return [line(first, cells), ...others, ...remarks.flatMap(({ text }) => wrap(text, GAP))];
}
