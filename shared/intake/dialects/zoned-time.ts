import type { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../contracts/instant.ts';
import type { Sender } from './sender.ts';

/** From where the zone of a time without an offset is taken. */
export interface Zones {
  sender: Sender;
  /** The offset of the message's own time, such as `-05:00`. Null: it has none. */
  ofMessage: string | null;
  /** The organization's time zone. */
  ofOrganization: string;
}

/** An instant, and whether its zone had to be guessed: from another time's offset, or the organization's zone. */
export interface Placed {
  at: Instant;
  isGuessed: boolean;
}

/**
 * When a local time is. A time that a change of clocks skips is taken an hour later, one that comes twice the first time.
 * @param offset its own, such as `-05:00`; null: it says none
 */
export function place(local: Temporal.PlainDateTime, offset: string | null, zones: Zones): Placed {
  const own = offset ?? zones.sender.timeZone ?? null;
  const zone = own ?? zones.ofMessage ?? zones.ofOrganization;
  return { at: local.toZonedDateTime(zone).epochMilliseconds, isGuessed: own === null };
}

/** How systems write that there is no date, unless the sender's entry says otherwise. */
const SENTINELS = ['00000000', '1900-01-01', '9999-12-31'];

/** How a sender writes that there is no date. */
export const sentinelsOf = ({ sentinels = SENTINELS }: Sender): readonly string[] => sentinels;

/** Whether a value says that there is no date. @param value as it was sent */
export function isSentinel(value: string, sender: Sender): boolean {
  const text = value.trim();
  return text === '' || text === '""' || sentinelsOf(sender).includes(text);
}
