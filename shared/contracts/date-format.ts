import { Temporal } from 'temporal-polyfill';

/** A date as somebody wrote it. */
export interface WrittenDate {
  local: Temporal.PlainDateTime;
  /** Such as `-05:00`. Null: it says none. */
  offset: string | null;
  /** Whether it says a time of day; without one `local` is its midnight. */
  hasTime: boolean;
}

/** Reads a text. Null: the text isn't written so, or there is no such date. */
export type ReadDate = (text: string) => WrittenDate | null;

/** No date is longer, so that reading one costs little whatever the text. */
const MOST_CHARACTERS = 40;

type Part = 'year' | 'month' | 'day' | 'hour' | 'hour12' | 'minute' | 'second' | 'fraction' | 'half' | 'offset';

interface Token {
  part: Part;
  pattern: string;
  /** The number that the text stands for. Absent: it is a number as it stands. */
  value?: (text: string) => number;
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september'],
  ...['october', 'november', 'december'],
];
/** 0: it is none. */
const monthNamed = (name: string): number => MONTHS.indexOf(name.toLowerCase()) + 1;
const monthBeginning = (name: string): number =>
  MONTHS.findIndex((month) => month.slice(0, 3) === name.toLowerCase()) + 1;
const CENTURY = 2000;
const OFFSET = '[Zz]|[+-]\\d{2}:?\\d{2}';

/** Letters of Unicode's date formats. Two letters want two digits, one takes one or two. */
const TOKENS: Record<string, Token> = {
  yyyy: { part: 'year', pattern: '\\d{4}' },
  yy: { part: 'year', pattern: '\\d{2}', value: (text) => CENTURY + Number(text) },
  MMMM: { part: 'month', pattern: '[A-Za-z]{3,9}', value: monthNamed },
  MMM: { part: 'month', pattern: '[A-Za-z]{3}', value: monthBeginning },
  MM: { part: 'month', pattern: '\\d{2}' },
  M: { part: 'month', pattern: '\\d{1,2}' },
  dd: { part: 'day', pattern: '\\d{2}' },
  d: { part: 'day', pattern: '\\d{1,2}' },
  HH: { part: 'hour', pattern: '\\d{2}' },
  H: { part: 'hour', pattern: '\\d{1,2}' },
  hh: { part: 'hour12', pattern: '\\d{2}' },
  h: { part: 'hour12', pattern: '\\d{1,2}' },
  mm: { part: 'minute', pattern: '\\d{2}' },
  ss: { part: 'second', pattern: '\\d{2}' },
  SSS: { part: 'fraction', pattern: '\\d{3}' },
  a: { part: 'half', pattern: '[AaPp]\\.?(?:[Mm]\\.?)?', value: (text) => (/^p/i.test(text) ? 12 : 0) },
  XXX: { part: 'offset', pattern: OFFSET },
};
const PIECE = /'([^']*)'|(XXX|SSS|yyyy|yy|MMMM?|MM?|dd?|HH?|hh?|mm|ss|a)|([^A-Za-z']|T)/y;

/**
 * A reader of dates that are written in a format such as `MM/dd/yyyy HH:mm`: yyyy yy MMMM MMM MM M dd d HH H hh h mm ss
 * SSS a XXX, text within single quotes, T and whatever is no letter. Months have English names.
 * @returns null if the format can't be read, lacks a part of the date, or an hour up to 12 without `a`
 */
export function dateFormat(format: string): ReadDate | null {
  const pieces = piecesOf(format);
  if (!pieces) return null;
  const tokens = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece]));
  const parts = new Set(tokens.map(({ part }) => part));
  if (parts.size < tokens.length || !isWhole(parts)) return null;
  const source = pieces.map((piece) => (typeof piece === 'string' ? escaped(piece) : `(${piece.pattern})`)).join('');
  const pattern = new RegExp(`^${source}$`);
  return (text) => {
    const found = text.length > MOST_CHARACTERS ? null : pattern.exec(text);
    return found && written(tokens, found.slice(1), parts);
  };
}

/** What programs that aren't written in Java put behind a percent sign. */
const PERCENT: Record<string, string> = {
  ...{ Y: 'yyyy', y: 'yy', m: 'MM', b: 'MMM', B: 'MMMM', d: 'dd', H: 'HH', I: 'hh', M: 'mm', S: 'ss', p: 'a' },
};

/**
 * The format that somebody probably meant who wrote letters of another kind: `DD/MM/YYYY HH:MM`, `mm/dd/yyyy`, `hh:mm`
 * without a half of the day, `%d.%m.%Y`. Null: no format is near.
 */
export function meantFormat(format: string): string | null {
  const letters = format.replace(/%([A-Za-z])/g, (whole, letter: string) => PERCENT[letter] ?? whole);
  const isInHalves = /a|tt/i.test(letters);
  let before = '';
  const meant = letters.replace(/([a-z])\1*/gi, (run, letter: string) => {
    const isMinute = before === 'h';
    before = letter.toLowerCase();
    switch (before) {
      case 'm':
        return (isMinute ? 'm' : 'M').repeat(run.length);
      case 'h':
        return (isInHalves ? 'h' : 'H').repeat(run.length);
      case 't':
        return run.length === 1 ? 'T' : 'a';
      case 's':
        return run.length === 3 ? 'SSS' : 'ss';
      default:
        return run.toLowerCase();
    }
  });
  return dateFormat(meant) === null ? null : meant;
}

function piecesOf(format: string): (string | Token)[] | null {
  const pieces: (string | Token)[] = [];
  let from = 0;
  while (from < format.length) {
    PIECE.lastIndex = from;
    const found = PIECE.exec(format);
    if (!found) return null;
    const token = TOKENS[found[2] ?? ''];
    pieces.push(token ?? found[1] ?? found[3] ?? '');
    from = PIECE.lastIndex;
  }
  return pieces;
}

function isWhole(parts: ReadonlySet<Part>): boolean {
  const hasHour = parts.has('hour') || parts.has('hour12');
  return (
    (['year', 'month', 'day'] as const).every((part) => parts.has(part)) &&
    parts.has('hour12') === parts.has('half') &&
    !(parts.has('hour') && parts.has('hour12')) &&
    parts.has('minute') === hasHour &&
    (!parts.has('second') || hasHour) &&
    (!parts.has('fraction') || parts.has('second'))
  );
}

function written(tokens: readonly Token[], texts: readonly string[], parts: ReadonlySet<Part>): WrittenDate | null {
  const values: Partial<Record<Part, number>> = {};
  let offset: string | null = null;
  for (const [index, { part, value = Number }] of tokens.entries()) {
    const text = texts[index] ?? '';
    if (part === 'offset') offset = offsetOf(text);
    else values[part] = value(text);
  }
  const { year = 0, month = 0, day = 0, hour12, half = 0, minute = 0, second = 0, fraction = 0 } = values;
  if (hour12 !== undefined && (hour12 < 1 || hour12 > 12)) return null;
  const hour = hour12 === undefined ? (values.hour ?? 0) : (hour12 % 12) + half;
  try {
    const of = { year, month, day, hour, minute, second, millisecond: fraction };
    return { local: Temporal.PlainDateTime.from(of, { overflow: 'reject' }), offset, hasTime: parts.has('minute') };
  } catch {
    return null;
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const offsetOf = (text: string): string =>
  text.toUpperCase() === 'Z' ? '+00:00' : text.replace(/^(.\d{2}):?(\d{2})$/, '$1:$2');

const ISO = new RegExp(`^(\\d{4}-\\d{2}-\\d{2})(?:[Tt ](\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?) ?(${OFFSET})?)?$`);

/** Reads a date or a date with a time of day as ISO 8601 writes it, with a space in place of T too. */
export const isoDate: ReadDate = (text) => {
  const found = text.length > MOST_CHARACTERS ? null : ISO.exec(text);
  if (!found) return null;
  const [, date = '', time, offset] = found;
  try {
    const local = Temporal.PlainDateTime.from(`${date}T${(time ?? '00:00').replace(',', '.')}`, { overflow: 'reject' });
    return { local, offset: offset === undefined ? null : offsetOf(offset), hasTime: time !== undefined };
  } catch {
    return null;
  }
};

/**
 * Reads a date as names of files have it: 20260302, 2026-03-02, 2026_03_02, and behind that a time of day: 20260302T0415,
 * 2026-03-02_04-15-00, 20260302041500Z.
 */
export const fileDate: ReadDate = (text) => {
  const found = text.length > MOST_CHARACTERS ? null : FILE_DATE.exec(text);
  if (!found) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', zulu = ''] = found;
  const iso = isoDate(`${year}-${month}-${day}T${hour}:${minute}:${second}${zulu}`);
  return iso && { ...iso, hasTime: found[4] !== undefined };
};
const FILE_DATE = /^(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?:[Tt _.-]?(\d{2})[-_.:]?(\d{2})(?:[-_.:]?(\d{2}))?([Zz])?)?$/;
