import { basename } from 'node:path';
import { type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';

/**
 * The sender whose name a file's name begins with. Of several one whose name ends there, with no letter behind it nor a
 * digit behind a digit, comes first: `epic` has `epic_1.hl7` and `epic20260302.hl7`, and not what another is named for. Of
 * those the longest. Null: there is none.
 */
export function senderOfFile(file: string, { senders }: Dialects = NO_DIALECTS): string | null {
  const name = basename(file);
  const prefixes = senders.map((sender) => sender.name).filter((prefix) => name.startsWith(prefix));
  const [best] = prefixes.sort(
    (a, b) => Number(endsThere(name, b)) - Number(endsThere(name, a)) || b.length - a.length,
  );
  return best ?? null;
}

function endsThere(file: string, sender: string): boolean {
  const rest = file.slice(sender.length);
  if (/^\p{L}/u.test(rest)) return !/\p{L}$/u.test(sender) && !/\d$/.test(sender);
  return !(/\d$/.test(sender) && /^\d/.test(rest));
}
