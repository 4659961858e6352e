import { Temporal } from 'temporal-polyfill';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { Share } from '../../contracts/report.ts';
import { byCodePoint } from '../code-point.ts';
import { NumberList } from '../statistics/number-list.ts';
import { localDate, startOfDate } from '../time/local-date.ts';
import type { CountedReferral } from './counted-referral.ts';
import type { Group } from './groups.ts';

/**
 * The estimate in the manner of CMS50 ("closing the referral loop"): of the patients with a referral ordered from January
 * to October, how many have the note of the first one by the end of the year, or by now. For all scopes at once: a
 * patient's first referral within a scope is told by going through their referrals in order.
 */
export class Cms50 {
  readonly #asOf: Instant;
  readonly #timeZone: string;
  /** That of `asOf`. */
  readonly #year: { from: Instant; november: Instant };
  readonly #patients = new Map<string, number>();
  readonly #days = new Map<string, Instant>();
  /** Of each order in the months that count, in columns. */
  readonly #patient = new NumberList();
  readonly #orderedAt = new NumberList();
  readonly #receivedAt = new NumberList();
  /** The number of the place, negative (less one) where the note is there. */
  readonly #place = new NumberList();
  readonly #referralIds: string[] = [];

  constructor(asOf: Instant, timeZone: string) {
    this.#asOf = asOf;
    this.#timeZone = timeZone;
    const today = localDate(asOf, timeZone);
    const start = (month: number): Instant => startOfDate(today.with({ month, day: 1 }), timeZone);
    this.#year = { from: start(1), november: start(11) };
  }

  /** @param place number of its place; it isn't voided */
  add(referral: CountedReferral, place: number): void {
    const { patientId, receivedAt, noteAt, referralId } = referral;
    const orderedAt = this.#orderOf(referral);
    if (patientId === null || orderedAt < this.#year.from || orderedAt >= this.#year.november) return;
    let patient = this.#patients.get(patientId);
    if (patient === undefined) {
      patient = this.#patients.size;
      this.#patients.set(patientId, patient);
    }
    const hasNote = noteAt !== null && noteAt >= this.#year.from && noteAt <= this.#asOf;
    this.#patient.add(patient);
    this.#orderedAt.add(orderedAt);
    this.#receivedAt.add(receivedAt);
    this.#place.add(hasNote ? -1 - place : place);
    this.#referralIds.push(referralId);
  }

  #orderOf({ orderedAt, receivedAt }: CountedReferral): Instant {
    if (orderedAt === null) return receivedAt;
    // What is stored is ISO 8601 in UTC, or a date.
    return orderedAt.length > DATE_LENGTH ? (parseInstant(orderedAt) ?? receivedAt) : this.#startOfDay(orderedAt);
  }

  /** Of a date without a time: the day's start, in the organization's time zone. */
  #startOfDay(date: string): Instant {
    let start = this.#days.get(date);
    if (start === undefined) {
      start = startOfDate(Temporal.PlainDate.from(date), this.#timeZone);
      this.#days.set(date, start);
    }
    return start;
  }

  /** By the scope's number. @param places all of them, by number */
  figures(scopes: number, places: readonly Group[]): Share[] {
    const shares = Array.from({ length: scopes }, () => ({ n: 0, d: 0 }));
    const last = new Int32Array(scopes).fill(-1);
    for (const index of this.#inOrder()) {
      const patient = this.#patient.at(index);
      const place = this.#place.at(index);
      const hasNote = place < 0;
      for (const scope of places[hasNote ? -1 - place : place]?.scopes ?? []) {
        const share = shares[scope];
        if (!share || last[scope] === patient) continue;
        last[scope] = patient;
        share.d += 1;
        if (hasNote) share.n += 1;
      }
    }
    return shares;
  }

  /** The orders patient by patient, each one's first order first. */
  #inOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.#referralIds.length }, (_, index) => index);
    const difference = (column: NumberList, a: number, b: number): number => column.at(a) - column.at(b);
    return order.sort(
      (a, b) =>
        difference(this.#patient, a, b) ||
        difference(this.#orderedAt, a, b) ||
        difference(this.#receivedAt, a, b) ||
        byCodePoint(this.#referralIds[a] ?? '', this.#referralIds[b] ?? ''),
    );
  }
}

/** Of a date such as 2026-03-02. */
const DATE_LENGTH = 10;
