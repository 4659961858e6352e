import type { LoopEvent } from '../../contracts/event.ts';
import type { PracticeFacts } from '../../contracts/practice.ts';
import { byOccurrence } from '../referral/event-order.ts';

/** What is known of a referring practice from its events, in whatever order they arrived: later wins. */
export function practiceFactsOf(practiceId: string, events: readonly LoopEvent[]): PracticeFacts {
  let lastContactAt: number | null = null;
  const open = new Map<string, number>();
  for (const event of [...events].sort(byOccurrence)) {
    if (event.type === 'practice.contacted') lastContactAt = event.time;
    if (event.type !== 'practice.feedback') continue;
    if (event.data.status === 'answered') open.delete(event.data.topic);
    else if (!open.has(event.data.topic)) open.set(event.data.topic, event.time);
  }
  return { practiceId, lastContactAt, openFeedback: [...open].map(([topic, since]) => ({ topic, since })) };
}
