import type { EventAbout, EventTypeAbout, LoopEvent } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { SiteCalendar } from '../time/calendar.ts';
import { Slots } from './slots.ts';

/** Events that speak of appointments. */
type AppointmentEvent = LoopEvent<Extract<EventTypeAbout<'referral'>, `appointment.${string}` | `visit.${string}`>>;
type Booking = LoopEvent<'appointment.scheduled' | 'appointment.rescheduled'>;
type Loss = LoopEvent<'appointment.no_show' | 'appointment.cancelled'>;
type Visit = LoopEvent<'visit.arrived' | 'visit.completed'>;

type Status = 'unknown' | 'active' | 'cancelled' | 'no_show' | 'completed' | 'replaced' | 'over';

interface Appointment {
  status: Status;
  arrived: boolean;
  /** Number of its booking in the fold's order: the highest is "the one that was booked last". */
  booked: number;
  slots: Slots;
  /** What made it missed or cancelled since its last booking. */
  losses: Loss[];
}

/** The appointments of one referral while its events are walked in the fold's order (domain contract, section 2). */
export class Appointments {
  readonly #calendar: SiteCalendar;
  readonly #known = new Map<string, Appointment>();
  readonly #bookings = new Set<EventAbout<'referral'>>();
  readonly #losses = new Set<EventAbout<'referral'>>();
  #undone: Loss[] = [];

  /** @param calendar the site's: a visit without an appointment's id belongs to one of its local date */
  constructor(calendar: SiteCalendar) {
    this.#calendar = calendar;
  }

  take(event: AppointmentEvent): void {
    this.#undone = [];
    switch (event.type) {
      case 'appointment.offered':
        return;
      case 'appointment.scheduled':
      case 'appointment.rescheduled':
        return this.#book(event);
      case 'appointment.no_show':
      case 'appointment.cancelled':
        return this.#lose(event);
      case 'visit.arrived':
      case 'visit.completed':
        return this.#visit(event);
    }
  }

  /** Whether a walked event made an appointment active or gave it another start. */
  isBooking(event: EventAbout<'referral'>): boolean {
    return this.#bookings.has(event);
  }

  /** Whether a walked no-show or cancellation took effect itself: it is no news about a slot that was moved or kept. */
  isLoss(event: EventAbout<'referral'>): boolean {
    return this.#losses.has(event);
  }

  /** The no-shows and cancellations that the last walked visit shows to be wrong. */
  get undone(): readonly Loss[] {
    return this.#undone;
  }

  get active(): ReferralState['active'] {
    return [...this.#known.values()].flatMap(({ status, slots, arrived }) =>
      status === 'active' && slots.startsAt !== null
        ? [{ startsAt: slots.startsAt, arrived, ...(slots.isChosen && { patientChoice: true as const }) }]
        : [],
    );
  }

  /** Starts that no-shows are of, each once an appointment. */
  get noShows(): Instant[] {
    return [...this.#known.values()].flatMap(({ slots }) => slots.missed);
  }

  /** Starts of the appointments with a status, as last booked. One that was never booked has none. */
  startsOf(status: 'completed' | 'over'): Instant[] {
    return [...this.#known.values()].flatMap((appointment) =>
      appointment.status === status && appointment.slots.startsAt !== null ? [appointment.slots.startsAt] : [],
    );
  }

  /** One was missed or cancelled. */
  get lost(): boolean {
    return [...this.#known.values()].some(({ status }) => status === 'no_show' || status === 'cancelled');
  }

  #book(event: Booking): void {
    const { appointmentId, patientChoice } = event.data;
    const startsAt = parseInstant(event.data.startsAt);
    if (startsAt === null) throw new Error('an accepted booking has a start');
    const appointment = this.#at(appointmentId);
    const { status, slots } = appointment;
    if (patientChoice) slots.choose(startsAt);
    if (status === 'completed') return;
    // What is over and gets a start that lies behind the event is restated, not booked again.
    if (status !== 'active' && status !== 'unknown' && startsAt <= event.time) return;
    if (event.type === 'appointment.rescheduled') this.#replace(event);
    if (status === 'active' && slots.startsAt === startsAt) return;
    // Nobody has arrived at the new start yet. An arrival that is older than every booking stays.
    if (status !== 'unknown') appointment.arrived = false;
    appointment.status = 'active';
    appointment.losses = [];
    slots.moveTo(startsAt, event.time);
    this.#bookings.add(event);
    appointment.booked = this.#bookings.size;
  }

  #replace({ data: { appointmentId, previousAppointmentId }, time }: LoopEvent<'appointment.rescheduled'>): void {
    for (const [id, other] of this.#known) {
      const isMeant = previousAppointmentId == null || previousAppointmentId === id;
      if (!isMeant || id === appointmentId || other.status !== 'active') continue;
      other.status = 'replaced';
      other.slots.leave(time);
    }
  }

  #lose(event: Loss): void {
    const { time } = event;
    const appointment = this.#at(event.data.appointmentId);
    const { status, slots } = appointment;
    const isNoShow = event.type === 'appointment.no_show';
    if (status === 'completed' || (status === 'cancelled' && isNoShow)) return;
    if (isNoShow && (status === 'replaced' || slots.isBeforeCurrent(time))) return slots.missFormer(time);
    if (status === 'replaced' || (status === 'no_show' && !isNoShow)) return;
    appointment.status = isNoShow ? 'no_show' : 'cancelled';
    appointment.losses.push(event);
    if (isNoShow) slots.missCurrent();
    this.#losses.add(event);
    this.#endUnheardOf(appointment, time);
  }

  /** An active appointment that has started and that nobody arrived at is no reason to wait once another was lost. */
  #endUnheardOf(lost: Appointment, time: Instant): void {
    for (const other of this.#known.values()) {
      const hasStarted = other.slots.startsAt !== null && other.slots.startsAt <= time;
      if (other !== lost && other.status === 'active' && hasStarted && !other.arrived) other.status = 'over';
    }
  }

  #visit(event: Visit): void {
    const { appointmentId } = event.data;
    const appointment = appointmentId == null ? this.#visitedAt(event.time) : this.#at(appointmentId);
    this.#undone = appointment?.losses ?? [];
    if (!appointment || appointment.status === 'replaced') return;
    if (event.type === 'visit.completed') appointment.status = 'completed';
    else appointment.arrived = true;
    if (appointment.status === 'over') appointment.status = 'active';
  }

  /** The appointment of a visit that names none. */
  #visitedAt(time: Instant): Appointment | null {
    const day = this.#calendar.dayOf(time);
    const isToday = ({ slots: { startsAt } }: Appointment) =>
      startsAt !== null && this.#calendar.dayOf(startsAt) === day;
    const byBooking = [...this.#known.values()].sort((a, b) => b.booked - a.booked);
    const byStart = byBooking.toSorted((a, b) => (b.slots.startsAt ?? 0) - (a.slots.startsAt ?? 0));
    return (
      byStart.find((each) => each.status === 'active' && isToday(each)) ??
      byBooking.find(({ status }) => status === 'active') ??
      byStart.find((each) => each.status === 'no_show' && isToday(each)) ??
      null
    );
  }

  #at(id: string): Appointment {
    let appointment = this.#known.get(id);
    if (!appointment) {
      appointment = { status: 'unknown', arrived: false, booked: 0, slots: new Slots(), losses: [] };
      this.#known.set(id, appointment);
    }
    return appointment;
  }
}

/**
 * The facts without the no-shows and cancellations that a later visit of the same appointment undoes: these are as if
 * they had never been sent. What one of them had changed (an appointment that was over, a slot) changes with it, so the
 * facts are walked again until nothing is undone.
 * @param facts in the fold's order
 */
export function withoutUndone(
  facts: readonly EventAbout<'referral'>[],
  calendar: SiteCalendar,
): EventAbout<'referral'>[] {
  let left = [...facts];
  for (;;) {
    const undone = firstUndone(left, calendar);
    if (undone.length === 0) return left;
    left = left.filter((event) => !undone.some((each) => each === event));
  }
}

function firstUndone(facts: readonly EventAbout<'referral'>[], calendar: SiteCalendar): readonly Loss[] {
  const appointments = new Appointments(calendar);
  for (const event of facts) {
    if (!isAppointmentEvent(event)) continue;
    appointments.take(event);
    if (appointments.undone.length > 0) return appointments.undone;
  }
  return [];
}

function isAppointmentEvent(event: EventAbout<'referral'>): event is AppointmentEvent {
  return event.type.startsWith('appointment.') || event.type.startsWith('visit.');
}
