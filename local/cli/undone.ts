import type { Summary } from '../pipeline/write-out.ts';
import { printError } from './error-text.ts';

/** If messages failed to the end, says so on the error output and makes the command fail. Its output files stay. */
export function failForUndone({ undone }: Pick<Summary, 'undone'>): void {
  const parts = Object.entries(undone).map(([queue, count]) => `${count} in ${queue}`);
  if (parts.length === 0) return;
  printError(`loopwatch: messages failed however often they were tried: ${parts.join(', ')}`);
  process.exitCode = 1;
}
