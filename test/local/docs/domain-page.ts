import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads docs/domain.md, the domain contract, by its anchors. */

export const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'domain.md'), 'utf8');

/** The ids that can be linked to, in the order of the page. */
export const anchors: string[] = [...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id as string);

const PARAGRAPH = /^<a id="(\d-\d+)"><\/a>/m;
/** Each numbered paragraph with what follows it up to the next paragraph or heading. */
const paragraphs = new Map(
  page
    .split(/^#+ .*$/m)
    .flatMap((part) => part.split(/^(?=<a id="\d-\d+">)/m))
    .flatMap((part) => {
      const id = PARAGRAPH.exec(part)?.[1];
      return id === undefined ? [] : [[id, part] as const];
    }),
);
export const numbers: string[] = [...paragraphs.keys()];

export function paragraph(id: string): string {
  const text = paragraphs.get(id);
  if (text === undefined) throw new Error(`docs/domain.md has no paragraph ${id}`);
  return text;
}

/** The rows of a paragraph's table, without its heading, as trimmed cells without anchors. */
export function table(id: string): string[][] {
  const lines = paragraph(id)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  if (lines.length < 3) throw new Error(`paragraph ${id} of docs/domain.md has no table`);
  return lines.slice(2).map((line) =>
    line
      .replace(/<a id="[^"]+"><\/a>/g, '')
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands in backquotes. */
export const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

/** The first word in backquotes of each row: what the row is about. */
export const words = (id: string): string[] => table(id).map(([first = '']) => codes(first)[0] ?? first);

export const numbersIn = (text: string): number[] => [...text.matchAll(/\d+/g)].map(([number]) => Number(number));
