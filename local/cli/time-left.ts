/** What the pace is measured over: shorter, and every slow batch shows; longer, and a new pace shows late. */
const WINDOW_MS = 10_000;
/** A pace measured over less is none yet. */
const FEWEST_MS = 4_000;
/** An estimate that differs from what is shown gets over two thirds of its way in this time. */
const SETTLING_MS = 3_000;

/** How long the rest takes, by the pace of late. It is told the time, in milliseconds from anywhere. */
export class TimeLeft {
  readonly #total: number;
  #samples: { at: number; done: number }[] = [];
  /** When all is done, as it is shown. */
  #end: { shown: number; at: number } | null = null;

  /** @param total what there is to do */
  constructor(total: number) {
    this.#total = total;
  }

  /** Takes note of how much is done, and gives the milliseconds that are left. Null: there is no pace yet. */
  at(now: number, done: number): number | null {
    this.#samples = [...this.#samples.filter(({ at }) => now - at < WINDOW_MS), { at: now, done }];
    const [first = { at: now, done }] = this.#samples;
    const span = now - first.at;
    if (span >= FEWEST_MS && done > first.done) {
      const end = now + ((this.#total - done) * span) / (done - first.done);
      const share = this.#end === null ? 1 : 1 - Math.exp((this.#end.at - now) / SETTLING_MS);
      const shown = this.#end?.shown ?? end;
      this.#end = { shown: shown + (end - shown) * share, at: now };
    }
    return this.#end === null ? null : Math.max(0, this.#end.shown - now);
  }

  /** Forgets the pace: what follows goes at another one. */
  forget(): void {
    this.#samples = [];
    this.#end = null;
  }
}

/** `about 35 s left`, no more exact than it is known. */
export function leftText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds > 90) return `about ${Math.round(seconds / 60)} min left`;
  const unit = seconds > 20 ? 5 : 1;
  return `about ${Math.ceil(seconds / unit) * unit} s left`;
}
