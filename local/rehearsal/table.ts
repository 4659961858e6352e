import type { TypeResult } from './resources.ts';

const HEAD = ['resource type', 'template', 'created', 'verified', 'properties', 'not emulated'];

/** The results for a terminal: a line for each CloudFormation resource type, then the totals. */
export function resourceTable(results: readonly TypeResult[]): string {
  const rows = results.map(({ type, inTemplate, created, verified, properties, gaps }) => [
    type,
    String(inTemplate),
    String(created),
    String(verified),
    String(properties),
    gaps.map((gap) => gap.slice(0, gap.indexOf(':'))).join(', ') || '-',
  ]);
  const sum = (pick: (result: TypeResult) => number): string =>
    String(results.reduce((total, result) => total + pick(result), 0));
  const total = [
    `${results.length} types`,
    sum(({ inTemplate }) => inTemplate),
    sum(({ created }) => created),
    sum(({ verified }) => verified),
    sum(({ properties }) => properties),
    '',
  ];
  const lines = [HEAD, ...rows, total];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 || column === HEAD.length - 1 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
