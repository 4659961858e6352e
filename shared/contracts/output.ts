import type { Cut } from './mail.ts';
import type { MailedRow } from './mail-rows.ts';
import type {
  Actor,
  AlertKind,
  AlertLevel,
  ClockKind,
  EndReason,
  MailKind,
  Outcome,
  Priority,
  RefusalReason,
  Resolution,
  Stage,
} from './vocabulary.ts';

/** Rows as they leave the system. Instants are ISO 8601 UTC with milliseconds. */

export interface ClockRow {
  kind: ClockKind;
  instance: number;
  startedAt: string;
  dueAt: string;
  netDueAt: string;
  stoppedAt: string | null;
  outcome: Outcome;
}

export interface ReferralRow {
  referralId: string;
  stage: Stage;
  paused: boolean;
  actsNext: Actor;
  priority: Priority | null;
  specialty: string | null;
  site: string | null;
  practiceId: string | null;
  coordinatorId: string | null;
  liaisonId: string | null;
  receivedAt: string | null;
  endedAt: string | null;
  endReason: EndReason | null;
  clocks: ClockRow[];
  attempts: { made: number; phoneDays: number; letters: number; wrongNumbers: number };
}

export interface AlertRow {
  referralId: string;
  kind: AlertKind;
  instance: number;
  level: AlertLevel;
  dueAt: string;
  atRiskAt: string | null;
  openedAt: string | null;
  escalatedAt: string | null;
  resolvedAt: string | null;
  resolution: Resolution | null;
  coordinatorId: string | null;
  liaisonId: string | null;
}

export interface MailRow {
  mailId: string;
  kind: MailKind;
  /** Address that it went to. */
  recipient: string;
  /** Whose mail it is; somebody else received it if they were away. */
  forPersonId: string;
  period: string;
  sentAt: string;
  subject: string;
  rows: MailedRow[];
  /** How many rows it leaves out, by section and priority. */
  cut: Cut[];
  html: string;
  text: string;
  eml: string;
}

export interface QuarantineRow {
  reason: RefusalReason;
  detail: string;
  dialect: string;
  file: string | null;
  position: number | null;
}
