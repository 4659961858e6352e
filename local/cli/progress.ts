/** A line of progress on a terminal; nothing in a pipe. */
export class Progress {
  readonly #total: number;
  readonly #unit: string;
  readonly #terminal = process.stderr.isTTY;
  #shown = 0;

  constructor(total: number, unit = 'messages') {
    this.#total = total;
    this.#unit = unit;
  }

  show(done: number, label: string): void {
    const now = performance.now();
    if (!this.#terminal || now - this.#shown < 100) return;
    this.#shown = now;
    const width = 30;
    const filled = Math.min(width, Math.round((width * done) / Math.max(1, this.#total)));
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    process.stderr.write(`\r\u001b[K${bar} ${label}  ${done} of ${this.#total} ${this.#unit}`);
  }

  end(): void {
    if (this.#terminal) process.stderr.write('\r\u001b[K');
  }
}
