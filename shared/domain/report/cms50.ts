import { Temporal } from 'temporal-polyfill';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { Share } from '../../contracts/report.ts';
import { byCodePoint } from '../order.ts';
import type { Counted } from './counted.ts';
import type { Place } from './places.ts';

interface Order {
  patient: number;
  orderedAt: Instant;
  receivedAt: Instant;
  referralId: string;
  hasNote: boolean;
  scopes: Place['scopes'];
}

/**
 * The estimate in the manner of CMS50 ("closing the referral loop"): of the patients with a referral ordered from January
 * to October, how many have the note of the first one by the end of the year, or by now. For all scopes at once: a
 * patient's first referral within a scope is told by going through their referrals in order.
 */
export class Cms50 {
  readonly #asOf: Instant;
  readonly #timeZone: string;
  readonly #year: { from: Instant; november: Instant; to: Instant };
  readonly #patients = new Map<string, number>();
  readonly #days = new Map<string, Instant>();
  readonly #orders: Order[] = [];

  constructor(asOf: Instant, timeZone: string) {
    this.#asOf = asOf;
    this.#timeZone = timeZone;
    const { year } = Temporal.Instant.fromEpochMilliseconds(asOf).toZonedDateTimeISO(timeZone);
    const start = (of: number, month: number): Instant =>
      Temporal.PlainDate.from({ year: of, month, day: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
    this.#year = { from: start(year, 1), november: start(year, 11), to: start(year + 1, 1) };
  }

  /** A referral that isn't voided, in each of its scopes. */
  add(referral: Counted, scopes: Place['scopes']): void {
    const { patientId, receivedAt, noteAt, referralId } = referral;
    const orderedAt = this.#orderedAt(referral);
    if (patientId === null || orderedAt < this.#year.from || orderedAt >= this.#year.november) return;
    let patient = this.#patients.get(patientId);
    if (patient === undefined) {
      patient = this.#patients.size;
      this.#patients.set(patientId, patient);
    }
    const hasNote = noteAt !== null && noteAt >= this.#year.from && noteAt < this.#year.to && noteAt <= this.#asOf;
    this.#orders.push({ patient, orderedAt, receivedAt, referralId, hasNote, scopes });
  }

  #orderedAt({ orderedAt, receivedAt }: Counted): Instant {
    if (orderedAt === null) return receivedAt;
    // What is stored is ISO 8601 in UTC, or a date.
    return orderedAt.length > DATE_LENGTH ? (parseInstant(orderedAt) ?? receivedAt) : this.#startOfDay(orderedAt);
  }

  /** Of a date without a time: the day's start, in the organization's time zone. */
  #startOfDay(date: string): Instant {
    let start = this.#days.get(date);
    if (start === undefined) {
      start = Temporal.PlainDate.from(date).toZonedDateTime(this.#timeZone).epochMilliseconds;
      this.#days.set(date, start);
    }
    return start;
  }

  /** By the scope's number. */
  figures(scopes: number): Share[] {
    const shares = Array.from({ length: scopes }, () => ({ n: 0, d: 0 }));
    const last = new Int32Array(scopes).fill(-1);
    this.#orders.sort(
      (a, b) =>
        a.patient - b.patient ||
        a.orderedAt - b.orderedAt ||
        a.receivedAt - b.receivedAt ||
        byCodePoint(a.referralId, b.referralId),
    );
    for (const { patient, hasNote, scopes: own } of this.#orders) {
      for (const scope of own) {
        const share = shares[scope];
        if (!share || last[scope] === patient) continue;
        last[scope] = patient;
        share.d += 1;
        if (hasNote) share.n += 1;
      }
    }
    return shares;
  }
}

/** Of a date such as 2026-03-02. */
const DATE_LENGTH = 10;
