import type { ReportFigures } from '../../contracts/report.ts';
import { type CountedReferral, countUp, toCounts } from './counted-referral.ts';
import { type ReportPeriod, spanOf, TRAILING, windowOf } from './periods.ts';

/** What came in during the period and the one before, what was incomplete, what was declined, and what was closed how. */
export class Receipts {
  readonly #period: ReportPeriod;
  readonly #received = { n: 0, prior: 0 };
  readonly #incomplete = { bySpecialty: new Map<string, number>(), byPractice: new Map<string, number>() };
  readonly #receivedBy = { specialty: new Map<string, number>(), practice: new Map<string, number>() };
  readonly #patients = new Map<string, Set<string>>();
  readonly #declined = new Map<string, number>();
  readonly #declinedBy = { specialty: new Map<string, number>(), practice: new Map<string, number>() };
  readonly #closed = { n: 0, d: 0 };
  #incompleteCount = 0;

  constructor(period: ReportPeriod) {
    this.#period = period;
  }

  /** A referral that isn't voided. */
  add(referral: CountedReferral): void {
    const window = windowOf(this.#period, referral.receivedAt);
    if (window === TRAILING - 1) this.#received.prior += 1;
    if (window === TRAILING) this.#addReceived(referral);
    const { from, to } = spanOf(this.#period);
    for (const { at, reason } of referral.declines) {
      if (at < from || at >= to) continue;
      countUp(this.#declined, reason);
      countFor(this.#declinedBy, referral);
    }
    const { endedAt, endReason, hasEvidence } = referral;
    if (endedAt === null || endedAt < from || endedAt >= to || endReason === 'cancelled') return;
    this.#closed.d += 1;
    if (endReason === 'expired_admin' || !hasEvidence) this.#closed.n += 1;
  }

  #addReceived(referral: CountedReferral): void {
    this.#received.n += 1;
    countFor(this.#receivedBy, referral);
    const { practiceId, patientId } = referral;
    if (practiceId !== null && patientId !== null) {
      const patients = this.#patients.get(practiceId) ?? new Set();
      this.#patients.set(practiceId, patients.add(patientId));
    }
    if (!referral.incompleteAtReceipt) return;
    this.#incompleteCount += 1;
    countFor({ specialty: this.#incomplete.bySpecialty, practice: this.#incomplete.byPractice }, referral);
  }

  figures(): Pick<ReportFigures, 'received' | 'intake' | 'adminClosure'> {
    return {
      received: { ...this.#received },
      intake: {
        incomplete: {
          n: this.#incompleteCount,
          d: this.#received.n,
          bySpecialty: toCounts(this.#incomplete.bySpecialty),
          byPractice: toCounts(this.#incomplete.byPractice),
        },
        declined: toCounts(this.#declined),
        declinedBySpecialty: toCounts(this.#declinedBy.specialty),
        declinedByPractice: toCounts(this.#declinedBy.practice),
        receivedBySpecialty: toCounts(this.#receivedBy.specialty),
        receivedByPractice: toCounts(this.#receivedBy.practice),
        patientsByPractice: toCounts(new Map([...this.#patients].map(([id, patients]) => [id, patients.size]))),
      },
      adminClosure: { ...this.#closed },
    };
  }
}

function countFor(
  counts: { specialty: Map<string, number>; practice: Map<string, number> },
  { specialty, practiceId }: CountedReferral,
): void {
  if (specialty !== null) countUp(counts.specialty, specialty);
  if (practiceId !== null) countUp(counts.practice, practiceId);
}
