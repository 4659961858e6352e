import { DAY_MS } from '../../contracts/duration.ts';
import { formatOptionalInstant, type Instant } from '../../contracts/instant.ts';
import { AGE_BUCKETS, type AgeBucket, type ReportFigures } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind, type Stage } from '../../contracts/vocabulary.ts';
import { type CountedReferral, isOverdue } from './counted-referral.ts';
import { countUp } from './counts.ts';

/** The greatest age in whole days of each bucket except the last. */
const OLDEST_DAY = [7, 14, 28, 60];
/** The stages of an open referral, in the order in which it goes through them. */
const OPEN_STAGES: readonly Stage[] = [
  'to_contact',
  'to_schedule',
  'to_close',
  'declined',
  'to_rebook',
  'scheduled',
  'awaiting_note',
];

/**
 * The figure "backlog" (docs/domain.md#figure-backlog): open referrals by stage and age, and the overdue clocks by kind.
 * Also counts the open referrals without a coordinator of "data quality".
 */
export class Backlog {
  readonly #asOf: Instant;
  readonly #byStage = new Map<Stage, number>(OPEN_STAGES.map((stage) => [stage, 0]));
  readonly #byAge = new Map<AgeBucket, number>(AGE_BUCKETS.map((bucket) => [bucket, 0]));
  readonly #overdue = new Map<ClockKind, number>(CLOCK_KINDS.map((kind) => [kind, 0]));
  #open = 0;
  #unassigned = 0;
  #oldest: Instant | null = null;

  constructor(asOf: Instant) {
    this.#asOf = asOf;
  }

  /** @param referral not voided */
  add(referral: CountedReferral): void {
    for (const clock of referral.clocks) if (isOverdue(clock)) countUp(this.#overdue, clock.kind);
    if (!referral.isOpen) return;
    const { stage, receivedAt, isUnassigned } = referral;
    this.#open += 1;
    countUp(this.#byStage, stage);
    countUp(this.#byAge, bucketOf(this.#asOf - receivedAt));
    if (isUnassigned) this.#unassigned += 1;
    if (this.#oldest === null || receivedAt < this.#oldest) this.#oldest = receivedAt;
  }

  /** Open referrals for which no coordinator can be found. */
  get unassigned(): number {
    return this.#unassigned;
  }

  figures(): ReportFigures['backlog'] {
    return {
      open: this.#open,
      byStage: Object.fromEntries(this.#byStage),
      byAge: Object.fromEntries(this.#byAge) as Record<AgeBucket, number>,
      overdue: Object.fromEntries(this.#overdue) as Record<ClockKind, number>,
      oldest: formatOptionalInstant(this.#oldest),
    };
  }
}

function bucketOf(ageMs: number): AgeBucket {
  const days = Math.floor(ageMs / DAY_MS);
  const index = OLDEST_DAY.findIndex((oldest) => days <= oldest);
  return AGE_BUCKETS[index] ?? 'over60';
}
