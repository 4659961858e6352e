import type { EventAbout, EventTypeAbout, LoopEvent } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { ReferralState } from '../../contracts/state.ts';
import type { SiteCalendar } from '../time/calendar.ts';
import { Slots } from './slots.ts';

/** Events that speak of appointments. */
type AppointmentEvent = LoopEvent<Extract<EventTypeAbout<'referral'>, `appointment.${string}` | `visit.${string}`>>;
type Booking = LoopEvent<'appointment.scheduled' | 'appointment.rescheduled'>;
export type Loss = LoopEvent<'appointment.no_show' | 'appointment.cancelled'>;
export type Visit = LoopEvent<'visit.arrived' | 'visit.completed'>;

type Status = 'unknown' | 'active' | 'cancelled' | 'no_show' | 'completed' | 'replaced' | 'over';

/** Visits that undo a no-show or cancellation, each with the id of the appointment that it was of. */
export type Undoing = ReadonlyMap<EventAbout<'referral'>, string>;

/** What a walked event did to the appointments. */
export type AppointmentEffect =
  /** It made an appointment active or gave it another start. */
  | { is: 'booking' }
  /** It says again what was, or names an appointment that was kept: nothing changes. */
  | { is: 'restatement' }
  /** A no-show or cancellation that took effect itself, and the ids of the appointments that are over with it. */
  | { is: 'loss'; over: string[] }
  /** A no-show of a start that the appointment has left. */
  | { is: 'former_slot'; startsAt: Instant | null; counts: boolean }
  /** A no-show or cancellation of an appointment that was kept, cancelled, missed or replaced before. */
  | { is: 'void'; status: Status }
  /** A visit, of that appointment; null: of none that is known. */
  | { is: 'visit'; appointmentId: string | null };

interface Appointment {
  id: string;
  status: Status;
  arrived: boolean;
  /** Number of its booking in the fold's order: the highest is "the one that was booked last". */
  booked: number;
  slots: Slots;
  /** What made it missed or cancelled since its last booking. */
  losses: Loss[];
}

/** The appointments of one referral while its events are walked in the fold's order (docs/domain.md#2-21). */
export class Appointments {
  readonly #calendar: SiteCalendar;
  readonly #known = new Map<string, Appointment>();
  readonly #effects = new Map<EventAbout<'referral'>, AppointmentEffect>();
  readonly #undoing: Undoing;
  #bookings = 0;
  #undone: Loss[] = [];

  /**
   * @param calendar the site's: a visit without an appointment's id belongs to one of its local date
   * @param undoing the visits that undo what is left out of the walk, each with the id of its appointment
   */
  constructor(calendar: SiteCalendar, undoing: Undoing = new Map()) {
    this.#calendar = calendar;
    this.#undoing = undoing;
  }

  take(event: AppointmentEvent): void {
    this.#undone = [];
    const effect = this.#effectOf(event);
    if (effect !== null) this.#effects.set(event, effect);
  }

  #effectOf(event: AppointmentEvent): AppointmentEffect | null {
    switch (event.type) {
      case 'appointment.offered':
        return null;
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

  /** What a walked event did; null if it is about no appointment. */
  effectOf(event: EventAbout<'referral'>): AppointmentEffect | null {
    return this.#effects.get(event) ?? null;
  }

  /** Whether a walked event made an appointment active or gave it another start. */
  isBooking(event: EventAbout<'referral'>): boolean {
    return this.effectOf(event)?.is === 'booking';
  }

  /** Whether a walked no-show or cancellation took effect itself: it is no news about a slot that was moved or kept. */
  isLoss(event: EventAbout<'referral'>): boolean {
    return this.effectOf(event)?.is === 'loss';
  }

  /** The no-shows and cancellations that the last walked visit shows to be wrong. */
  get undone(): readonly Loss[] {
    return this.#undone;
  }

  /** One is active. Also one without a start: a patient arrived though it had been cancelled, and it was never booked. */
  get isAnyActive(): boolean {
    return [...this.#known.values()].some(({ status }) => status === 'active');
  }

  /** The active appointments that were booked. */
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

  #book(event: Booking): AppointmentEffect {
    const { appointmentId, patientChoice } = event.data;
    const startsAt = parseInstant(event.data.startsAt);
    if (startsAt === null) throw new Error('an accepted booking has a start');
    const appointment = this.#at(appointmentId);
    const { status, slots } = appointment;
    if (patientChoice) slots.choose(startsAt);
    if (status === 'completed') return { is: 'restatement' };
    // What is over and gets a start that lies behind the event is restated, not booked again.
    if (status !== 'active' && status !== 'unknown' && startsAt <= event.time) return { is: 'restatement' };
    if (event.type === 'appointment.rescheduled') this.#replace(event);
    if (status === 'active' && slots.startsAt === startsAt) return { is: 'restatement' };
    // Nobody has arrived at the new start yet. An arrival that is older than every booking stays.
    if (appointment.booked > 0) appointment.arrived = false;
    appointment.status = 'active';
    appointment.losses = [];
    slots.moveTo(startsAt, event.time);
    this.#bookings += 1;
    appointment.booked = this.#bookings;
    return { is: 'booking' };
  }

  #replace({ data: { appointmentId, previousAppointmentId }, time }: LoopEvent<'appointment.rescheduled'>): void {
    for (const [id, other] of this.#known) {
      const isMeant = previousAppointmentId == null || previousAppointmentId === id;
      if (!isMeant || id === appointmentId || other.status !== 'active') continue;
      other.status = 'replaced';
      other.slots.leave(time);
    }
  }

  #lose(event: Loss): AppointmentEffect {
    const { time } = event;
    const appointment = this.#at(event.data.appointmentId);
    const { status, slots } = appointment;
    const isNoShow = event.type === 'appointment.no_show';
    if (isNoShow && (status === 'replaced' || slots.isOfFormer(time))) {
      return { is: 'former_slot', ...slots.missFormer(time) };
    }
    const changesNothing: Status[] = isNoShow ? ['completed', 'cancelled'] : ['completed', 'no_show', 'replaced'];
    if (changesNothing.includes(status)) return { is: 'void', status };
    appointment.status = isNoShow ? 'no_show' : 'cancelled';
    appointment.losses.push(event);
    if (isNoShow) slots.missCurrent();
    return { is: 'loss', over: this.#endUnheardOf(time) };
  }

  /**
   * An active appointment that has started and that nobody arrived at is no reason to wait once another was lost.
   * @returns the ids of those that are over now
   */
  #endUnheardOf(time: Instant): string[] {
    const over = [...this.#known.values()].filter(({ status, arrived, slots: { startsAt } }) => {
      return status === 'active' && !arrived && startsAt !== null && startsAt <= time;
    });
    for (const other of over) other.status = 'over';
    return over.map(({ id }) => id);
  }

  #visit(event: Visit): AppointmentEffect {
    const undoneId = this.#undoing.get(event);
    const id = undoneId ?? event.data.appointmentId;
    const appointment = id == null ? this.#visitedAt(event.time) : this.#at(id);
    this.#undone = appointment?.losses ?? [];
    const effect: AppointmentEffect = { is: 'visit', appointmentId: appointment?.id ?? null };
    if (!appointment || (appointment.status === 'replaced' && undoneId === undefined)) return effect;
    const { status, slots } = appointment;
    if (status === 'replaced') slots.stay();
    if (event.type === 'visit.completed') {
      appointment.status = 'completed';
    } else {
      appointment.arrived = true;
      // The patient is there, whatever was said of the appointment before.
      if (undoneId !== undefined || status === 'over') appointment.status = 'active';
    }
    return effect;
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
      appointment = { id, status: 'unknown', arrived: false, booked: 0, slots: new Slots(), losses: [] };
      this.#known.set(id, appointment);
    }
    return appointment;
  }
}

/** Whether an event speaks of appointments. */
export function isAppointmentEvent(event: EventAbout<'referral'>): event is AppointmentEvent {
  return event.type.startsWith('appointment.') || event.type.startsWith('visit.');
}
