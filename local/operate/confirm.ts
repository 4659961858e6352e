import { createInterface } from 'node:readline/promises';
import { UsageError } from './usage-error.ts';

/**
 * Whether somebody wants what can't be undone: they said so with `--yes`, or say so now on a terminal.
 * @throws UsageError in a pipe, where nobody can be asked
 */
export async function confirmed(what: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(`${what}? Nobody can be asked here: add --yes if you are sure, or --dry-run to look first`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${what}? Type yes: `)).trim() === 'yes';
  } finally {
    terminal.close();
  }
}
