import type { UnmappedContent, UnmatchedContent } from '../../contracts/mail.ts';
import { byCodePoint } from '../code-point.ts';
import { directoryIds, type Places } from './directory-ids.ts';

/** What the operations mail says of input in other dialects that was taken in, but not as its sender may think. */

const MOST_KINDS = 3;

/** What waits for its referral, by sender, most first. Null: nothing does. @param cap how many senders are named */
export function unmatchedOf(held: readonly { sender: string; kind: string }[], cap: number): UnmatchedContent | null {
  if (held.length === 0) return null;
  const senders = mostFirst(held.map(({ sender }) => sender)).map(([sender, count]) => ({ sender, count }));
  const named = senders.slice(0, cap).map(({ sender, count }) => {
    const kinds = mostFirst(held.filter((each) => each.sender === sender).map(({ kind }) => kind));
    return { sender, count, kinds: kinds.slice(0, MOST_KINDS).map(([kind]) => kind) };
  });
  return { senders: named, more: senders.length - named.length, count: held.length };
}

/** How often each occurs, the most frequent first. */
function mostFirst(words: readonly string[]): [word: string, n: number][] {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, own]): [string, number] => [word, own.length]);
  return counts.sort(([a, n], [b, m]) => m - n || byCodePoint(a, b));
}

/**
 * Codes without an entry that somebody should see to. Null: there are none. One that is a site's or practice's id in the
 * directory needs no entry.
 * @param codes the most frequent first @param cap how many are named
 */
export function unmappedOf(
  codes: readonly { field: string; value: string; n: number }[],
  places: Places,
  cap: number,
): UnmappedContent | null {
  const isInDirectory = directoryIds(places);
  const unknown = codes.filter((code) => !isInDirectory(code));
  if (unknown.length === 0) return null;
  const named = unknown.slice(0, cap).map(({ field, value, n }) => ({ field, value, count: n }));
  return { codes: named, more: unknown.length - named.length };
}
