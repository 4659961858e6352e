import { Temporal } from 'temporal-polyfill';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { Share } from '../../contracts/report.ts';
import { endClassOf } from '../referral/end-reasons.ts';
import { NumberList } from '../statistics/number-list.ts';
import { localDate, startOfDate } from '../time/local-date.ts';
import type { CountedReferral } from './counted-referral.ts';
import type { Group } from './groups.ts';
import { isWithinDays, type ReportPeriod, spanOf } from './periods.ts';

/** A note that is owed for less than this may yet come. */
const RECENT_DAYS = 90;

/** The estimate, and how many of those without a note were ordered too recently to tell. */
export interface Estimate extends Share {
  tooRecent: number;
}

/**
 * The figure "CMS50-style estimate" (docs/domain.md#figure-cms50; CMS50 is "closing the referral loop"): how many of the
 * patients with a referral ordered from January to October have a note of the first one by `asOf`. The year is that in
 * which the report's period begins, so that some report knows the notes of its last days. The estimate is made for all
 * scopes at once, by going through each patient's referrals in order to find the first one within each scope.
 */
export class Cms50 {
  readonly #timeZone: string;
  readonly #asOf: Instant;
  readonly #year: { from: Instant; november: Instant; to: Instant };
  /** A number for each patient id. */
  readonly #numbers = new Map<string, number>();
  readonly #days = new Map<string, Instant>();
  /** The lists hold one entry for each order in the months that count. */
  readonly #patients = new NumberList();
  readonly #orderedAt = new NumberList();
  /** The number of the group, or -1 less that number if a note has been received. */
  readonly #groups = new NumberList();

  constructor(period: ReportPeriod, timeZone: string) {
    this.#asOf = period.asOf;
    this.#timeZone = timeZone;
    const newYear = localDate(spanOf(period).from, timeZone).with({ month: 1, day: 1 });
    const start = (months: number): Instant => startOfDate(newYear.add({ months }), timeZone);
    this.#year = { from: start(0), november: start(10), to: start(12) };
  }

  /** @param referral not voided @param group number of its group */
  add(referral: CountedReferral, group: number): void {
    const { patientId, endReason } = referral;
    if (patientId === null || endReason === 'cancelled' || endClassOf(endReason) === 'exclusion') return;
    const orderedAt = this.#orderOf(referral);
    if (orderedAt < this.#year.from || orderedAt >= this.#year.november) return;
    let patient = this.#numbers.get(patientId);
    if (patient === undefined) {
      patient = this.#numbers.size;
      this.#numbers.set(patientId, patient);
    }
    this.#patients.add(patient);
    this.#orderedAt.add(orderedAt);
    this.#groups.add(this.#hasNote(referral) ? -1 - group : group);
  }

  #hasNote({ noteAt, laterNotes }: CountedReferral): boolean {
    const { from, to } = this.#year;
    const counts = (note: Instant): boolean => note >= from && note < to && note <= this.#asOf;
    return (noteAt !== null && counts(noteAt)) || laterNotes.some(counts);
  }

  #orderOf({ orderedAt, receivedAt }: CountedReferral): Instant {
    if (orderedAt === null) return receivedAt;
    // A stored `orderedAt` is an instant in ISO 8601 UTC, or a date.
    return orderedAt.length > DATE_LENGTH ? (parseInstant(orderedAt) ?? receivedAt) : this.#startOfDay(orderedAt);
  }

  /** When a date starts in the organization's time zone. */
  #startOfDay(date: string): Instant {
    let start = this.#days.get(date);
    if (start === undefined) {
      start = startOfDate(Temporal.PlainDate.from(date), this.#timeZone);
      this.#days.set(date, start);
    }
    return start;
  }

  /** The estimate of each scope, by number. @param scopes how many there are @param groups all of them, by number */
  figures(scopes: number, groups: readonly Group[]): Estimate[] {
    const shares = Array.from({ length: scopes }, () => ({ n: 0, d: 0, tooRecent: 0 }));
    /** By scope the patient who was counted last. */
    const last = new Int32Array(scopes).fill(-1);
    for (const index of this.#inOrder()) {
      const patient = this.#patients.at(index);
      const { group, n, tooRecent } = this.#orderAt(index);
      for (const scope of groups[group]?.scopes ?? []) {
        const share = shares[scope];
        if (!share || last[scope] === patient) continue;
        last[scope] = patient;
        share.d += 1;
        share.n += n;
        share.tooRecent += tooRecent;
      }
    }
    return shares;
  }

  /** The group of an order, and 1 for what it is: one with a note, or one without that is too recent. */
  #orderAt(index: number): { group: number; n: number; tooRecent: number } {
    const stored = this.#groups.at(index);
    if (stored < 0) return { group: -1 - stored, n: 1, tooRecent: 0 };
    const isRecent = isWithinDays(this.#orderedAt.at(index), this.#asOf, RECENT_DAYS);
    return { group: stored, n: 0, tooRecent: isRecent ? 1 : 0 };
  }

  /** Indexes of the orders: patient by patient, each patient's earliest first, of several at once one with a note. */
  #inOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.#patients.length }, (_, index) => index);
    const difference = (list: NumberList, a: number, b: number): number => list.at(a) - list.at(b);
    return order.sort(
      (a, b) =>
        difference(this.#patients, a, b) ||
        difference(this.#orderedAt, a, b) ||
        Math.sign(this.#groups.at(a)) - Math.sign(this.#groups.at(b)),
    );
  }
}

/** Length of a date such as 2026-03-02. */
const DATE_LENGTH = 10;
