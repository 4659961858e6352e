import type { Instant } from '../../contracts/instant.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { CLOSE_REASON_CLASS, type EndReason } from '../../contracts/vocabulary.ts';
import { isExclusion } from '../referral/end.ts';
import { type CountedReferral, countUp, isWithinDays, toCounts } from './counted-referral.ts';

/** Old enough that most have come to an end, recent enough to be about today: received 90 to 180 days ago. */
const COHORT_FROM_DAYS = 180;
const COHORT_TO_DAYS = 90;

type Class = (typeof CLOSE_REASON_CLASS)[keyof typeof CLOSE_REASON_CLASS];
const LEAKAGE: readonly Class[] = ['competitive', 'patient', 'access', 'coverage', 'provider'];

const classOf = (reason: EndReason | null): Class | null =>
  reason === null || reason === 'cancelled' ? null : CLOSE_REASON_CLASS[reason];

/** Whether an end means that the patient got no care in the network (domain contract, section 7). */
export function isLeakage(reason: EndReason | null): boolean {
  const found = classOf(reason);
  return found !== null && LEAKAGE.includes(found);
}

/** How far the referrals of a settled cohort came, and where those went that got lost. */
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

  /** A referral that isn't voided. */
  add(referral: CountedReferral): void {
    if (!isWithinDays(referral.receivedAt, this.#asOf, COHORT_FROM_DAYS, COHORT_TO_DAYS)) return;
    const { reachedAt, bookedAt, seenAt, noteAt, endReason } = referral;
    this.#funnel.received += 1;
    // Booked or seen stops the clock of reaching the patient as well.
    if (reachedAt !== null || bookedAt !== null) this.#funnel.reached += 1;
    if (bookedAt !== null) this.#funnel.scheduled += 1;
    if (seenAt !== null) this.#funnel.seen += 1;
    if (noteAt !== null) this.#funnel.noteReceived += 1;

    if (endReason === 'cancelled' || (endReason !== null && isExclusion(endReason))) return;
    this.#d += 1;
    const wasSeen = seenAt !== null || noteAt !== null;
    const found = classOf(endReason);
    if (endReason === 'expired_admin') this.#expiredAdmin += 1;
    if (wasSeen || found === 'completed' || found === 'competitive') this.#known += 1;
    if (wasSeen || endReason === null || !isLeakage(endReason)) return;
    this.#leaked += 1;
    countUp(this.#byReason, endReason);
    if (found === 'competitive') this.#leakedElsewhere += 1;
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
