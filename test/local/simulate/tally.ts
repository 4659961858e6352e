import type { CloudEvent } from '../../../local/simulate/chronicle.ts';
import { parseInstant } from '../../../shared/contracts/instant.ts';

export const instant = (text: string): number => parseInstant(text) as number;

/** The events of each referral that was received, oldest first, without repetitions and retracted events. */
export function histories(events: readonly CloudEvent[]): Map<string, CloudEvent[]> {
  const bySubject = new Map<string, Map<string, CloudEvent>>();
  for (const event of events) {
    const history = bySubject.get(event.subject) ?? new Map<string, CloudEvent>();
    bySubject.set(event.subject, history.set(`${event.source} ${event.id}`, event));
  }
  const kept = new Map<string, CloudEvent[]>();
  for (const [subject, distinct] of bySubject) {
    const history = [...distinct.values()].sort((a, b) => instant(a.time) - instant(b.time));
    if (!history.some(({ type }) => type === 'referral.received')) continue;
    const taken = history
      .filter(({ type }) => type === 'event.retracted')
      .map(({ data }) => data as { id?: string; entity?: string });
    kept.set(
      subject,
      history.filter(
        (event) => !taken.some(({ id, entity }) => event.id === id || (entity && event.entity === entity)),
      ),
    );
  }
  return kept;
}

export function share<T>(members: readonly T[], holds: (member: T) => boolean): number {
  return members.filter(holds).length / members.length;
}

/** When the first event of a type happened; null if there is none. */
export function firstOf(history: readonly CloudEvent[], type: string): number | null {
  const found = history.find((event) => event.type === type);
  return found ? instant(found.time) : null;
}

/** The share of no-shows among no-shows and completed visits; null if there was neither. */
export function noShowRate(histories: readonly CloudEvent[][]): number | null {
  const events = histories.flat();
  const missed = events.filter(({ type }) => type === 'appointment.no_show').length;
  const completed = events.filter(({ type }) => type === 'visit.completed').length;
  return missed + completed === 0 ? null : missed / (missed + completed);
}
