import { dim } from '../cli/columns.ts';

/** Blocks of lines, without those of a long middle. */
export interface Ends {
  first: number;
  last: number;
}

/**
 * The lines of all blocks, or of the first and last of them around a line that says how many were left out, and what shows
 * them. A single one is never left out: that line would be no shorter.
 * @param what blocks are, such as `events`
 */
export function folded(blocks: readonly (readonly string[])[], what: string, { first, last }: Ends): string[] {
  const middle = blocks.slice(first, Math.max(first, blocks.length - last));
  if (middle.length < 2) return blocks.flat();
  const lines = middle.flat().length;
  return [
    ...blocks.slice(0, first).flat(),
    dim(`  … ${middle.length} ${what} in ${lines} lines left out; --all shows them`),
    ...blocks.slice(blocks.length - last).flat(),
  ];
}
