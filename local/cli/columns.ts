import { stripVTControlCharacters, styleText } from 'node:util';

/** Text for a terminal of 80 columns. It has colors only if standard output is a terminal that supports them. */

export const WIDTH = 78;

export const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
export const dim = (text: string): string => styleText('dim', text, { stream: process.stdout });
export const red = (text: string): string => styleText('red', text, { stream: process.stdout });
export const green = (text: string): string => styleText('green', text, { stream: process.stdout });
export const yellow = (text: string): string => styleText('yellow', text, { stream: process.stdout });

export const thousands = (value: number): string => value.toLocaleString('en-US');

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** Puts blocks of lines beside each other, each padded to its width. */
export function beside(blocks: readonly { lines: readonly string[]; width: number }[]): string[] {
  const height = Math.max(...blocks.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map(({ lines, width }) => padEnd(lines[row] ?? '', width))
      .join('')
      .trimEnd(),
  );
}

/** A bar chart of counts under a heading, largest first. */
export function chart(heading: string, counts: Record<string, number>, width: number): string[] {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const most = Math.max(1, ...rows.map(([, value]) => value));
  const name = Math.max(0, ...rows.map(([text]) => text.length));
  const figure = thousands(most).length;
  const room = Math.max(1, width - name - figure - 6);
  const bar = (value: number): string => '█'.repeat(value === 0 ? 0 : Math.max(1, Math.round((value / most) * room)));
  return [
    bold(heading),
    ...(rows.length === 0 ? [dim('  none')] : []),
    ...rows.map(([text, value]) =>
      `  ${text.padEnd(name)} ${padStart(thousands(value), figure + 1)}  ${dim(bar(value))}`.trimEnd(),
    ),
  ];
}

/** Breaks words into lines of at most `width` characters. */
export function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `label  text`, with the text wrapped and indented. */
export function field(label: string, text: string, width: number, indent = 2, labelWidth = 11): string[] {
  const margin = indent + labelWidth;
  return wrap(text.split(' '), width - margin).map(
    (line, index) => `${' '.repeat(indent)}${dim(padEnd(index === 0 ? label : '', labelWidth))}${line}`,
  );
}
