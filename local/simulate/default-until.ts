import type { Instant } from '../../shared/contracts/instant.ts';

/** A Monday, 07:30 in New York: the weekly report and the digests of the east have just been sent. */
export const DEFAULT_UNTIL: Instant = Date.parse('2026-06-01T11:30:00.000Z');
