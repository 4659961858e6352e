// Oracle, part 3: what a referral is made of, the fold's order, dimensions and appointments after an event (domain.md sections 2 and 3).

import type { Ev } from './intake.ts';
import { type Pause, parseInstant } from './time.ts';

export type Clock = {
  kind: string;
  instance: number;
  startedBy: string; // type of the starting event
  startedAt: number;
  dueAt: number;
  netDueAt: number;
  stoppedAt: number | null; // also null if it stops after the end that ends it
  endedAt: number | null; // the end in force, if it ends this clock
  warnMs: number | null;
  warnAtStart: boolean;
  escalateMs: number | null;
};

export type Appointment = {
  id: string;
  status: string;
  startsAt: number | null;
  bookedAs: number;
  arrived: boolean;
  wasCompleted: boolean;
};
export type End = { time: number; reason: string; excludes: boolean; cancelled: boolean; evidence: any };
export type State = {
  facts: Ev[]; // distinct, not retracted, in the fold's order; without alert events and retractions
  lastEventAt: number | null; // without alert events and retracted ones
  voided: boolean;
  received: number; // index in facts of the first referral.received, or -1
  dims: any; // as known now; {} until received
  version: any; // policy version, null until received
  end: End | null;
  appointments: Appointment[];
  pauses: Pause[];
  clocks: Clock[];
  stage: string;
  open: boolean;
};

const DIM_FIELDS = [
  'priority',
  'specialty',
  'site',
  'practice',
  'patient',
  'orderedAt',
  'payer',
  'tags',
  'coordinatorId',
  'liaisonId',
  'requestedBy',
  'receivedVia',
];

export function byCodePoint(a: string, b: string): number {
  const x = [...a],
    y = [...b];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const d = (x[i]?.codePointAt(0) as number) - (y[i]?.codePointAt(0) as number);
    if (d !== 0) return d;
  }
  return x.length - y.length;
}

export const inOrder = (a: Ev, b: Ev): number =>
  a.time - b.time || byCodePoint(a.source, b.source) || byCodePoint(a.id, b.id);

// Dimensions after the event at position `upTo` (inclusive). Later wins; `practice` (and `patient`) as a whole.
export function dimsAt(facts: Ev[], upTo: number): any {
  const dims: any = {};
  for (const e of facts.slice(0, upTo + 1)) {
    if (e.type !== 'referral.received' && e.type !== 'referral.updated') continue;
    for (const f of DIM_FIELDS) if (e.data[f] !== undefined) dims[f] = e.data[f];
  }
  return dims;
}

// Appointments after the event at position `upTo` (inclusive).
export function appointmentsAt(facts: Ev[], upTo: number): Appointment[] {
  const list: Appointment[] = [];
  const get = (id: string): Appointment => {
    let a = list.find((x) => x.id === id);
    if (!a) {
      a = { id, status: 'unknown', startsAt: null, bookedAs: -1, arrived: false, wasCompleted: false };
      list.push(a);
    }
    return a;
  };
  const bookedLast = (): Appointment | null => {
    let best: Appointment | null = null;
    for (const a of list) if (a.status === 'active' && (!best || a.bookedAs > best.bookedAs)) best = a;
    return best;
  };
  for (let i = 0; i <= upTo; i++) {
    const { type, data } = facts[i] as Ev;
    if (type === 'appointment.scheduled' || type === 'appointment.rescheduled') {
      const a = get(data.appointmentId);
      const startsAt = parseInstant(data.startsAt) as number;
      if (type === 'appointment.rescheduled') {
        for (const other of list) {
          if (other === a || other.status !== 'active') continue;
          if ((data.previousAppointmentId ?? null) === null || data.previousAppointmentId === other.id)
            other.status = 'replaced';
        }
      }
      if (type === 'appointment.scheduled' && a.status === 'active' && a.startsAt === startsAt) continue; // nothing new
      if (a.bookedAs >= 0 && !(a.status === 'active' && a.startsAt === startsAt)) a.arrived = false; // another booking
      a.status = 'active';
      a.startsAt = startsAt;
      a.bookedAs = i;
    } else if (type === 'appointment.cancelled') {
      const a = get(data.appointmentId);
      if (a.status !== 'no_show' && a.status !== 'completed') a.status = 'cancelled';
    } else if (type === 'appointment.no_show') {
      const a = get(data.appointmentId);
      if (!a.wasCompleted) a.status = 'no_show';
    } else if (type === 'visit.arrived' || type === 'visit.completed') {
      const a = (data.appointmentId ?? null) !== null ? get(data.appointmentId) : bookedLast();
      if (!a) continue;
      if (type === 'visit.arrived') a.arrived = true;
      else {
        a.status = 'completed';
        a.wasCompleted = true;
      }
    }
  }
  return list;
}
