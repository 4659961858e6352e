import { onTerminal } from './terminal.ts';
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
  return (await onTerminal((ask) => ask(`${what}? Type yes: `))).trim() === 'yes';
}
