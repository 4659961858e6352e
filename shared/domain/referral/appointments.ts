import type { LoopEvent } from '../../contracts/event.ts';
import { type Instant, parseInstant } from '../../contracts/instant.ts';

type Status = 'active' | 'cancelled' | 'no_show' | 'completed' | 'replaced' | 'unknown';

interface Appointment {
  status: Status;
  startsAt: Instant | null;
  arrived: boolean;
  /** A visit took place; it stays so when the id is booked once more. */
  visited: boolean;
  /** Place of the booking in the fold's order: the latest is "the one that was booked last". */
  booked: number;
}

/** The appointments of one referral while its events are folded (domain contract, section 2). */
export class Appointments {
  readonly #known = new Map<string, Appointment>();
  #place = 0;

  /** Takes in one event; those that say nothing of appointments are passed over. */
  apply(event: LoopEvent): void {
    this.#place += 1;
    switch (event.type) {
      case 'appointment.scheduled':
        this.#book(event.data.appointmentId, event.data.startsAt);
        return;
      case 'appointment.rescheduled': {
        const { appointmentId, previousAppointmentId, startsAt } = event.data;
        for (const [id, other] of this.#known) {
          const replaces = previousAppointmentId == null || previousAppointmentId === id;
          if (replaces && id !== appointmentId && other.status === 'active') other.status = 'replaced';
        }
        this.#book(appointmentId, startsAt);
        return;
      }
      case 'appointment.cancelled': {
        const appointment = this.#at(event.data.appointmentId);
        if (appointment.status === 'active' || appointment.status === 'unknown') appointment.status = 'cancelled';
        return;
      }
      case 'appointment.no_show': {
        const appointment = this.#at(event.data.appointmentId);
        if (!appointment.visited) appointment.status = 'no_show';
        return;
      }
      case 'visit.arrived': {
        const appointment = this.#ofVisit(event.data.appointmentId);
        if (appointment) appointment.arrived = true;
        return;
      }
      case 'visit.completed': {
        const appointment = this.#ofVisit(event.data.appointmentId);
        if (!appointment) return;
        appointment.status = 'completed';
        appointment.visited = true;
        return;
      }
      default:
        return;
    }
  }

  get active(): { startsAt: Instant; arrived: boolean }[] {
    return [...this.#known.values()].flatMap(({ status, startsAt, arrived }) =>
      status === 'active' && startsAt !== null ? [{ startsAt, arrived }] : [],
    );
  }

  /** Starts of the appointments in a state, by the latest word on when they start; of one that was never booked none. */
  startsOf(status: 'no_show' | 'completed'): Instant[] {
    return [...this.#known.values()].flatMap((appointment) =>
      appointment.status === status && appointment.startsAt !== null ? [appointment.startsAt] : [],
    );
  }

  /** Had one that was missed or cancelled. */
  get lost(): boolean {
    return [...this.#known.values()].some(({ status }) => status === 'no_show' || status === 'cancelled');
  }

  wasVisited(id: string): boolean {
    return this.#known.get(id)?.visited ?? false;
  }

  /** A booking with the id of an appointment that is over makes it active again, as a new one: nobody has arrived yet. */
  #book(id: string, startsAtText: string): void {
    const startsAt = parseInstant(startsAtText);
    const appointment = this.#at(id);
    if (appointment.status === 'active' && appointment.startsAt === startsAt) return;
    if (appointment.status !== 'unknown') appointment.arrived = false;
    appointment.status = 'active';
    appointment.startsAt = startsAt;
    appointment.booked = this.#place;
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
