import type { EventType } from '../../shared/contracts/event.ts';
import type { Random } from './random.ts';

/** Words that senders use in place of the contract's. */

interface Habit {
  /** The field, the share of events that have it in other words, and these words; null and undefined for none. */
  field: string;
  share: number;
  words: readonly (string | null | undefined)[];
}

/** Some systems close without a reason, or with what somebody typed into the field. */
const HABITS: Partial<Record<EventType, readonly Habit[]>> = {
  'referral.closed': [
    { field: 'reason', share: 0.035, words: [undefined, null, 'per provider', 'CHART CLOSED', 'no longer needed'] },
  ],
  'referral.declined': [{ field: 'reason', share: 0.08, words: [undefined, 'age limit', 'SEE COMMENTS', null] }],
  'contact.attempted': [
    { field: 'channel', share: 0.012, words: ['fax', 'in person', 'video'] },
    { field: 'outcome', share: 0.018, words: ['busy', 'mailbox full', 'spoke to spouse', 'CB'] },
  ],
};

/** Data of an event as its sender writes it: mostly the same, now and then with a word of the sender's own or without. */
export function inWordsOfTheirOwn(type: EventType, data: object, random: Random): object {
  let written = data;
  for (const { field, share, words } of HABITS[type] ?? []) {
    if (random.chance(share)) written = { ...written, ...random.pick(words.map((word) => ({ [field]: word }))) };
  }
  return written;
}
