import { DAY_MS } from '../../contracts/duration.ts';
import { formatOptionalInstant, type Instant } from '../../contracts/instant.ts';
import { AGE_BUCKETS, type AgeBucket, type ReportFigures } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind, type Stage } from '../../contracts/vocabulary.ts';
import type { CountedReferral } from './counted-referral.ts';

/** Oldest age in whole days of each bucket but the last. */
const OLDEST_DAY = [7, 14, 28, 60];
/** The stages of an open referral, in the order in which it goes through them. */
const OPEN_STAGES: readonly Stage[] = [
  'to_contact',
  'to_schedule',
  'declined',
  'to_rebook',
  'scheduled',
  'awaiting_note',
];

/** What is open as of an instant: by stage and age, and which promises are broken and still owed. */
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

  /** A referral that isn't voided. */
  add(referral: CountedReferral): void {
    for (const { kind, outcome, stoppedAt, endedAt } of referral.clocks) {
      const isOwed = outcome === 'missed' && stoppedAt === null && endedAt === null;
      if (isOwed) this.#overdue.set(kind, (this.#overdue.get(kind) ?? 0) + 1);
    }
    if (!referral.isOpen) return;
    const { stage, receivedAt, isUnassigned } = referral;
    const bucket = bucketOf(this.#asOf - receivedAt);
    this.#open += 1;
    this.#byStage.set(stage, (this.#byStage.get(stage) ?? 0) + 1);
    this.#byAge.set(bucket, (this.#byAge.get(bucket) ?? 0) + 1);
    if (isUnassigned) this.#unassigned += 1;
    if (this.#oldest === null || receivedAt < this.#oldest) this.#oldest = receivedAt;
  }

  /** Open referrals for whom no coordinator can be found. */
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
