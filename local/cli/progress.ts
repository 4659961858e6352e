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

  show(done: number, label: string): void {
    const now = performance.now();
    if (!this.#terminal || now - this.#shown < 100) return;
    this.#shown = now;
    this.#samples = [...this.#samples.filter(({ at }) => now - at < SAMPLE_MILLISECONDS), { at: now, done }];
    const width = 30;
    const filled = Math.min(width, Math.round((width * done) / Math.max(1, this.#total)));
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    process.stderr.write(`\r\u001b[K${bar} ${label}  ${done} of ${this.#total} ${this.#unit}${this.#left(now, done)}`);
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
