import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

/** An instant as milliseconds since 1970-01-01T00:00:00Z. Inside the system instants are numbers, outside ISO 8601. */
export const instant = z.number();
export type Instant = z.output<typeof instant>;

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 date-time with offset; digits beyond milliseconds are cut off. Null if the text isn't one. */
export function parseInstant(text: string): Instant | null {
  return RFC_3339.test(text) ? (parseFormatted(text) ?? parseRfc3339(text)) : null;
}

/** Reads what `formatInstant` writes, in a third of the time: every fold reads its whole log. Null: another form. */
function parseFormatted(text: string): Instant | null {
  const read = text.length === '2026-03-02T14:00:00.000Z'.length ? Date.parse(text) : Number.NaN;
  // `Date` takes February 30 for March 2, so only a text that it also writes counts.
  return !Number.isNaN(read) && formatInstant(read) === text ? read : null;
}

function parseRfc3339(text: string): Instant | null {
  // Temporal reads at most nanoseconds. The contract cuts at milliseconds, so finer digits are cut off here.
  const readable = text.replace(/(\.\d{9})\d+/, '$1');
  try {
    return Temporal.Instant.from(readable).epochMilliseconds;
  } catch {
    return null;
  }
}

/** ISO 8601 in UTC with milliseconds, the only form in which instants leave the system. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

export function formatOptionalInstant(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

/** An RFC 3339 date-time with offset, normalised to ISO 8601 UTC with milliseconds. */
export const instantText = z
  .string({ error: 'expected an RFC 3339 date-time with offset' })
  // For generated schemas only; the transform is what checks.
  .meta({ format: 'date-time', pattern: RFC_3339.source })
  .transform((text, context) => {
    const parsed = parseInstant(text);
    if (parsed === null) {
      context.addIssue({ code: 'custom', message: 'expected an RFC 3339 date-time with offset' });
      return z.NEVER;
    }
    return formatInstant(parsed);
  });

/** A calendar date that exists, such as 2026-02-28. */
export const dateText = z.iso.date({ error: 'expected a date as YYYY-MM-DD', abort: true });

/**
 * Whether a date or a normalised instant lies in the years of this system, 2000 to 2100: real feeds say 1900-01-01 or
 * 9999-12-31 for "no date". Years beyond 9999 begin with a sign, which comes before every digit.
 */
export const isInYears = (normalised: string): boolean => normalised >= '2000' && normalised < '2101';
