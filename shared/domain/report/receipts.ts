import type { ReportFigures } from '../../contracts/report.ts';
import { endClassOf } from '../referral/end-reasons.ts';
import { isWithin, type Span } from '../time/span.ts';
import type { CountedReferral } from './counted-referral.ts';
import { countUp, toCounts } from './counts.ts';
import { periodsBack, type ReportPeriod, spanOf } from './periods.ts';

interface SenderCounts {
  specialty: Map<string, number>;
  practice: Map<string, number>;
}

const noSenders = (): SenderCounts => ({ specialty: new Map(), practice: new Map() });

/**
 * The figures "intake" and "administrative closure" (docs/domain.md#figure-intake), and the referrals received in the
 * period and in the one before.
 */
export class Receipts {
  readonly #period: ReportPeriod;
  readonly #span: Span;
  readonly #received = { n: 0, prior: 0 };
  readonly #receivedBy = noSenders();
  readonly #incompleteBy = noSenders();
  readonly #patients = new Map<string, Set<string>>();
  readonly #declined = new Map<string, number>();
  readonly #declinedBy = noSenders();
  readonly #adminClosure = { n: 0, d: 0 };
  #incomplete = 0;

  constructor(period: ReportPeriod) {
    this.#period = period;
    this.#span = spanOf(period);
  }

  /** @param referral not voided */
  add(referral: CountedReferral): void {
    const back = periodsBack(this.#period, referral.receivedAt);
    if (back === 1) this.#received.prior += 1;
    if (back === 0) this.#addReceived(referral);
    for (const { at, reason } of referral.declines) {
      if (!isWithin(at, this.#span)) continue;
      countUp(this.#declined, reason);
      countFor(this.#declinedBy, referral);
    }
    this.#addClosure(referral);
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
    this.#incomplete += 1;
    countFor(this.#incompleteBy, referral);
  }

  #addClosure({ endedAt, endReason, hasEvidence }: CountedReferral): void {
    if (endedAt === null || !isWithin(endedAt, this.#span) || endReason === 'cancelled') return;
    this.#adminClosure.d += 1;
    if (endClassOf(endReason) === 'administrative' || !hasEvidence) this.#adminClosure.n += 1;
  }

  figures(): Pick<ReportFigures, 'received' | 'intake' | 'adminClosure'> {
    return {
      received: { ...this.#received },
      intake: {
        incomplete: {
          n: this.#incomplete,
          d: this.#received.n,
          bySpecialty: toCounts(this.#incompleteBy.specialty),
          byPractice: toCounts(this.#incompleteBy.practice),
        },
        declined: toCounts(this.#declined),
        declinedBySpecialty: toCounts(this.#declinedBy.specialty),
        declinedByPractice: toCounts(this.#declinedBy.practice),
        receivedBySpecialty: toCounts(this.#receivedBy.specialty),
        receivedByPractice: toCounts(this.#receivedBy.practice),
        patientsByPractice: toCounts(new Map([...this.#patients].map(([id, patients]) => [id, patients.size]))),
      },
      adminClosure: { ...this.#adminClosure },
    };
  }
}

function countFor(counts: SenderCounts, { specialty, practiceId }: CountedReferral): void {
  if (specialty !== null) countUp(counts.specialty, specialty);
  if (practiceId !== null) countUp(counts.practice, practiceId);
}
