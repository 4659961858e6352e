import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { wrap } from './columns.ts';

/** What the command line says of an error. */

/** The width of the usual terminal, less a column in which some of them break a full line. */
const MOST = 79;

/** What an error means to the person who typed the command; Node's own words for a file only where there are no better. */
export function messageOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (path === undefined) return message;
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `${fileAbove(path) ?? path}: is a file; expected a folder`;
    case 'EISDIR':
      return `${path}: is a folder; expected a file`;
    case 'ENOENT':
      return `${path}: no such file or folder`;
    case 'EACCES':
    case 'EPERM':
      return `${path}: this user may not read or write it`;
    default:
      return message;
  }
}

/** The path, or the folder above it, that is a file. Null: none is. */
function fileAbove(path: string): string | null {
  const above = dirname(path);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile) return path;
  return above === path ? null : fileAbove(above);
}

/**
 * Lines for a terminal, broken between words; what stands in backquotes can be copied and stays whole.
 * @param columns null for a pipe, in which lines stay as they are; 0 for a terminal that doesn't say
 */
export function fitted(text: string, columns: number | null): string {
  if (columns === null) return text;
  return text
    .split('\n')
    .flatMap((line) => fittedLine(line, Math.min((columns || MOST + 1) - 1, MOST)))
    .join('\n');
}

function fittedLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const words = line.match(/\S*`[^`]*`\S*|\S+/g) ?? [];
  const [first = '', ...more] = wrap(words, width - indent.length - 2);
  return [indent + first, ...more.map((each) => `${indent}  ${each}`)];
}

/** Prints on the error output, fitted to it. */
export const printError = (text: string): void => console.error(fitted(text, errorColumns()));

/** The columns of the error output; null if it is no terminal. */
export const errorColumns = (): number | null => (process.stderr.isTTY ? (process.stderr.columns ?? 80) : null);
