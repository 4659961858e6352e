import { type EventAbout, type EventData, isAbout, type LoopEvent } from '../../contracts/event.ts';
import type { Instant } from '../../contracts/instant.ts';
import { byCodePoint } from '../code-point.ts';
import { restatedEvents } from './restated-events.ts';

/**
 * The fold's order: by when it happened, then by when the sender wrote it down (feeds stamp to the minute), then by
 * source and id, so that there is always one order.
 */
export function byOccurrence(a: LoopEvent, b: LoopEvent): number {
  return a.time - b.time || writtenAt(a) - writtenAt(b) || byCodePoint(a.source, b.source) || byCodePoint(a.id, b.id);
}

/** When the sender wrote an event down; for want of that, when it happened. */
export const writtenAt = ({ recordedAt, time }: LoopEvent): Instant => recordedAt ?? time;

/** (`source`, `id`) as one string; it identifies an event within its subject. */
export function identityOf(event: { source: string; id: string }): string {
  return JSON.stringify([event.source, event.id]);
}

/** What of a log is in force. */
export interface Effective {
  /** The distinct events in the fold's order, except those that were taken back or restated. */
  effective: LoopEvent[];
  /** Events that only say something again, each with what it says again. */
  restated: ReadonlyMap<LoopEvent, LoopEvent>;
}

/**
 * Which events of a log are in force. Retractions stay in: they are events, but can't be retracted themselves. What was
 * taken back is out before it is asked what is said again, so it makes no other event a restatement; and a retraction that
 * is itself a restatement still takes back what it names. The order of arrival plays no part.
 */
export function effectiveEvents(log: readonly LoopEvent[]): Effective {
  const left = notRetracted(log);
  const restated = restatedEvents(left);
  return { effective: left.filter((event) => !restated.has(event)), restated };
}

function notRetracted(log: readonly LoopEvent[]): LoopEvent[] {
  const distinct = new Map(log.map((event) => [identityOf(event), event]));
  const ordered = [...distinct.values()].sort(byOccurrence);
  const retracted = new Set<LoopEvent>();
  ordered.forEach((retraction, place) => {
    if (!isAbout(retraction, 'retraction')) return;
    const { source, id, entity } = takenBackBy(retraction);
    const named = id == null ? undefined : distinct.get(identityOf({ source, id }));
    if (named) retracted.add(named);
    if (entity == null) return;
    for (const event of ordered.slice(0, place)) {
      if (event.source === source && event.entity === entity) retracted.add(event);
    }
  });
  return ordered.filter((event) => isAbout(event, 'retraction') || !retracted.has(event));
}

function takenBackBy(retraction: EventAbout<'retraction'>): EventData<'event.retracted'> {
  switch (retraction.type) {
    case 'event.retracted':
      return retraction.data;
  }
}
