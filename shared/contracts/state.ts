import type { Instant } from './instant.ts';
import type {
  AlertKind,
  AlertLevel,
  ClockKind,
  DeclineReason,
  EndReason,
  Priority,
  Resolution,
  Stage,
} from './vocabulary.ts';

/** One promised interval of one referral, independent of the time at which it is looked at. */
export interface Clock {
  kind: ClockKind;
  instance: number;
  startedAt: Instant;
  /** Gross: pauses ignored. Figures for leaders use it. */
  dueAt: Instant;
  /** Net of pauses. Work lists and alerts use it. */
  netDueAt: Instant;
  /** Never before `startedAt`; null where a stop came after the end in force. */
  stoppedAt: Instant | null;
  /** The referral's end where it ends this clock. */
  endedAt: Instant | null;
  /** Of a `rebook` clock: a no-show started it, no cancellation. */
  afterNoShow?: true;
  /** From this instant on at risk; null where the policy doesn't warn. */
  warnAt: Instant | null;
  /** After this instant escalated; null where the policy doesn't escalate. */
  escalateAt: Instant | null;
}

/** What a coordinator said about an alert. The latest acknowledgement and snooze per kind and instance are kept. */
export interface AlertMark {
  kind: AlertKind;
  /** Null: the one that was open at the time. */
  instance: number | null;
  at: Instant;
  by: string;
  /** Of a snooze: hidden until then. Null: an acknowledgement. */
  until: Instant | null;
}

export interface Attempts {
  made: number;
  phoneDays: number;
  letters: number;
}

/** A referral's projection: the fold of its facts. Holds everything that detection, digests and reports ask. */
export interface ReferralState {
  referralId: string;
  stage: Stage;
  /** Facts in force, alert events and retractions aside. 0: nothing of the referral is left. */
  facts: number;
  /** Event items in the log, whatever they are. */
  logged: number;
  receivedAt: Instant | null;
  policyVersion: string | null;
  priority: Priority | null;
  specialty: string | null;
  site: string | null;
  practiceId: string | null;
  /** As the sender writes it; the directory may know the practice by another name. */
  practiceName: string | null;
  providerNpi: string | null;
  /** A provider is known, by NPI or by name. */
  hasProvider: boolean;
  patientId: string | null;
  initials: string | null;
  orderedAt: string | null;
  payer: string | null;
  tags: string[];
  /** As the referral names them; who is responsible is resolved with the directory of the day. */
  coordinatorId: string | null;
  liaisonId: string | null;
  endedAt: Instant | null;
  endReason: EndReason | null;
  /** The closing event in force says what shows its reason. */
  hasEvidence: boolean;
  clocks: Clock[];
  /** Half-open intervals [from, to), capped, oldest first, not overlapping. */
  pauses: [Instant, Instant][];
  /** Active appointments: booked, not cancelled, missed, completed or replaced. */
  active: { startsAt: Instant; arrived: boolean }[];
  /** Starts of the appointments that were missed, and of those that were kept. */
  noShows: Instant[];
  completed: Instant[];
  /** When and why the receiving side did not take it. */
  declines: { at: Instant; reason: DeclineReason }[];
  firstEventAt: Instant | null;
  lastEventAt: Instant | null;
  attempts: Attempts;
  lastAttemptAt: Instant | null;
  /** Required fields that the referral lacks. */
  missing: string[];
  /** It lacked a required field as it was received, whatever came later. */
  incompleteAtReceipt: boolean;
  marks: AlertMark[];
  /** When the patient was first reached, booked or seen, seen, and when the note came back. */
  reachedAt: Instant | null;
  bookedAt: Instant | null;
  seenAt: Instant | null;
  noteAt: Instant | null;
}

/** The history of one alert: its current or last episode. */
export interface Alert {
  referralId: string;
  kind: AlertKind;
  instance: number;
  /** As at its last open run. */
  level: AlertLevel;
  /** Net due, as at its last open run. */
  dueAt: Instant;
  /** First runs since which that level or a higher one has held without a break. */
  atRiskAt: Instant | null;
  openedAt: Instant | null;
  escalatedAt: Instant | null;
  resolvedAt: Instant | null;
  resolution: Resolution | null;
  /** Start of the current episode: the first run at which it held. */
  since: Instant;
  /** Detection run that wrote this; an older run must not overwrite it. */
  asOf: Instant;
  acknowledgedBy: string | null;
  snoozedUntil: Instant | null;
}
