import { Temporal } from 'temporal-polyfill';
import { parseInstant } from '../../shared/contracts/instant.ts';
import { formatMoment } from '../../shared/mail/format-time.ts';

/** Instants and stretches of time in the time zone of a site, as people write them. */
export class SiteTime {
  readonly #zone: string;

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** `Tue 3 Mar 2026, 07:00 EST`. */
  moment(instant: string): string {
    return formatMoment(parseInstant(instant) ?? 0, this.#zone);
  }

  /** The same followed by UTC, to compare with logs and files. */
  exact(instant: string): string {
    return `${this.moment(instant)} [${instant.replace('.000Z', 'Z')}]`;
  }

  /** `Tue 3 Mar 2026, 07:00 -05:00`: as a file may say it. */
  withOffset(instant: string): string {
    const time = this.#local(instant);
    return `${shortDate(time.toPlainDate())} ${time.year}, ${timeOf(time)} ${time.offset}`;
  }

  /** A stretch within a day, `Tue 3 Mar 08:00-17:00` or `Tue 3 Mar 18:00-24:00`; a longer one has a day at each end. */
  stretch(from: string, to: string): string {
    const [start, end] = [this.#local(from), this.#local(to)];
    if (end.equals(start.startOfDay().add({ days: 1 })))
      return `${shortDate(start.toPlainDate())} ${timeOf(start)}-24:00`;
    const sameDay = start.toPlainDate().equals(end.toPlainDate());
    return `${shortDate(start.toPlainDate())} ${timeOf(start)}-${sameDay ? '' : `${shortDate(end.toPlainDate())} `}${timeOf(end)}`;
  }

  #local(instant: string): Temporal.ZonedDateTime {
    return Temporal.Instant.from(instant).toZonedDateTimeISO(this.#zone);
  }
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const shortDate = ({ dayOfWeek, day, month }: Temporal.PlainDate): string =>
  `${DAYS[dayOfWeek - 1]} ${day} ${MONTHS[month - 1]}`;

const timeOf = ({ hour, minute }: Temporal.ZonedDateTime): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

/** `Mon 2 Mar`, or `Mon 2 - Fri 6 Mar`. */
export function dates(first: string, last: string): string {
  const [from, to] = [Temporal.PlainDate.from(first), Temporal.PlainDate.from(last)];
  if (first === last) return shortDate(from);
  const start = from.month === to.month ? shortDate(from).replace(/ \w+$/, '') : shortDate(from);
  return `${start} - ${shortDate(to)}`;
}

/** `2 d 3 h`, `3 h 5 min`, `40 s`: the two largest units. */
export function elapsed(from: string, to: string): string {
  const seconds = Math.max(0, Math.round(((parseInstant(to) ?? 0) - (parseInstant(from) ?? 0)) / 1000));
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([value]) => value > 0);
  if (first === -1) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}
