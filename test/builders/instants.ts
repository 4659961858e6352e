import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';

export const QUARTER = 15 * MINUTE_MS;

/** An instant from its text: RFC 3339, or `03-02 14:00` for UTC in 2026. Throws on anything else. */
export function at(text: string): Instant {
  const short = /^(\d\d-\d\d) (\d\d:\d\d)$/.exec(text);
  const instant = parseInstant(short ? `2026-${short[1]}T${short[2]}:00Z` : text);
  if (instant === null) throw new Error(`not an instant: ${text}`);
  return instant;
}

/** The short form that `at` reads. */
export function short(instant: Instant): string {
  return formatInstant(instant).slice(5, 16).replace('T', ' ');
}

/** The first detection run that sees what arrived at an instant. */
export function runOf(instant: Instant): Instant {
  return Math.ceil(instant / QUARTER) * QUARTER;
}
