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

/** One promised interval of one referral, independent of when it is looked at. */
export interface Clock {
  kind: ClockKind;
  instance: number;
  startedAt: Instant;
  /** Gross: pauses ignored. Figures for leaders use it. */
  dueAt: Instant;
  /** Net of pauses. Work lists and alerts use it. */
  netDueAt: Instant;
  /** Never before `startedAt`; null if the stop came after the end in force. */
  stoppedAt: Instant | null;
  /** The referral's end, if it ends this clock. */
  endedAt: Instant | null;
  /** Only for `rebook`: a no-show started it, not a cancellation. */
  afterNoShow?: true;
  /** At risk from this instant on; null if the policy doesn't warn. */
  warnAt: Instant | null;
  /** Escalated after this instant; null if the policy doesn't escalate. */
  escalateAt: Instant | null;
}

/** What a coordinator said about an alert. The latest acknowledgement and snooze per kind and instance are kept. */
export interface AlertMark {
  kind: AlertKind;
  /** Null: the one that was open at the time. */
  instance: number | null;
  at: Instant;
  by: string;
  /** A snooze hides the alert until then. Null: an acknowledgement. */
  until: Instant | null;
}

export interface Attempts {
  made: number;
  phoneDays: number;
  letters: number;
}

/** A referral's projection: the fold of its facts. Holds everything that detection, digests and reports need. */
export interface ReferralState {
  referralId: string;
  stage: Stage;
  /** Number of facts in force, without alert events and retractions. 0: nothing of the referral is left. */
  facts: number;
  /** Number of event items in the log, of all types. */
  logged: number;
  receivedAt: Instant | null;
  policyVersion: string | null;
  priority: Priority | null;
  specialty: string | null;
  site: string | null;
  practiceId: string | null;
  /** As the sender writes it; the directory may have another name for the practice. */
  practiceName: string | null;
  providerNpi: string | null;
  /** A provider is known, by NPI or by name. */
  hasProvider: boolean;
  patientId: string | null;
  initials: string | null;
  orderedAt: string | null;
  payer: string | null;
  tags: string[];
  /** As the referral names them; who is responsible is resolved with the current directory. */
  coordinatorId: string | null;
  liaisonId: string | null;
  endedAt: Instant | null;
  endReason: EndReason | null;
  /** The closing event in force names evidence for its reason. */
  hasEvidence: boolean;
  clocks: Clock[];
  /** Half-open intervals [from, to), capped, oldest first, not overlapping. */
  pauses: [Instant, Instant][];
  /** Active appointments: booked, not cancelled, missed, completed or replaced. */
  active: { startsAt: Instant; arrived: boolean }[];
  /** Starts of the appointments that were missed. */
  noShows: Instant[];
  /** Starts of the appointments that were kept. */
  completed: Instant[];
  /** When and why the receiving side declined. */
  declines: { at: Instant; reason: DeclineReason }[];
  firstEventAt: Instant | null;
  lastEventAt: Instant | null;
  attempts: Attempts;
  lastAttemptAt: Instant | null;
  /** Required fields that the referral lacks. */
  missing: string[];
  /** It lacked a required field when it was received, whatever came later. */
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
  /** As of its last open run. */
  level: AlertLevel;
  /** Net due, as of its last open run. */
  dueAt: Instant;
  /** First runs since which that level or a higher one has held without interruption. */
  atRiskAt: Instant | null;
  openedAt: Instant | null;
  escalatedAt: Instant | null;
  resolvedAt: Instant | null;
  resolution: Resolution | null;
  /** Start of the current episode: the first run at which it held. */
  since: Instant;
  /** The detection run that wrote this. An older run must not overwrite it. */
  asOf: Instant;
  acknowledgedBy: string | null;
  snoozedUntil: Instant | null;
}
