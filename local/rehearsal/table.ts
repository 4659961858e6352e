import { wrap } from '../cli/columns.ts';
import type { TypeResult } from './resources.ts';

const HEAD = ['resource type', 'template', 'created', 'verified', 'properties'];
const WIDTH = 80;

/**
 * The results for a terminal: a line for each CloudFormation resource type, with what isn't emulated below it, then the
 * totals.
 */
export function resourceTable(results: readonly TypeResult[]): string {
  const rows = results.map(({ type, inTemplate, created, verified, properties }) => [
    shortType(type),
    String(inTemplate),
    String(created),
    String(verified),
    String(properties),
  ]);
  const sum = (pick: (result: TypeResult) => number): string =>
    String(results.reduce((total, result) => total + pick(result), 0));
  const total = [
    `${results.length} types`,
    sum(({ inTemplate }) => inTemplate),
    sum(({ created }) => created),
    sum(({ verified }) => verified),
    sum(({ properties }) => properties),
  ];
  const lines = [HEAD, ...rows, total];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    lineOf(HEAD),
    ...rows.flatMap((row, index) => [lineOf(row), ...gapLines(results[index]?.gaps ?? [])]),
    lineOf(total),
  ].join('\n');
}

/** All are AWS's. */
const shortType = (type: string): string => type.replace(/^AWS::/, '');

function gapLines(gaps: readonly string[]): string[] {
  if (gaps.length === 0) return [];
  const names = gaps.map((gap) => gap.slice(0, gap.indexOf(':'))).join(', ');
  return wrap(`not emulated: ${names}`.split(' '), WIDTH - 4).map((line) => `    ${line}`);
}
