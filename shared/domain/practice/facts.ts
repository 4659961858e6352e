import { type EventTypeAbout, isAbout, type LoopEvent } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { PracticeFacts } from '../../contracts/practice.ts';
import { byOccurrence } from '../referral/event-order.ts';

interface Known {
  lastContactAt: Instant | null;
  /** Unanswered feedback: since when, by topic. */
  open: Map<string, Instant>;
}

const STEPS: { [K in EventTypeAbout<'practice'>]: (known: Known, event: LoopEvent<K>) => void } = {
  'practice.contacted': (known, { time }) => {
    known.lastContactAt = time;
  },
  'practice.feedback': ({ open }, { time, data: { status, topic } }) => {
    if (status === 'answered') open.delete(topic);
    else if (!open.has(topic)) open.set(topic, time);
  },
};

/** What the events of a referring practice say about it, in whatever order they arrived: the later one wins. */
export function practiceFactsOf(practiceId: string, events: readonly LoopEvent[]): PracticeFacts {
  const known: Known = { lastContactAt: null, open: new Map() };
  for (const event of events.filter((each) => isAbout(each, 'practice')).sort(byOccurrence)) {
    // The step is the one for the event's own type; the compiler can't see that they belong together.
    (STEPS[event.type] as (known: Known, event: LoopEvent) => void)(known, event);
  }
  const openFeedback = [...known.open].map(([topic, since]) => ({ topic, since }));
  return { practiceId, lastContactAt: known.lastContactAt, openFeedback };
}
