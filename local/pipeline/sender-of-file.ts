import { basename } from 'node:path';
import { type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';

/**
 * The sender whose name a file's name begins with, and after which no letter follows, nor a digit after a digit: `epic` is
 * whose `epic_1.hl7` and `epic20260302.hl7` are, and not `epicurean.hl7`. Of several the longest. Null: there is none.
 */
export function senderOfFile(file: string, { senders }: Dialects = NO_DIALECTS): string | null {
  const named = senders.map(({ name }) => name).filter((name) => begins(basename(file), name));
  return named.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** Whether a file's name begins with a sender's. */
export function begins(file: string, sender: string): boolean {
  if (!file.startsWith(sender)) return false;
  const rest = file.slice(sender.length);
  if (/^\p{L}/u.test(rest)) return !/\p{L}$/u.test(sender) && !/\d$/.test(sender);
  return !(/\d$/.test(sender) && /^\d/.test(rest));
}
