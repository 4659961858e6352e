import type { Instant } from '../../contracts/instant.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { isWithin, type Span } from '../time/span.ts';
import type { CountedClock, CountedReferral } from './counted-referral.ts';
import { type ReportPeriod, spanOf } from './periods.ts';

/**
 * The figures "no-show rate" and "no-show recovery" (docs/domain.md#figure-no-show): missed appointments, and whether they
 * were rebooked in time. Also counts the visits without an outcome of "audit".
 */
export class Visits {
  readonly #period: ReportPeriod;
  readonly #span: Span;
  readonly #recovery = { met: 0, all: 0 };
  #noShows = 0;
  #completed = 0;
  #unknown = 0;
  #withoutOutcome = 0;

  constructor(period: ReportPeriod) {
    this.#period = period;
    this.#span = spanOf(period);
  }

  /** @param referral not voided */
  add({ noShows, completed, over, active, clocks }: CountedReferral): void {
    for (const startsAt of noShows) if (isWithin(startsAt, this.#span)) this.#noShows += 1;
    for (const startsAt of completed) if (isWithin(startsAt, this.#span)) this.#completed += 1;
    for (const { startsAt, arrived } of active) this.#addOpen(startsAt, arrived);
    // Those that are over have no arrival: one would have kept them active.
    for (const startsAt of over) this.#addOpen(startsAt, false);
    for (const clock of clocks) this.#addRecovery(clock);
  }

  #addOpen(startsAt: Instant, arrived: boolean): void {
    if (!arrived && isWithin(startsAt, this.#span)) this.#unknown += 1;
    if (startsAt < this.#period.asOf) this.#withoutOutcome += 1;
  }

  #addRecovery({ kind, afterNoShow, dueBack, outcome }: CountedClock): void {
    if (kind !== 'rebook' || !afterNoShow || dueBack !== 0 || outcome === 'excluded') return;
    this.#recovery.all += 1;
    if (outcome === 'met') this.#recovery.met += 1;
  }

  /** Appointments that have started and whose outcome nobody reported. */
  get withoutOutcome(): number {
    return this.#withoutOutcome;
  }

  figures(): Pick<ReportFigures, 'noShow' | 'recovery'> {
    const decided = this.#noShows + this.#completed;
    return {
      noShow: {
        noShows: this.#noShows,
        completed: this.#completed,
        unknown: this.#unknown,
        rate: decided === 0 ? null : this.#noShows / decided,
      },
      recovery: { ...this.#recovery },
    };
  }
}
