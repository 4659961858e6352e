import { readTimestamp } from '../../shared/intake/dialects/hl7v2/timestamp.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { bold, field, WIDTH } from '../cli/columns.ts';
import type { InputLine } from '../pipeline/input-files.ts';
import { shownZone } from './shown-zone.ts';
import type { Tried, TryConfig } from './try-messages.ts';

/** HL7 v2 messages whose own time contradicts the zone in which their other times are read. */
export interface ZoneDoubt {
  sender: string;
  zone: string;
  /** As MSH-7 says it. */
  said: string;
  /** That of the zone at that time. */
  expected: string;
  count: number;
}

/**
 * Messages whose MSH-7 has an offset that their sender's zone doesn't have then, alike ones together. Times of the same
 * message without an offset may be off by as much. UTC proves nothing: many systems stamp their messages with it.
 */
export function zoneDoubts(lines: readonly InputLine[], tried: readonly Tried[], config: TryConfig): ZoneDoubt[] {
  const senders = new Map(tried.map(({ file, position, sender }) => [`${position} ${file}`, sender]));
  const doubts = new Map<string, ZoneDoubt>();
  for (const { body, file, position, attributes } of lines) {
    const sender = senders.get(`${position} ${file}`);
    const time = attributes?.dialect === 'hl7v2' ? readTimestamp(messageTime(body)) : null;
    if (sender == null || time === null || time.offset === null || time.offset === '+00:00') continue;
    const zone = shownZone(sender, config);
    const expected = time.local.toZonedDateTime(zone).offset;
    if (expected === time.offset) continue;
    const key = JSON.stringify([sender, time.offset, expected]);
    const count = (doubts.get(key)?.count ?? 0) + 1;
    doubts.set(key, { sender, zone, said: time.offset, expected, count });
  }
  return [...doubts.values()].sort((a, b) => b.count - a.count);
}

/** MSH-7: of the fields of the first segment the sixth after its name, as MSH-1 is what parts them. */
function messageTime(body: string): string {
  const [header = ''] = /MSH[^\r\n]*/.exec(body) ?? [];
  return header.split(header.charAt(3))[6] ?? '';
}

export function zoneLines(doubts: readonly ZoneDoubt[]): string[] {
  if (doubts.length === 0) return [];
  return [
    bold('Time zones that may be wrong'),
    ...doubts.flatMap(({ sender, zone, said, expected, count }) =>
      field(
        '',
        `${sender}: MSH-7 says ${said} in ${plural(count, 'message')}, and ${zone} has ${expected} then. Times without an offset are read in ${zone}: correct the timeZone of this sender if they are written as MSH-7 is.`,
        WIDTH,
        2,
        0,
      ),
    ),
  ];
}
