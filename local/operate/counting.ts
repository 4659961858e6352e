/** How far a command has come, as a line on a terminal; nothing in a pipe. */
export class Counting {
  readonly #what: string;
  readonly #total: number | null;
  readonly #terminal = process.stderr.isTTY;
  #shown = 0;

  /** @param total null: it isn't known beforehand */
  constructor(what: string, total: number | null = null) {
    this.#what = what;
    this.#total = total;
  }

  show(done: number): void {
    const now = performance.now();
    if (!this.#terminal || now - this.#shown < 100) return;
    this.#shown = now;
    const of = this.#total === null ? '' : ` of ${this.#total.toLocaleString('en-US')}`;
    process.stderr.write(`\r\u001b[K${this.#what}: ${done.toLocaleString('en-US')}${of}`);
  }

  end(): void {
    if (this.#terminal) process.stderr.write('\r\u001b[K');
  }
}
