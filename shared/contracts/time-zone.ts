import * as z from 'zod';

/** An IANA time zone that exists. */
export const timeZone = z.string().refine(isTimeZone, {
  message: 'expected an IANA time zone such as America/New_York',
});

/** Whether this is the name of a time zone, in capital or small letters. */
export function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
