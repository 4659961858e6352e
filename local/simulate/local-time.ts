import { Temporal } from 'temporal-polyfill';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { isHoliday } from './holidays.ts';

const OPENS = 8 * 60;
const CLOSES = 17 * 60;

/**
 * Local time in a time zone, fast enough for a simulation that needs it a hundred thousand times: it asks Temporal for
 * the offset once for each simulated hour. `day` counts local dates from 1970-01-01, `minute` minutes from midnight.
 */
export class LocalTime {
  readonly zone: string;
  readonly #offsets = new Map<number, number>();

  constructor(zone: string) {
    this.zone = zone;
  }

  day(instant: Instant): number {
    return Math.floor((instant + this.#offset(instant)) / DAY_MS);
  }

  /** Minutes since local midnight. */
  minute(instant: Instant): number {
    return Math.floor(((((instant + this.#offset(instant)) % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
  }

  at(day: number, minute: number): Instant {
    const wall = day * DAY_MS + minute * MINUTE_MS;
    return wall - this.#offset(wall - this.#offset(wall));
  }

  /** The instant at which `minutes` of working time (08:00 to 17:00 on workdays) have passed since `from`. */
  afterWork(from: Instant, minutes: number): Instant {
    let day = this.day(from);
    let minute = Math.max(OPENS, this.minute(from));
    let rest = Math.round(minutes);
    while (!isWorkday(day) || minute + rest >= CLOSES) {
      if (isWorkday(day)) rest -= Math.max(0, CLOSES - minute);
      rest = Math.max(0, rest);
      day += 1;
      minute = OPENS;
    }
    return Math.max(from, this.at(day, minute + rest));
  }

  #offset(instant: Instant): number {
    const hour = Math.floor(instant / HOUR_MS);
    let offset = this.#offsets.get(hour);
    if (offset === undefined) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(hour * HOUR_MS).toZonedDateTimeISO(this.zone);
      offset = zoned.offsetNanoseconds / 1e6;
      this.#offsets.set(hour, offset);
    }
    return offset;
  }
}

/** The day of the week; 0 is Sunday. */
export const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7;

const workdays = new Map<number, boolean>();

/** Whether people work: Monday to Friday, but not on holidays. */
export function isWorkday(day: number): boolean {
  const known = workdays.get(day) ?? (weekday(day) !== 0 && weekday(day) !== 6 && !isHoliday(day));
  workdays.set(day, known);
  return known;
}

const zones = new Map<string, LocalTime>();

export function localTime(zone: string): LocalTime {
  const known = zones.get(zone) ?? new LocalTime(zone);
  zones.set(zone, known);
  return known;
}
