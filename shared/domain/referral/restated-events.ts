import type { LoopEvent } from '../../contracts/event.ts';
import { whatIsSaid } from './content.ts';

/**
 * Events by which a sender's object only says again what it said before: a resource that is touched every night, a
 * message that is sent anew. They are as if they had never been sent (docs/domain.md#2-12). An event says something again
 * if its object said it at the latest earlier time at which it said anything, so booked, cancelled and booked again are
 * three facts.
 * @param events distinct, none of them retracted, in the fold's order
 * @returns each with the event that it says again, which may be one that says something again in its turn
 */
export function restatedEvents(events: readonly LoopEvent[]): Map<LoopEvent, LoopEvent> {
  const restated = new Map<LoopEvent, LoopEvent>();
  for (const object of objectsOf(events)) {
    let standing = new Map<string, LoopEvent>();
    for (const atOnce of Map.groupBy(object, ({ time }) => time).values()) {
      const said = atOnce.map((event) => ({ event, words: whatIsSaid(event) }));
      for (const { event, words } of said) {
        // Two calls alike are two attempts.
        const before = event.type === 'contact.attempted' ? undefined : standing.get(words);
        if (before) restated.set(event, before);
      }
      const booked = said.findLast(({ event }) => isOfAppointments(event));
      const stands = said.filter((each) => each === booked || !isOfAppointments(each.event));
      standing = new Map(stands.map(({ event, words }) => [words, event]));
    }
  }
  return restated;
}

/** What each object of a sender said, in the order of the events. What is said of none, and what is said once, is left out. */
function objectsOf(events: readonly LoopEvent[]): LoopEvent[][] {
  const objects = new Map<string, LoopEvent[]>();
  for (const event of events) {
    if (event.entity === null) continue;
    const key = JSON.stringify([event.source, event.entity]);
    const known = objects.get(key);
    if (known) known.push(event);
    else objects.set(key, [event]);
  }
  return [...objects.values()].filter(({ length }) => length > 1);
}

/** Of those of one time the last says how things stand. */
function isOfAppointments({ type }: LoopEvent): boolean {
  return type.startsWith('appointment.');
}
