import type { Policy } from '../../contracts/config.ts';
import type { EventAbout, EventType } from '../../contracts/event.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { typesThatStart, typesThatStop } from './clock-table.ts';

/** A clock that runs though nobody says when what it waits for happens. */
export interface UnheardClock {
  kind: ClockKind;
  /** The event types that would say so. */
  waitsFor: EventType[];
  /** Whether it stops at least when the patient is booked or seen. */
  stopsAtVisit: boolean;
}

/**
 * Clocks that a policy has and that the events of some senders leave running: one of them starts it, and none says that
 * what it waits for has happened.
 * @param said the event types that senders say
 */
export function unheardClocks(said: ReadonlySet<string>, { versions }: Policy): UnheardClock[] {
  const isSaid = (types: readonly EventAbout<'referral'>['type'][]): boolean => types.some((type) => said.has(type));
  const hasTarget = (kind: ClockKind): boolean =>
    versions.some(({ rules }) => rules.some(({ clocks }) => clocks[kind]?.target != null));
  return CLOCK_KINDS.flatMap((kind) => {
    const { own, bookedOrSeen } = typesThatStop(kind);
    if (!hasTarget(kind) || !isSaid(typesThatStart(kind)) || isSaid(own)) return [];
    return [{ kind, waitsFor: own, stopsAtVisit: isSaid(bookedOrSeen) }];
  });
}
