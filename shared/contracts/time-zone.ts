import * as z from 'zod';

/** An IANA time zone that exists. */
export const timeZone = z.string().refine(
  (zone) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
    } catch {
      return false;
    }
  },
  { message: 'expected an IANA time zone such as America/New_York' },
);
