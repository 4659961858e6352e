import { thousands } from './columns.ts';
import { leftText, TimeLeft } from './time-left.ts';

/** A line of progress on a terminal; nothing in a pipe. */
export class Progress {
  readonly #total: number;
  readonly #unit: string;
  readonly #terminal = process.stderr.isTTY;
  readonly #timeLeft: TimeLeft;
  #shown = 0;

  constructor(total: number, unit = 'messages') {
    this.#total = total;
    this.#unit = unit;
    this.#timeLeft = new TimeLeft(total);
  }

  /** @param estimates whether what is left goes at the pace of what is being done */
  show(done: number, label: string, { estimates = true } = {}): void {
    const now = performance.now();
    if (!this.#terminal || now - this.#shown < 100) return;
    this.#shown = now;
    if (!estimates) this.#timeLeft.forget();
    const left = estimates ? this.#timeLeft.at(now, done) : null;
    const count = `${thousands(done)} of ${thousands(this.#total)} ${this.#unit}`;
    const text = `${label}  ${count}${left === null ? '' : `, ${leftText(left)}`}`;
    const share = done / Math.max(1, this.#total);
    process.stderr.write(`\r\u001b[K${progressLine(share, text, process.stderr.columns || NARROW)}`);
  }

  /** Says what is done before anything can be counted. */
  begin(what: string): void {
    if (this.#terminal) process.stderr.write(`\r\u001b[K${what}`);
  }

  end(): void {
    if (this.#terminal) process.stderr.write('\r\u001b[K');
  }
}

/** So that it stays as long as it is when the text beside it grows, in 80 columns. */
const LONGEST_BAR = 20;
/** Columns of a terminal that doesn't say. */
const NARROW = 80;

/**
 * A bar and a text in one line of a terminal: a longer one would wrap, and the next could not replace it.
 * @param share how much is done, from 0 to 1
 */
export function progressLine(share: number, text: string, columns: number): string {
  const room = columns - 1;
  const length = Math.min(LONGEST_BAR, room - text.length - 1);
  if (length <= 0) return text.slice(0, room);
  const filled = Math.round(length * Math.min(1, share));
  return `${'█'.repeat(filled)}${'░'.repeat(length - filled)} ${text}`;
}
