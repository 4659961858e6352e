import type { NoteFigures, ReportFigures } from '../../contracts/report.ts';
import { type CountedClock, type CountedReferral, isOverdue } from './counted-referral.ts';
import { TRAILING } from './periods.ts';

/**
 * Late consult notes by specialty and by site, of those that fell due in the period and the 8 before it, to say whom to
 * ask. Not a figure of docs/domain.md#9-9: it breaks down the `note` clock.
 */
export class Notes {
  readonly #bySpecialty = new Map<string, NoteFigures>();
  readonly #bySite = new Map<string, NoteFigures>();

  /** @param referral not voided */
  add({ clocks, specialty, site }: CountedReferral): void {
    const note = clocks.find(({ kind }) => kind === 'note');
    if (!note) return;
    if (specialty !== null) count(this.#bySpecialty, specialty, note);
    if (site !== null) count(this.#bySite, site, note);
  }

  figures(): ReportFigures['notes'] {
    return { bySpecialty: sorted(this.#bySpecialty), bySite: sorted(this.#bySite) };
  }
}

function count(figures: Map<string, NoteFigures>, name: string, clock: CountedClock): void {
  const overdue = isOverdue(clock);
  const fellDue = clock.dueBack !== null && clock.dueBack <= TRAILING && clock.outcome !== 'excluded';
  if (!fellDue && !overdue) return;
  const counts = figures.get(name) ?? { all: 0, late: 0, overdue: 0 };
  figures.set(name, counts);
  if (fellDue) counts.all += 1;
  if (fellDue && clock.outcome === 'missed') counts.late += 1;
  if (overdue) counts.overdue += 1;
}

function sorted(figures: ReadonlyMap<string, NoteFigures>): Record<string, NoteFigures> {
  return Object.fromEntries([...figures].sort(([a], [b]) => (a < b ? -1 : 1)));
}
