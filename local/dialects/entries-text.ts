import { FILL_IN } from '../../shared/contracts/fill-in.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { bold, dim, field, WIDTH } from '../cli/columns.ts';
import { NEW, type PasteEntry, pasteEntries, type Wanting } from './helpful-entries.ts';
import { jsonLines } from './json-lines.ts';
import type { TryConfig } from './try-messages.ts';

const MOST_ENTRIES = 30;

/** What entries of `dialects.json` would say what was guessed or went through as sent, and the JSON to put there. */
export function entryLines(all: readonly Wanting[], isOfRows: boolean, config: TryConfig): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST_ENTRIES);
  const more = all.length - shown.length;
  const senders = [...Map.groupBy(shown, ({ sender }) => sender)];
  const paste = pasteEntries(shown, config);
  return [
    bold('Entries of dialects.json that would help'),
    ...senders.flatMap(([sender, own]) => [
      ...(senders.length > 1 ? [`  ${sender}`] : []),
      ...own.flatMap(({ what, count, why }) =>
        field('', `${what}  ${plural(count, isOfRows ? 'row' : 'message')}: ${why}`, WIDTH, 4, 0).map((line, index) =>
          index === 0 ? line.slice(2) : line,
        ),
      ),
    ]),
    ...(more > 0 ? [dim(`  and ${more} more, with fewer`)] : []),
    ...(paste.length === 0 ? [] : ['']),
    ...paste.flatMap(pasteLines),
  ];
}

function placeOf(sender: PasteEntry['sender']): string {
  if (sender === NEW) return 'the entry that the sender needs';
  return sender === null ? '"defaults"' : `the entry of sender ${JSON.stringify(sender)}`;
}

function pasteLines({ sender, json }: PasteEntry): string[] {
  const place = placeOf(sender);
  const text = jsonLines(json, 2);
  const emits = text.some((line) => line.includes('"emit"')) ? ' Emits go at the end of its own.' : '';
  const fill = text.some((line) => line.includes(`"${FILL_IN}`))
    ? ` ${FILL_IN} is yours to say: docs/events.md has the types and words.`
    : '';
  return [...field('', `Add to ${place}; the words on the right are guesses.${emits}${fill}`, WIDTH, 2, 0), ...text];
}
