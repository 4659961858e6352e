import type { CloudEvent } from '../../../local/simulate/chronicle.ts';
import { parseInstant } from '../../../shared/contracts/instant.ts';
import {
  CLOSE_REASONS,
  CONTACT_CHANNELS,
  CONTACT_OUTCOMES,
  DECLINE_REASONS,
} from '../../../shared/contracts/vocabulary.ts';

export const instant = (text: string): number => parseInstant(text) as number;

const recorded = (event: CloudEvent) => instant(event.recordedtime ?? event.time);
const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The order of the fold, for ids and sources in ASCII. */
function inOrder(a: CloudEvent, b: CloudEvent): number {
  return (
    instant(a.time) - instant(b.time) || recorded(a) - recorded(b) || byText(a.source, b.source) || byText(a.id, b.id)
  );
}

/** The events of each referral that was received, in the fold's order, without repetitions and retracted events. */
export function histories(events: readonly CloudEvent[]): Map<string, CloudEvent[]> {
  const bySubject = new Map<string, Map<string, CloudEvent>>();
  for (const event of events) {
    const history = bySubject.get(event.subject) ?? new Map<string, CloudEvent>();
    const key = `${event.source} ${event.id}`;
    if (!history.has(key)) bySubject.set(event.subject, history.set(key, event));
  }
  const kept = new Map<string, CloudEvent[]>();
  for (const [subject, distinct] of bySubject) {
    const history = [...distinct.values()].sort(inOrder);
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

const WORDS: Record<string, Record<string, readonly string[]>> = {
  'referral.closed': { reason: CLOSE_REASONS },
  'referral.declined': { reason: DECLINE_REASONS },
  'contact.attempted': { channel: CONTACT_CHANNELS, outcome: CONTACT_OUTCOMES },
};

/** An event's data with words of the sender's own, and missing reasons, replaced as the contract says. */
export function inTheContractsWords({ type, data }: Pick<CloudEvent, 'type' | 'data'>): object {
  const replaced = Object.entries(WORDS[type] ?? {}).flatMap(([field, words]) => {
    const word = (data as Record<string, unknown>)[field];
    if (typeof word === 'string' ? words.includes(word) : field !== 'reason') return [];
    return [[field, type === 'referral.closed' ? 'unspecified' : 'other']];
  });
  return { ...data, ...Object.fromEntries(replaced) };
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
