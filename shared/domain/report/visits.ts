import type { Instant } from '../../contracts/instant.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import type { CountedReferral } from './counted-referral.ts';
import { type ReportPeriod, spanOf, TRAILING } from './periods.ts';

/** Missed appointments, and whether those who missed one were rebooked in time. */
export class Visits {
  readonly #period: ReportPeriod;
  readonly #span: { from: Instant; to: Instant };
  readonly #recovery = { met: 0, all: 0 };
  #noShows = 0;
  #completed = 0;
  #unknown = 0;
  #withoutOutcome = 0;

  constructor(period: ReportPeriod) {
    this.#period = period;
    this.#span = spanOf(period);
  }

  /** A referral that isn't voided. */
  add({ noShows, completed, active, clocks }: CountedReferral): void {
    for (const startsAt of noShows) if (this.#isInPeriod(startsAt)) this.#noShows += 1;
    for (const startsAt of completed) if (this.#isInPeriod(startsAt)) this.#completed += 1;
    for (const { startsAt, arrived } of active) {
      if (!arrived && this.#isInPeriod(startsAt)) this.#unknown += 1;
      if (startsAt < this.#period.asOf) this.#withoutOutcome += 1;
    }
    for (const { afterNoShow, window, outcome } of clocks) {
      if (!afterNoShow || window !== TRAILING || outcome === 'excluded') continue;
      this.#recovery.all += 1;
      if (outcome === 'met') this.#recovery.met += 1;
    }
  }

  #isInPeriod(instant: Instant): boolean {
    const { from, to } = this.#span;
    return instant >= from && instant < to;
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
