import type { NoteFigures, ReportFigures } from '../../contracts/report.ts';
import type { CountedClock, CountedReferral } from './counted-referral.ts';

/** Who is late with consult notes: of those that fell due in the period and the 8 before it. */
export class Notes {
  readonly #bySpecialty = new Map<string, NoteFigures>();
  readonly #bySite = new Map<string, NoteFigures>();

  /** A referral that isn't voided. */
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

function count(figures: Map<string, NoteFigures>, name: string, { outcome, window, stoppedAt, endedAt }: CountedClock) {
  const isLate = outcome === 'missed';
  const isOverdue = isLate && stoppedAt === null && endedAt === null;
  const fellDue = window !== null && outcome !== 'excluded';
  if (!fellDue && !isOverdue) return;
  const found = figures.get(name) ?? { all: 0, late: 0, overdue: 0 };
  figures.set(name, found);
  if (fellDue) found.all += 1;
  if (fellDue && isLate) found.late += 1;
  if (isOverdue) found.overdue += 1;
}

function sorted(figures: ReadonlyMap<string, NoteFigures>): Record<string, NoteFigures> {
  return Object.fromEntries([...figures].sort(([a], [b]) => (a < b ? -1 : 1)));
}
