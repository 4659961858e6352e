import { readTable } from './read-rows.ts';

/** A part of a file that can be sent by itself. */
export interface CsvPart {
  /** The row of names, and rows below it. */
  body: string;
  /** `Origin.position`: where in the file the part would begin if its row of names stood just above its first row. */
  position: number;
  rows: number;
}

export interface CsvSplitting {
  /** The mapping's. */
  delimiter: string;
  /** Most bytes of a body in UTF-8. */
  maxBytes: number;
  maxRows: number;
}

/**
 * Cuts the text of a file into bodies that each begin with its row of names. Rows stay whole and in order, the unreadable
 * ones too, so that they are refused with their line. A row that is longer than a body may be gets one of its own.
 * A file without a row of names, or with nothing below it, is one body.
 */
export function splitCsv(text: string, { delimiter, maxBytes, maxRows }: CsvSplitting): CsvPart[] {
  const table = readTable(text, delimiter);
  const [first] = table?.rows ?? [];
  if (!table || !first) return [{ body: text, position: 1, rows: 0 }];
  const { head } = table;
  const headBytes = Buffer.byteLength(head.text);
  const headLines = lineBreaks(head.text);
  const parts: CsvPart[] = [];
  let part = { from: first.line, below: first.line, texts: [] as string[], rows: 0, bytes: headBytes };
  const end = (): void => {
    parts.push({ body: head.text + part.texts.join(''), position: part.from - headLines, rows: part.rows });
  };
  for (const { text: row, line } of table.rows) {
    // Empty lines between two rows stay: without them the lines below would be counted wrong.
    const gap = line - part.below;
    const size = gap + Buffer.byteLength(row);
    if (part.rows > 0 && (part.bytes + size > maxBytes || part.rows >= maxRows)) {
      end();
      part = { from: line, below: line, texts: [], rows: 0, bytes: headBytes };
    }
    const text = '\n'.repeat(line - part.below) + row;
    part.texts.push(text);
    part.rows += 1;
    part.bytes += Buffer.byteLength(text);
    part.below += lineBreaks(text);
  }
  end();
  return parts;
}

const lineBreaks = (text: string): number => text.split('\n').length - 1;
