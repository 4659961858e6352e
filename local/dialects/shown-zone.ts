import { NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import type { SiteTime } from '../explain/times.ts';
import type { TryConfig } from './try-messages.ts';

/** The time zone in which what a sender says is shown: its own, else the organization's. */
export function shownZone(sender: string | null, { dialects = NO_DIALECTS, directory }: TryConfig): string {
  const own = dialects.senders.find(({ name }) => name === sender);
  return own?.timeZone ?? dialects.defaults.timeZone ?? directory.organization.timeZone;
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** `data` of an event as words such as `priority=urgent practice.id=P-17`, instants as a person reads them. */
export function dataWords(data: unknown, time: SiteTime, before = ''): string[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) => {
    const field = `${before}${name}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return dataWords(value, time, `${field}.`);
    return `${field}=${valueText(value, time)}`;
  });
}

function valueText(value: unknown, time: SiteTime): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (INSTANT.test(text)) return time.withOffset(text);
  return /\s/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text;
}

/** With all its texts on one line and without control characters: what senders wrote can't command the terminal. */
export const harmless = <T>(plainJson: T): T =>
  JSON.parse(JSON.stringify(plainJson), (_, value) => (typeof value === 'string' ? withoutControls(value) : value));
