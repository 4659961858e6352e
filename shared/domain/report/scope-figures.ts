import type { ReportFigures } from '../../contracts/report.ts';
import { byCodePoint } from '../code-point.ts';
import { Attainment } from './attainment.ts';
import { Backlog } from './backlog.ts';
import type { CountedReferral } from './counted-referral.ts';
import { Leakage } from './leakage.ts';
import { Notes } from './notes.ts';
import type { ReportPeriod } from './periods.ts';
import { Receipts } from './receipts.ts';
import { Visits } from './visits.ts';

/** The figures of one scope that are counts: they stay small however many referrals are counted. */
export class ScopeFigures {
  readonly #period: ReportPeriod;
  readonly #policyVersions = new Set<string>();
  readonly #attainment = new Attainment();
  readonly #backlog: Backlog;
  readonly #leakage: Leakage;
  readonly #visits: Visits;
  readonly #receipts: Receipts;
  readonly #notes = new Notes();

  constructor(period: ReportPeriod) {
    this.#period = period;
    this.#backlog = new Backlog(period.asOf);
    this.#leakage = new Leakage(period.asOf);
    this.#visits = new Visits(period);
    this.#receipts = new Receipts(period);
  }

  add(referral: CountedReferral): void {
    // Voided referrals are in no figure, except that their clocks count as excluded.
    this.#attainment.add(referral);
    if (referral.isVoided) return;
    this.#backlog.add(referral);
    this.#leakage.add(referral);
    this.#visits.add(referral);
    this.#receipts.add(referral);
    this.#notes.add(referral);
    if (referral.policyVersion !== null) this.#policyVersions.add(referral.policyVersion);
  }

  /** Open referrals for which no coordinator can be found. */
  get unassigned(): number {
    return this.#backlog.unassigned;
  }

  /** Appointments that have started and whose outcome nobody reported. */
  get visitsWithoutOutcome(): number {
    return this.#visits.withoutOutcome;
  }

  figures(): Pick<
    ReportFigures,
    | 'policyVersions'
    | 'received'
    | 'backlog'
    | 'funnel'
    | 'noShow'
    | 'recovery'
    | 'leakage'
    | 'loopClosure'
    | 'adminClosure'
    | 'intake'
    | 'notes'
  > & { clocks: ReturnType<Attainment['figures']> } {
    const { received, ...intake } = this.#receipts.figures();
    return {
      policyVersions: [...this.#policyVersions].sort(byCodePoint),
      received,
      clocks: this.#attainment.figures(this.#period),
      backlog: this.#backlog.figures(),
      ...this.#leakage.figures(),
      ...this.#visits.figures(),
      ...intake,
      notes: this.#notes.figures(),
    };
  }
}
