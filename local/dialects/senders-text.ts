import { NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { bold, field, WIDTH } from '../cli/columns.ts';
import { jsonLines } from './json-lines.ts';
import { isRow, placesText } from './places.ts';
import type { Tried, TryConfig } from './try-messages.ts';

const MOST_NAMED = 8;
const HL7 = /^hl7v2:\/([^/]*)\/([^/]*)$/;

/**
 * Senders without an entry where others have one, with the entry that they need, and entries whose `match` their messages
 * don't meet, so that only the name of a file finds them.
 */
export function senderLines(tried: readonly Tried[], config: TryConfig): string[] {
  const { dialects = NO_DIALECTS } = config;
  if (config.dialects === undefined) return noDialectsLines(tried, config);
  const names = dialects.senders.map(({ name, match = {} }) => {
    const [first] = Object.entries(match);
    return first ? `${name} (${first[0]} ${[first[1]].flat().join(' or ')})` : name;
  });
  const isOneFile = new Set(tried.map(({ file }) => file)).size === 1;
  const nobodys = tried.filter(({ sender, found }) => found.by === null && isUnnamed(sender));
  const unmet = Map.groupBy(
    tried.filter(({ found }) => found.unmet !== null),
    ({ sender, found }) => JSON.stringify([sender, found.unmet]),
  );
  if (unmet.size === 0 && (nobodys.length === 0 || names.length === 0)) return [];
  return [
    bold('Senders'),
    ...[...unmet.values()].flatMap((same) => unmetLines(same, isOneFile)),
    ...(names.length === 0 ? [] : nobodysLines(nobodys, isOneFile, names)),
  ];
}

function noDialectsLines(tried: readonly Tried[], { directory: { organization } }: TryConfig): string[] {
  if (!tried.some(({ sender, kind }) => isUnnamed(sender) || isRow({ kind }))) return [];
  const text =
    'The configuration has no dialects.json: codes are taken as they were sent, and no sender is known. One to begin with:';
  return [
    bold('Senders'),
    ...field('', text, WIDTH, 2, 0),
    ...jsonLines({ defaults: { timeZone: organization.timeZone }, senders: [] }, 2),
  ];
}

/** `source` of what no entry is for; events have their own. */
export const isUnnamed = (sender: string | null): boolean =>
  sender !== null && (sender.startsWith('hl7v2:/') || sender === 'fhir:/');

function unmetLines(same: readonly Tried[], isOneFile: boolean): string[] {
  const [{ sender, found }] = same as [Tried];
  const text = `The match of ${sender} isn't met by ${plural(same.length, 'message')}: ${found.unmet} (${placesText(same, isOneFile)}). Here ${found.by} says whose they are; on the queue an attribute sender has to, or match.`;
  return field('', text, WIDTH, 2, 0);
}

function nobodysLines(nobodys: readonly Tried[], isOneFile: boolean, names: readonly string[]): string[] {
  if (nobodys.length === 0) return [];
  const senders = new Set(nobodys.flatMap(({ sender }) => sender ?? []));
  const shown = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const apart =
    senders.size > 1 ? ' Without an entry these are different senders, and nothing of one ties to another.' : '';
  const text = `No entry of dialects.json fits ${plural(nobodys.length, 'message')} of ${[...senders].map(said).join(' and of ')} (${placesText(nobodys, isOneFile)}). Senders there: ${shown}${more}.${apart} If it is one of these, correct its match, or name the file after it, or say --sender.`;
  const facilities = new Set([...senders].flatMap((sender) => decoded(HL7.exec(sender)?.[1]) || []));
  const entries = [...facilities].map((facility) => ({
    name: facility.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-'),
    match: { 'MSH-4.1': facility },
  }));
  return [
    ...field('', text, WIDTH, 2, 0),
    ...(entries.length === 0
      ? []
      : [...field('', 'Else add to "senders":', WIDTH, 2, 0), ...entries.flatMap((entry) => jsonLines(entry, 2))]),
  ];
}

/** What a message says of its sender. */
function said(sender: string): string {
  const [, facility, application] = HL7.exec(sender) ?? [];
  const parts = [
    ...(decoded(facility) === '' ? [] : [`MSH-4.1 ${decoded(facility)}`]),
    ...(decoded(application) === '' ? [] : [`MSH-3.1 ${decoded(application)}`]),
  ];
  return parts.length > 0 ? parts.join(', ') : sender;
}

const decoded = (part = ''): string => decodeURIComponent(part);
