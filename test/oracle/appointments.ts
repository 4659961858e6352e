// Oracle, part 4: appointments (docs/domain.md#2-21): bookings, no-shows and cancellations, visits, and what they undo.

import type { Ev } from './intake.ts';
import { type Appointment, inOrder, type MissedStart, type Step } from './state.ts';
import { localDay, parseInstant } from './time.ts';

/** What one event does to appointments. */
/** The facts without what was undone, and what they come to. */
export type Walk = { facts: Ev[]; steps: Step[]; appointments: Appointment[]; missedStarts: MissedStart[] };

const given = (v: unknown): boolean => v !== undefined && v !== null;
const NO_LONGER_ACTIVE = ['cancelled', 'no_show', 'replaced', 'over'];

/** The one that starts last; of equal ones the one booked last. */
function latest(list: Appointment[]): Appointment | undefined {
  return list.toSorted((a, b) => (a.startsAt as number) - (b.startsAt as number) || a.bookedAs - b.bookedAs).at(-1);
}

class Book {
  appointments: Appointment[] = [];
  missedStarts: MissedStart[] = [];
  private zone: string;
  private undone: Ev[]; // all that visits undid so far: no longer among the facts
  private undoing: Map<Ev, string>; // the visits that did, each with the id of its appointment
  private settled = new Set<Ev>(); // those of them whose visit has come
  private lostBy = new Map<Appointment, Ev>(); // the last no-show or cancellation
  private bookings = new Map<Appointment, Ev>(); // the last booking

  constructor(zone: string, undone: Ev[], undoing: Map<Ev, string>) {
    this.zone = zone;
    this.undone = undone;
    this.undoing = undoing;
  }

  withStatus(status: string): Appointment[] {
    return this.appointments.filter((a) => a.status === status);
  }

  private get(id: string): Appointment {
    let a = this.appointments.find((x) => x.id === id);
    if (!a) {
      a = { id, status: 'unknown', startsAt: null, earlier: [], replacedAt: null, bookedAs: -1, arrived: false };
      this.appointments.push(a);
    }
    return a;
  }

  private replaceOthers(a: Appointment, e: Ev): void {
    const previous = e.data.previousAppointmentId;
    for (const other of this.withStatus('active')) {
      if (other === a || (given(previous) && previous !== other.id)) continue;
      other.status = 'replaced';
      other.replacedAt = e.time;
    }
  }

  /** Returns whether it is a booking, not just a restatement. */
  book(e: Ev, index: number): boolean {
    const a = this.get(e.data.appointmentId);
    const startsAt = parseInstant(e.data.startsAt) as number;
    if (a.status === 'completed') return false;
    if (NO_LONGER_ACTIVE.includes(a.status) && startsAt <= e.time) return false;
    if (e.type === 'appointment.rescheduled') this.replaceOthers(a, e);
    if (a.status === 'active' && a.startsAt === startsAt) return false;
    if (a.startsAt !== null && a.startsAt !== startsAt)
      a.earlier.push({ startsAt: a.startsAt, leftAt: a.replacedAt ?? e.time });
    if (a.bookedAs >= 0) a.arrived = false; // the arrival was at another booking
    a.status = 'active';
    a.startsAt = startsAt;
    a.replacedAt = null;
    a.bookedAs = index;
    this.bookings.set(a, e);
    return true;
  }

  private miss(a: Appointment, startsAt: number | null, counts: boolean): void {
    if (startsAt === null) return;
    const known = this.missedStarts.find((m) => m.appointmentId === a.id && m.startsAt === startsAt);
    if (known)
      known.counts ||= counts; // once a start
    else this.missedStarts.push({ appointmentId: a.id, startsAt, counts });
  }

  private lose(a: Appointment, status: 'no_show' | 'cancelled', e: Ev): void {
    a.status = status;
    this.lostBy.set(a, e);
    for (const other of this.withStatus('active'))
      if (other.startsAt !== null && other.startsAt <= e.time && !other.arrived) other.status = 'over';
  }

  /** Returns whether it takes effect itself. */
  noShow(e: Ev): boolean {
    const a = this.get(e.data.appointmentId);
    const current = a.startsAt;
    const earlier = current === null ? [] : a.earlier.filter((x) => x.startsAt < current);
    if (current !== null && earlier.length > 0 && e.time < current) {
      // of an earlier start: the latest at or before its time, else the latest
      const begun = earlier.filter((x) => x.startsAt <= e.time);
      const startsAt = Math.max(...(begun.length > 0 ? begun : earlier).map((x) => x.startsAt));
      const left = earlier.findLast((x) => x.startsAt === startsAt)?.leftAt as number;
      this.miss(a, startsAt, startsAt <= left);
      return false;
    }
    if (a.status === 'replaced') {
      this.miss(a, current, current !== null && current <= (a.replacedAt as number));
      return false;
    }
    if (a.status === 'completed' || a.status === 'cancelled') return false;
    this.miss(a, current, true);
    this.lose(a, 'no_show', e);
    return true;
  }

  /** Returns whether it takes effect itself. */
  cancel(e: Ev): boolean {
    const a = this.get(e.data.appointmentId);
    if (['completed', 'no_show', 'replaced'].includes(a.status)) return false;
    this.lose(a, 'cancelled', e);
    return true;
  }

  /** The appointment that a visit belongs to. */
  private visited(e: Ev): Appointment | undefined {
    const named = this.undoing.get(e) ?? e.data.appointmentId;
    if (given(named)) return this.get(named);
    const today = localDay(this.zone, e.time);
    const startsToday = (a: Appointment) => a.startsAt !== null && localDay(this.zone, a.startsAt) === today;
    const active = this.withStatus('active');
    const bookedLast = active.toSorted((a, b) => a.bookedAs - b.bookedAs).at(-1);
    return latest(active.filter(startsToday)) ?? bookedLast ?? latest(this.withStatus('no_show').filter(startsToday));
  }

  /** What was undone of an appointment since its last booking, for the first visit after it. */
  private undoneOf(a: Appointment, visit: Ev): Ev[] {
    const booking = this.bookings.get(a);
    const since = (x: Ev) => inOrder(x, visit) < 0 && (booking === undefined || inOrder(booking, x) < 0);
    return this.undone.filter((x) => x.data.appointmentId === a.id && since(x) && !this.settled.has(x));
  }

  /** Returns the no-show or cancellation that it undoes: the last, so that one before it comes to light and is next. */
  visit(e: Ev): Ev | undefined {
    const a = this.visited(e);
    if (!a) return undefined;
    if (a.status === 'no_show' || a.status === 'cancelled') return this.lostBy.get(a);
    const undid = this.undoneOf(a, e);
    for (const one of undid) this.settled.add(one);
    if (a.status === 'replaced' && undid.length === 0) return undefined;
    // what a visit undid is completed, or active and arrived, even if it was booked elsewhere meanwhile
    if (e.type === 'visit.completed') a.status = 'completed';
    else if (undid.length > 0 || a.status === 'over') a.status = 'active';
    if (e.type === 'visit.arrived') a.arrived = true;
    a.replacedAt = null;
    return undefined;
  }
}

/** Walks until a visit undoes something, which it returns, or to the end. */
function walkOnce(facts: Ev[], book: Book, steps: Step[]): { lost: Ev; visit: Ev } | undefined {
  for (const [index, e] of facts.entries()) {
    const step: Step = { booking: false, lost: false, anyActive: false };
    if (e.type === 'appointment.scheduled' || e.type === 'appointment.rescheduled') step.booking = book.book(e, index);
    if (e.type === 'appointment.no_show') step.lost = book.noShow(e);
    if (e.type === 'appointment.cancelled') step.lost = book.cancel(e);
    if (e.type === 'visit.arrived' || e.type === 'visit.completed') {
      const lost = book.visit(e);
      if (lost) return { lost, visit: e };
    }
    step.anyActive = book.withStatus('active').length > 0;
    steps.push(step);
  }
  return undefined;
}

/** Whenever a visit undoes a no-show or cancellation, takes that out and starts over: "as if it had never been sent". */
export function walkAppointments(all: Ev[], zone: string): Walk {
  let facts = all;
  const undone: Ev[] = [];
  const undoing = new Map<Ev, string>();
  for (;;) {
    const book = new Book(zone, undone, undoing);
    const steps: Step[] = [];
    const found = walkOnce(facts, book, steps);
    if (!found) return { facts, steps, appointments: book.appointments, missedStarts: book.missedStarts };
    undone.push(found.lost);
    undoing.set(found.visit, found.lost.data.appointmentId);
    facts = facts.filter((e) => e !== found.lost);
  }
}
