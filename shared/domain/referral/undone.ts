import type { EventAbout } from '../../contracts/event.ts';
import type { SiteCalendar } from '../time/calendar.ts';
import { Appointments, isAppointmentEvent, type Loss, type Undoing, type Visit } from './appointments.ts';

/** A no-show or cancellation that never was, and the visit that shows it. */
export interface Undone {
  event: Loss;
  by: Visit;
}

/**
 * Takes out the no-shows and cancellations that a later visit of the same appointment undoes: these are as if they had
 * never been sent. What one of them had changed (an appointment that was over, a slot) changes with it, so the facts are
 * walked again until nothing is undone.
 * @param facts in the fold's order
 * @returns what is left, and for its walk which visits undid what is not
 */
export function undo(
  facts: readonly EventAbout<'referral'>[],
  calendar: SiteCalendar,
): { left: EventAbout<'referral'>[]; undone: Undone[]; undoing: Undoing } {
  let left = [...facts];
  const undone: Undone[] = [];
  const undoing = new Map<Visit, string>();
  for (;;) {
    const next = firstUndone(left, calendar, undoing);
    if (next.length === 0) return { left, undone, undoing };
    undone.push(...next);
    for (const { event, by } of next) undoing.set(by, event.data.appointmentId);
    left = left.filter((fact) => !next.some(({ event }) => event === fact));
  }
}

function firstUndone(facts: readonly EventAbout<'referral'>[], calendar: SiteCalendar, undoing: Undoing): Undone[] {
  const appointments = new Appointments(calendar, undoing);
  for (const fact of facts) {
    if (!isAppointmentEvent(fact)) continue;
    appointments.take(fact);
    // Only a visit undoes something.
    if (appointments.undone.length > 0) return appointments.undone.map((event) => ({ event, by: fact as Visit }));
  }
  return [];
}
