import type { Summary } from '../pipeline/write-out.ts';

/** If messages were given up, says so on the error output and makes the command fail. Its output files stay. */
export function failForDeadLetters({ deadLetters }: Pick<Summary, 'deadLetters'>): void {
  const parts = Object.entries(deadLetters).map(([queue, count]) => `${count} in ${queue}`);
  if (parts.length === 0) return;
  console.error(`loopwatch: messages were given up after five tries: ${parts.join(', ')}`);
  process.exitCode = 1;
}
