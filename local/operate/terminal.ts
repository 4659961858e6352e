import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

/** Puts a question to somebody and returns what they type. */
export type Ask = (question: string) => Promise<string>;

/** Somebody pressed Ctrl-C at a question. The command ends as they wished, and says nothing. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Calls `work` with a terminal to ask on, by default the one the command was typed on.
 * @throws Interrupted at Ctrl-C; an Error if the terminal is closed before all is answered
 */
export async function onTerminal<T>(
  work: (ask: Ask) => Promise<T>,
  input: Readable = process.stdin,
  output: Writable = process.stderr,
): Promise<T> {
  const terminal = createInterface({ input, output });
  const ended = new Promise<never>((_, reject) => {
    terminal.once('SIGINT', () => {
      // The next prompt of the shell begins on a line of its own.
      output.write('\n');
      reject(new Interrupted());
    });
    terminal.once('close', () => reject(new Error('not all was answered; nothing was done')));
  });
  try {
    return await Promise.race([work((question) => terminal.question(question)), ended]);
  } finally {
    terminal.close();
  }
}
