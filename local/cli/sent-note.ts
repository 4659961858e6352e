import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

/** What was sent of a file. */
export interface Sent {
  /** How many messages were dealt with, from the first on. */
  done: number;
  /** Which of these SQS didn't take, by their place among the messages, from 0. */
  refused: readonly number[];
}

const place = z.int().nonnegative();
const schema = z.object({ hash: z.string(), sent: place, refused: z.array(place).default([]) });
const NOTHING: Sent = { done: 0, refused: [] };

/**
 * What was sent of a file, in a file beside it. It counts only for the same messages in the same order to the same queue.
 * It is written after they were sent: what is lost in between is sent twice, which changes nothing.
 */
export class SentNote {
  readonly #path: string;
  readonly #hash: string;

  constructor(path: string, queueUrl: string, messages: readonly object[]) {
    this.#path = path;
    this.#hash = createHash('sha256')
      .update(JSON.stringify([queueUrl, messages]))
      .digest('hex')
      .slice(0, 32);
  }

  /** One that can't be read, or is about something else, says nothing. */
  read(): Sent {
    if (!existsSync(this.#path)) return NOTHING;
    try {
      const { hash, sent, refused } = schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
      return hash === this.#hash ? { done: sent, refused } : NOTHING;
    } catch {
      return NOTHING;
    }
  }

  write({ done, refused }: Sent): void {
    // So that whatever this ends in, the note is the old or the new one.
    const written = `${this.#path}.new`;
    writeFileSync(written, `${JSON.stringify({ hash: this.#hash, sent: done, refused })}\n`);
    renameSync(written, this.#path);
  }
}
