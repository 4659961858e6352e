// Oracle, part 3: what a referral is made of, the fold's order, dimensions after an event (docs/domain.md#2-7, docs/domain.md#2-21).

import type { Ev } from './intake.ts';
import type { Pause } from './time.ts';

/** What an event did to the appointments. */
export type Step = {
  booking: boolean; // made an appointment active or gave it another start
  lost: boolean; // a no-show or cancellation that takes effect itself
  anyActive: boolean; // is any appointment active after it?
};

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
  status: 'unknown' | 'active' | 'no_show' | 'cancelled' | 'replaced' | 'over' | 'completed';
  startsAt: number | null; // the latest
  earlier: { startsAt: number; leftAt: number }[]; // starts that it had before, and when it was moved or replaced
  replacedAt: number | null;
  bookedAs: number; // index in facts of its last booking, or -1
  arrived: boolean;
};
export type End = {
  index: number; // in facts
  time: number;
  reason: string;
  excludes: boolean;
  cancelled: boolean;
  evidence: any;
};
/** A start that a no-show is of, once, and whether it counts in the figures. Undone no-shows are of none. */
export type MissedStart = { appointmentId: string; startsAt: number; counts: boolean };
export type State = {
  // distinct, neither retracted nor restated, in the fold's order; without alert events, retractions, undone no-shows
  // and cancellations, and notes dated before the referral
  facts: Ev[];
  steps: Step[]; // what each of the facts does to appointments
  lastEventAt: number | null; // without alert events, retracted and restated ones
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
  // for the figures; empty or null until received
  earlyNotes: Ev[]; // notes dated before the referral
  missedStarts: MissedStart[];
  completedStarts: number[]; // the latest starts of completed appointments
  unknownStarts: number[]; // of active or over ones without arrival, started or not
  bookedOrSeenAt: number | null; // the first by time, as are the next two
  seenAt: number | null;
  notedAt: number | null;
  noteTimes: number[]; // of all notes received that count
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
  a.time - b.time || a.recorded - b.recorded || byCodePoint(a.source, b.source) || byCodePoint(a.id, b.id);

// Dimensions after the event at position `upTo` (inclusive). Later wins; `practice` (and `patient`) as a whole.
export function dimsAt(facts: Ev[], upTo: number): any {
  const dims: any = {};
  for (const e of facts.slice(0, upTo + 1)) {
    if (e.type !== 'referral.received' && e.type !== 'referral.updated') continue;
    for (const f of DIM_FIELDS) if (e.data[f] !== undefined) dims[f] = e.data[f];
  }
  return dims;
}
