// Oracle, part 1: time. RFC 3339, time zones (Intl only), site calendars, targets (docs/domain.md#5).

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export type Pause = { from: number; to: number }; // [from, to)
export type Target = { value: number; unit: string };
export type OpeningSpan = [string, string];
export type Calendar = { zone: string; hours: Record<string, OpeningSpan | OpeningSpan[]>; holidays: string[] };

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DEFAULT_HOURS: Record<string, OpeningSpan> = {
  mon: ['08:00', '17:00'],
  tue: ['08:00', '17:00'],
  wed: ['08:00', '17:00'],
  thu: ['08:00', '17:00'],
  fri: ['08:00', '17:00'],
};

type Six = [number, number, number, number, number, number];

// What was asked once is remembered: the same instants are asked for at every run of a referral.
function remembered<In, Out>(work: (one: In) => Out): (one: In) => Out {
  const known = new Map<In, Out>();
  return (one) => {
    const before = known.get(one);
    if (before !== undefined) return before;
    const out = work(one);
    known.set(one, out);
    return out;
  };
}

// RFC 3339 with offset -> milliseconds (finer digits cut off), or null.
export const parseInstant = (text: unknown): number | null => (typeof text === 'string' ? readInstant(text) : null);

const readInstant = remembered((text: string): number | null => {
  const m = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))$/.exec(text);
  if (!m) return null;
  const [y, mo, d, h, mi, s] = [m[1], m[2], m[3], m[4], m[5], m[6]].map(Number) as Six;
  if (mo < 1 || mo > 12 || h > 23 || mi > 59 || s > 59) return null;
  const ms = Number(`${m[7] ?? ''}000`.slice(0, 3));
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return null;
  let offset = 0;
  if (m[9]) {
    const oh = Number(m[10]),
      om = Number(m[11]);
    if (oh > 23 || om > 59) return null;
    offset = (oh * 60 + om) * 60_000 * (m[9] === '-' ? -1 : 1);
  }
  return date.getTime() + h * HOUR + mi * 60_000 + s * 1000 + ms - offset;
});

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2101, 0, 1);
/** "before 2000-01-01T00:00Z or from 2101-01-01T00:00Z on" is refused. */
export const inBounds = (ms: number): boolean => EARLIEST <= ms && ms < LATEST;

// A date alone -> its day number (days since 1970-01-01), or null.
export function parseDate(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const midnight = parseInstant(`${text}T00:00:00Z`);
  return midnight === null ? null : midnight / DAY;
}

export const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const offsetsOf = remembered((zone: string) => {
  const f = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return remembered((instant: number): number => {
    const p: any = {};
    for (const part of f.formatToParts(new Date(instant))) p[part.type] = Number(part.value);
    const local = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
    return local - Math.floor(instant / 1000) * 1000;
  });
});

const offsetAt = (zone: string, instant: number): number => offsetsOf(zone)(instant);

// A local date is a day number: days since 1970-01-01.
export const localDay = (zone: string, instant: number): number =>
  Math.floor((instant + offsetAt(zone, instant)) / DAY);
export const dayText = remembered((day: number): string => new Date(day * DAY).toISOString().slice(0, 10));
export const weekday = (day: number): string => WEEKDAYS[(((day + 4) % 7) + 7) % 7] as string;

// Local time -> instant, as Temporal's `compatible`: the earlier of two; in a gap, forward by the length of the gap.
export const toInstant = (zone: string, day: number, minutes: number): number =>
  instantsOf(zone)(day * DAY + minutes * 60_000);

const instantsOf = remembered((zone: string) =>
  remembered((local: number): number => {
    const before = offsetAt(zone, local - 36 * HOUR);
    const after = offsetAt(zone, local + 36 * HOUR);
    const fits = [before, after].map((o) => local - o).filter((t) => t + offsetAt(zone, t) === local);
    return fits.length > 0 ? Math.min(...fits) : local - before;
  }),
);

export const minutesOf = (hhmm: string): number => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3, 5));

// "A referral from an unknown practice or site is accepted (site: the organization's time zone and default hours)".
export function calendarOf(directory: any, site: string | null | undefined): Calendar {
  const s = (directory.sites ?? []).find((x: any) => x.id === site);
  if (!s) return { zone: directory.organization.timeZone, hours: DEFAULT_HOURS, holidays: [] };
  return { zone: s.timeZone, hours: s.hours ?? DEFAULT_HOURS, holidays: s.holidays ?? [] };
}

// The opening spans of a day as instants, in order; none on a day that is no business day.
function spansOf(cal: Calendar, day: number): { open: number; close: number }[] {
  const hours = cal.hours[weekday(day)] ?? [];
  if (cal.holidays.includes(dayText(day))) return [];
  const spans = (typeof hours[0] === 'string' ? [hours] : hours) as OpeningSpan[];
  return spans.map(([open, close]) => ({
    open: toInstant(cal.zone, day, minutesOf(open)),
    close: toInstant(cal.zone, day, minutesOf(close)),
  }));
}

// "closing is the end of the last"; null if that is no business day.
const closingOf = (cal: Calendar, day: number): number | null => spansOf(cal, day).at(-1)?.close ?? null;

const pausedAt = (pauses: Pause[], t: number): boolean => pauses.some((p) => p.from <= t && t < p.to);

// Walks from `from` to `to` (may be Infinity) outside of pauses; the instant at which `need` has elapsed, or what is left.
function elapse(from: number, to: number, need: number, pauses: Pause[]): { at: number } | { left: number } {
  let t = from;
  for (const p of pauses) {
    if (p.to <= t || p.from >= to) continue;
    if (p.from > t) {
      if (need <= p.from - t) return { at: t + need }; // exactly at the pause's start: at that start
      need -= p.from - t;
    }
    t = p.to;
  }
  if (t < to) {
    if (need <= to - t) return { at: t + need }; // exactly at closing: at closing
    need -= to - t;
  }
  return { left: need };
}

const LIMIT = 20_000; // days to walk before giving up

// Gross due: pauses = []. Net due: the referral's pauses.
export function dueOf(target: Target, start: number, cal: Calendar, pauses: Pause[]): number {
  const n = target.value;
  const firstDay = localDay(cal.zone, start);
  if (target.unit === 'hours') {
    const r = elapse(start, Infinity, n * HOUR, pauses);
    if ('at' in r) return r.at;
  }
  if (target.unit === 'business_hours') {
    let need = n * HOUR;
    let from = start; // so that no time counts twice where a gap in local time makes two spans overlap
    for (let day = firstDay; day < firstDay + LIMIT; day++) {
      for (const { open, close } of spansOf(cal, day).toSorted((a, b) => a.open - b.open)) {
        if (close <= from) continue;
        const r = elapse(Math.max(open, from), close, need, pauses);
        if ('at' in r) return r.at;
        need = r.left;
        from = close;
      }
    }
  }
  if (target.unit === 'business_days') {
    let d0 = firstDay;
    const closing = closingOf(cal, firstDay);
    if (closing === null || start >= closing) {
      d0 = firstDay + 1;
      while (closingOf(cal, d0) === null && d0 < firstDay + LIMIT) d0++;
    }
    let count = 0;
    for (let day = d0 + 1; day < d0 + LIMIT; day++) {
      const close = closingOf(cal, day);
      if (close === null || pausedAt(pauses, close)) continue;
      if (++count === n) return close;
    }
  }
  if (target.unit === 'calendar_days') {
    let count = 0;
    for (let day = firstDay + 1; day < firstDay + LIMIT; day++) {
      const midnight = toInstant(cal.zone, day + 1, 0);
      if (pausedAt(pauses, midnight)) continue;
      if (++count === n) return midnight;
    }
  }
  throw new Error(`no due found: ${JSON.stringify(target)} from ${iso(start)}`);
}

// warnBefore, escalateAfter: hours or calendar_days of 24 h, plain elapsed time.
export function plain(amount: Target | null | undefined): number | null {
  if (!amount) return null;
  return amount.value * (amount.unit === 'hours' ? HOUR : DAY);
}
