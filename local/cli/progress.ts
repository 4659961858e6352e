import { thousands } from './columns.ts';

const SAMPLE_MILLISECONDS = 5_000;
const FEWEST_MILLISECONDS = 1_000;

/** A line of progress on a terminal; nothing in a pipe. */
export class Progress {
  readonly #total: number;
  readonly #unit: string;
  readonly #terminal = process.stderr.isTTY;
  #shown = 0;
  /** How far it was, at most so many seconds ago: what comes first may be quicker than what follows. */
  #samples: { at: number; done: number }[] = [];

  constructor(total: number, unit = 'messages') {
    this.#total = total;
    this.#unit = unit;
  }

  /** @param estimates whether what is left goes at the pace of the last seconds */
  show(done: number, label: string, { estimates = true } = {}): void {
    const now = performance.now();
    if (!this.#terminal || now - this.#shown < 100) return;
    this.#shown = now;
    const recent = estimates ? this.#samples.filter(({ at }) => now - at < SAMPLE_MILLISECONDS) : [];
    this.#samples = [...recent, { at: now, done }];
    const text = `${label}  ${thousands(done)} of ${thousands(this.#total)} ${this.#unit}${this.#left(now, done)}`;
    const share = done / Math.max(1, this.#total);
    process.stderr.write(`\r\u001b[K${progressLine(share, text, process.stderr.columns || NARROW)}`);
  }

  /** How long the rest takes at the pace of the last seconds; nothing as long as there is no pace. */
  #left(now: number, done: number): string {
    const [first] = this.#samples;
    if (!first || now - first.at < FEWEST_MILLISECONDS || done === first.done) return '';
    const seconds = ((this.#total - done) * (now - first.at)) / (done - first.done) / 1000;
    return `, about ${Math.ceil(seconds)} s left`;
  }

  /** Says what is done before anything can be counted. */
  begin(what: string): void {
    if (this.#terminal) process.stderr.write(`\r\u001b[K${what}`);
  }

  end(): void {
    if (this.#terminal) process.stderr.write('\r\u001b[K');
  }
}

const LONGEST_BAR = 30;
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
