import type { EventData } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';

type Status = 'active' | 'cancelled' | 'no_show' | 'completed' | 'replaced' | 'unknown';

interface Appointment {
  status: Status;
  startsAt: Instant | null;
  arrived: boolean;
  /** A visit took place. This stays true when the id is booked again. */
  visited: boolean;
  /** Number of its booking in the fold's order: the highest is "the one that was booked last". */
  booked: number;
}

/** The appointments of one referral while its events are walked (domain contract, section 2). */
export class Appointments {
  readonly #known = new Map<string, Appointment>();
  #bookings = 0;

  /** How many bookings there were, the same id with another start included. */
  get bookings(): number {
    return this.#bookings;
  }

  schedule({ appointmentId, startsAt }: EventData<'appointment.scheduled'>): void {
    this.#book(appointmentId, startsAt);
  }

  reschedule({ appointmentId, previousAppointmentId, startsAt }: EventData<'appointment.rescheduled'>): void {
    for (const [id, other] of this.#known) {
      const replaces = previousAppointmentId == null || previousAppointmentId === id;
      if (replaces && id !== appointmentId && other.status === 'active') other.status = 'replaced';
    }
    this.#book(appointmentId, startsAt);
  }

  cancel({ appointmentId }: EventData<'appointment.cancelled'>): void {
    const appointment = this.#at(appointmentId);
    if (appointment.status === 'active' || appointment.status === 'unknown') appointment.status = 'cancelled';
  }

  miss({ appointmentId }: EventData<'appointment.no_show'>): void {
    const appointment = this.#at(appointmentId);
    if (!appointment.visited) appointment.status = 'no_show';
  }

  arrive({ appointmentId }: EventData<'visit.arrived'>): void {
    const appointment = this.#ofVisit(appointmentId);
    if (appointment) appointment.arrived = true;
  }

  complete({ appointmentId }: EventData<'visit.completed'>): void {
    const appointment = this.#ofVisit(appointmentId);
    if (!appointment) return;
    appointment.status = 'completed';
    appointment.visited = true;
  }

  get active(): { startsAt: Instant; arrived: boolean }[] {
    return [...this.#known.values()].flatMap(({ status, startsAt, arrived }) =>
      status === 'active' && startsAt !== null ? [{ startsAt, arrived }] : [],
    );
  }

  /** Starts of the appointments with a status, as last booked. One that was never booked has none. */
  startsOf(status: 'no_show' | 'completed'): Instant[] {
    return [...this.#known.values()].flatMap((appointment) =>
      appointment.status === status && appointment.startsAt !== null ? [appointment.startsAt] : [],
    );
  }

  /** One was missed or cancelled. */
  get lost(): boolean {
    return [...this.#known.values()].some(({ status }) => status === 'no_show' || status === 'cancelled');
  }

  wasVisited(id: string): boolean {
    return this.#known.get(id)?.visited ?? false;
  }

  /** Booking the id of an appointment that is over makes a new appointment of it: nobody has arrived yet. */
  #book(id: string, startsAtText: string): void {
    this.#bookings += 1;
    const startsAt = parseInstant(startsAtText);
    const appointment = this.#at(id);
    if (appointment.status === 'active' && appointment.startsAt === startsAt) return;
    if (appointment.status !== 'unknown') appointment.arrived = false;
    appointment.status = 'active';
    appointment.startsAt = startsAt;
    appointment.booked = this.#bookings;
  }

  #ofVisit(id: string | null | undefined): Appointment | null {
    if (id != null) return this.#at(id);
    const active = [...this.#known.values()].filter(({ status }) => status === 'active');
    return active.sort((a, b) => b.booked - a.booked)[0] ?? null;
  }

  #at(id: string): Appointment {
    let appointment = this.#known.get(id);
    if (!appointment) {
      appointment = { status: 'unknown', startsAt: null, arrived: false, visited: false, booked: 0 };
      this.#known.set(id, appointment);
    }
    return appointment;
  }
}
