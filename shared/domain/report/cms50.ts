import { Temporal } from 'temporal-polyfill';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { Share } from '../../contracts/report.ts';
import { byCodePoint } from '../code-point.ts';
import { NumberList } from '../statistics/number-list.ts';
import { localDate, startOfDate } from '../time/local-date.ts';
import type { CountedReferral } from './counted-referral.ts';
import type { Group } from './groups.ts';

/**
 * The figure "CMS50-style estimate" (domain contract, section 9; CMS50 is "closing the referral loop"): how many of the
 * patients with a referral ordered from January to October have the note of the first one by `asOf`. It is made for all
 * scopes at once, by going through each patient's referrals in order to find the first one within each scope.
 */
export class Cms50 {
  readonly #asOf: Instant;
  readonly #timeZone: string;
  /** The year of `asOf`. */
  readonly #year: { from: Instant; november: Instant };
  /** A number for each patient id. */
  readonly #numbers = new Map<string, number>();
  readonly #days = new Map<string, Instant>();
  /** The lists hold one entry for each order in the months that count. */
  readonly #patients = new NumberList();
  readonly #orderedAt = new NumberList();
  readonly #receivedAt = new NumberList();
  /** The number of the group, or -1 less that number if the note has been received. */
  readonly #groups = new NumberList();
  readonly #referralIds: string[] = [];

  constructor(asOf: Instant, timeZone: string) {
    this.#asOf = asOf;
    this.#timeZone = timeZone;
    const today = localDate(asOf, timeZone);
    const start = (month: number): Instant => startOfDate(today.with({ month, day: 1 }), timeZone);
    this.#year = { from: start(1), november: start(11) };
  }

  /** @param referral not voided @param group number of its group */
  add(referral: CountedReferral, group: number): void {
    const { patientId, receivedAt, noteAt, referralId } = referral;
    const orderedAt = this.#orderOf(referral);
    if (patientId === null || orderedAt < this.#year.from || orderedAt >= this.#year.november) return;
    let patient = this.#numbers.get(patientId);
    if (patient === undefined) {
      patient = this.#numbers.size;
      this.#numbers.set(patientId, patient);
    }
    const hasNote = noteAt !== null && noteAt >= this.#year.from && noteAt <= this.#asOf;
    this.#patients.add(patient);
    this.#orderedAt.add(orderedAt);
    this.#receivedAt.add(receivedAt);
    this.#groups.add(hasNote ? -1 - group : group);
    this.#referralIds.push(referralId);
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

  /** A share for each scope, by number. @param scopes how many there are @param groups all of them, by number */
  figures(scopes: number, groups: readonly Group[]): Share[] {
    const shares = Array.from({ length: scopes }, () => ({ n: 0, d: 0 }));
    /** By scope the patient who was counted last. */
    const last = new Int32Array(scopes).fill(-1);
    for (const index of this.#inOrder()) {
      const patient = this.#patients.at(index);
      const stored = this.#groups.at(index);
      const hasNote = stored < 0;
      for (const scope of groups[hasNote ? -1 - stored : stored]?.scopes ?? []) {
        const share = shares[scope];
        if (!share || last[scope] === patient) continue;
        last[scope] = patient;
        share.d += 1;
        if (hasNote) share.n += 1;
      }
    }
    return shares;
  }

  /** Indexes of the orders: patient by patient, each patient's earliest first. */
  #inOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.#referralIds.length }, (_, index) => index);
    const difference = (list: NumberList, a: number, b: number): number => list.at(a) - list.at(b);
    return order.sort(
      (a, b) =>
        difference(this.#patients, a, b) ||
        difference(this.#orderedAt, a, b) ||
        difference(this.#receivedAt, a, b) ||
        byCodePoint(this.#referralIds[a] ?? '', this.#referralIds[b] ?? ''),
    );
  }
}

/** Length of a date such as 2026-03-02. */
const DATE_LENGTH = 10;
