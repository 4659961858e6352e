import type { Summary } from '../pipeline/write-out.ts';

/** Says on the error output what a run gave up, and makes the command fail: what it wrote is there all the same. */
export function failForDeadLetters({ deadLetters }: Pick<Summary, 'deadLetters'>): void {
  const parts = Object.entries(deadLetters).map(([queue, count]) => `${count} in ${queue}`);
  if (parts.length === 0) return;
  console.error(`loopwatch: messages were given up after five tries: ${parts.join(', ')}`);
  process.exitCode = 1;
}
