import type { ReportFigures } from '../../contracts/report.ts';
import type { Counted } from './counted.ts';
import { type ReportPeriod, spanOf, TRAILING } from './periods.ts';

/** Missed appointments, and whether those who missed one were rebooked in time. */
export class Visits {
  readonly #period: ReportPeriod;
  readonly #recovery = { met: 0, all: 0 };
  #noShows = 0;
  #completed = 0;
  #unknown = 0;
  #withoutOutcome = 0;

  constructor(period: ReportPeriod) {
    this.#period = period;
  }

  /** A referral that isn't voided. */
  add({ noShows, completed, active, clocks }: Counted): void {
    const { from, to } = spanOf(this.#period);
    const inPeriod = (startsAt: number): boolean => startsAt >= from && startsAt < to;
    this.#noShows += noShows.filter(inPeriod).length;
    this.#completed += completed.filter(inPeriod).length;
    this.#unknown += active.filter(({ startsAt, arrived }) => !arrived && inPeriod(startsAt)).length;
    this.#withoutOutcome += active.filter(({ startsAt }) => startsAt < this.#period.asOf).length;
    for (const { afterNoShow, window, outcome } of clocks) {
      if (!afterNoShow || window !== TRAILING || outcome === 'excluded') continue;
      this.#recovery.all += 1;
      if (outcome === 'met') this.#recovery.met += 1;
    }
  }

  /** Appointments that have begun and of which nobody said how they went. */
  get withoutOutcome(): number {
    return this.#withoutOutcome;
  }

  figures(): Pick<ReportFigures, 'noShow' | 'recovery'> {
    const told = this.#noShows + this.#completed;
    return {
      noShow: {
        noShows: this.#noShows,
        completed: this.#completed,
        unknown: this.#unknown,
        rate: told === 0 ? null : this.#noShows / told,
      },
      recovery: { ...this.#recovery },
    };
  }
}
