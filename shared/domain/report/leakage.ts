import type { Instant } from '../../contracts/instant.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { endClassOf, isExclusion, isLeakage } from '../referral/end-reasons.ts';
import type { CountedReferral } from './counted-referral.ts';
import { countUp, toCounts } from './counts.ts';
import { isWithinDays } from './periods.ts';

/** Received 90 to 180 days ago: old enough that most have ended, recent enough to describe the present. */
const COHORT_FROM_DAYS = 180;
const COHORT_TO_DAYS = 90;

/**
 * The figures "funnel", "leakage" (broad and network) and "loop closure" (docs/domain.md#figure-funnel): how far the
 * referrals of the funnel cohort came, and why and where patients were lost.
 */
export class Leakage {
  readonly #asOf: Instant;
  readonly #funnel = { received: 0, reached: 0, scheduled: 0, seen: 0, noteReceived: 0 };
  readonly #byReason = new Map<string, number>();
  #d = 0;
  #known = 0;
  #leaked = 0;
  #leakedElsewhere = 0;
  #expiredAdmin = 0;

  constructor(asOf: Instant) {
    this.#asOf = asOf;
  }

  /** @param referral not voided */
  add(referral: CountedReferral): void {
    if (!isWithinDays(referral.receivedAt, this.#asOf, COHORT_FROM_DAYS, COHORT_TO_DAYS)) return;
    this.#addToFunnel(referral);
    this.#addToLeakage(referral);
  }

  #addToFunnel({ reachedAt, bookedAt, seenAt, noteAt }: CountedReferral): void {
    this.#funnel.received += 1;
    // A booking or a visit also stops the clock of reaching the patient.
    if (reachedAt !== null || bookedAt !== null) this.#funnel.reached += 1;
    if (bookedAt !== null) this.#funnel.scheduled += 1;
    if (seenAt !== null) this.#funnel.seen += 1;
    if (noteAt !== null) this.#funnel.noteReceived += 1;
  }

  #addToLeakage({ seenAt, noteAt, endReason }: CountedReferral): void {
    if (endReason === 'cancelled' || isExclusion(endReason)) return;
    this.#d += 1;
    const wasSeen = seenAt !== null || noteAt !== null;
    const endClass = endClassOf(endReason);
    if (endClass === 'administrative') this.#expiredAdmin += 1;
    if (wasSeen || endClass === 'completed' || endClass === 'competitive') this.#known += 1;
    if (wasSeen || endReason === null || !isLeakage(endReason)) return;
    this.#leaked += 1;
    countUp(this.#byReason, endReason);
    if (endClass === 'competitive') this.#leakedElsewhere += 1;
  }

  figures(): Pick<ReportFigures, 'funnel' | 'leakage' | 'loopClosure'> {
    const { noteReceived, received } = this.#funnel;
    return {
      funnel: { ...this.#funnel },
      leakage: {
        broad: { n: this.#leaked, d: this.#d },
        network: { n: this.#leakedElsewhere, d: this.#known, known: this.#d === 0 ? null : this.#known / this.#d },
        byReason: toCounts(this.#byReason),
        expiredAdmin: this.#expiredAdmin,
      },
      loopClosure: { n: noteReceived, d: received },
    };
  }
}
