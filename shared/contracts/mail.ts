import type { Instant } from './instant.ts';
import type { Report, ReportKind, Scope } from './report.ts';
import type {
  AlertKind,
  AlertLevel,
  DeclineReason,
  EndReason,
  MailKind,
  Priority,
  RefusalReason,
  Stage,
} from './vocabulary.ts';

/**
 * What a mail says, frozen before it is sent: ids and figures, no HTML and no wording. shared/mail renders it. It is
 * kept, so that it can be seen later what somebody was told. Instants are numbers, as everywhere inside the system.
 */

/** Sections of a coordinator's digest, in reading order (docs/domain.md#8-22). */
export const COORDINATOR_SECTIONS = [
  'now',
  'missed_or_cancelled',
  'due',
  'attendance_unknown',
  'newly_breached',
  'still_open',
  'soon',
  'escalated_elsewhere',
] as const;
export type CoordinatorSection = (typeof COORDINATOR_SECTIONS)[number];

/** Sections for one referring practice in a liaison's digest, in reading order. */
export const LIAISON_SECTIONS = [
  'office_not_told',
  'late_notes',
  'declined_not_rerouted',
  'unreachable',
  'long_waits',
] as const;
export type LiaisonSection = (typeof LIAISON_SECTIONS)[number];

export type UrgentSection = 'urgent';

/** Sections of the operations mail, in reading order. */
export const OPERATIONS_SECTIONS = ['orphans', 'unassigned'] as const;
export type OperationsSection = (typeof OPERATIONS_SECTIONS)[number];

export type DigestSection = CoordinatorSection | LiaisonSection | UrgentSection | OperationsSection;

/** An alert as a row names it. */
export interface NamedAlert {
  kind: AlertKind;
  instance: number;
  level: AlertLevel;
  /** Null: nothing was promised by a time, such as rebooking where the policy has no clock for it. */
  dueAt: Instant | null;
  /** A visit or its absence started it: a mail that gave its due or hours would give the visit's date away. */
  coarse: boolean;
}

/**
 * How a row stands to the reader's last digest: not in it, though it stood as breached in one of the last 30 days
 * (`again`) or not (`new`); in it, and something is breached or escalated since (`worse`); else on which of their digests
 * in a row it stands, 2 or more.
 */
export type RowState = 'new' | 'again' | 'worse' | number;

/** What a row is marked with. */
export interface RowMarks {
  /**
   * Who of the directory has acknowledged one of its alerts, and when; null: nobody has. `by` is null for others: it may
   * be free text. `at` is null if that was not kept.
   */
  acknowledged: { by: string | null; at: Instant | null } | null;
  /** A snooze has ended since the last digest. */
  snoozeOver: boolean;
  /** The referral was reopened since the last digest. */
  reopened: boolean;
}

/** What the referring office is to be told of a referral, besides its stage, and by whom. */
export interface OfficeUpdate {
  /** The person who is asked to tell it. Null: nobody could be found, so whoever reads it is. */
  askedOf: string | null;
  /** Why the referral ended, if it has. */
  endReason: EndReason | null;
  /** Why it was declined last, if it was. */
  declineReason: DeclineReason | null;
}

/** One referral in a section, with its most pressing alert there. */
export interface DigestRow extends NamedAlert {
  referralId: string;
  stage: Stage;
  priority: Priority | null;
  /** Already masked if the directory lists the specialty as sensitive. */
  specialty: string | null;
  site: string | null;
  /** Whose referral it is. Only in `escalated_elsewhere`, whose reader is somebody else. */
  coordinatorId: string | null;
  /** Only in a coordinator's mail, and only if the directory's `identifiers` is `initials`. */
  initials: string | null;
  attempts: { made: number; required: number; phoneDaysLeft: number; lettersLeft: number };
  /** Whether the attempt policy is met, so that closing as unreachable may be offered. */
  mayCloseAsUnreachable: boolean;
  /** Names of the fields that an incomplete referral lacks. */
  missing: string[];
  /** The number that was called last was wrong. */
  wrongNumber: boolean;
  /** Null: the mail doesn't compare itself with the last one. */
  state: RowState | null;
  marks: RowMarks;
  /** One of its alerts was escalated since the last digest. */
  newlyEscalated: boolean;
  /** Only where the office is to be told something, or of a closing. Absent from mails of before there was this. */
  officeUpdate?: OfficeUpdate;
  /** The referral's other open alerts that the reader may see. */
  also: NamedAlert[];
}

export interface SectionContent<S extends DigestSection> {
  section: S;
  rows: DigestRow[];
  /** How many referrals of this section are beyond the cap. */
  more: number;
  /** These, for a person whose digest carries all rows as a file (`attachRows`). Else absent. */
  cutRows?: DigestRow[];
}

/** How many rows of a section were cut, by priority. */
export interface Cut {
  section: CoordinatorSection;
  priority: Priority;
  n: number;
}

/**
 * What a digest remembers of a referral for those that come after it, so that each needs to read the last one only.
 * Referrals that it has a row of, cut or not, and those that stood as breached in one of the last 30 days.
 */
export interface Stood {
  referralId: string;
  /** On how many digests in a row it stands; 0: not on this one. */
  streak: number;
  /** `asOf` of the last digest in which an alert of it stood as breached. Null: none of the last 30 days. */
  breachedAt: Instant | null;
  /** Its open alerts, if it has a row. `hidden`: the row didn't show it, being snoozed, or another's and not escalated. */
  alerts: { kind: AlertKind; instance: number; level: AlertLevel; hidden: boolean }[];
}

export interface MailRecipient {
  id: string;
  name: string;
  email: string;
  timeZone: string;
}

interface ContentBase {
  /** Whose mail it is. */
  recipient: MailRecipient;
  /** Who receives it while they are away. Absent: they do. */
  receivedBy?: MailRecipient;
  /** The period that the mail is for, such as 2026-03-02. The mail's id is made from it, the kind and the recipient. */
  period: string;
  /** The mail says what held at this instant. */
  asOf: Instant;
  /** Versions of the policy that the listed referrals are held to, sorted; for an all-clear the one in force. */
  policyVersions: string[];
  /** Distinct referrals in the mail, including those beyond caps. */
  referrals: number;
  /** Referrals that the mail should speak of and can't: they are set aside. Absent: none is. */
  unshown?: string[];
}

export interface CoordinatorDigestContent extends ContentBase {
  kind: 'coordinator_digest';
  /**
   * `asOf` of the last digest that was made for the recipient and sent; if there is none, their previous planned instant.
   * Null: neither.
   */
  since: Instant | null;
  /** There is a last digest. */
  hasLast: boolean;
  /** Sections that have rows, in the order of COORDINATOR_SECTIONS. */
  sections: SectionContent<CoordinatorSection>[];
  /** What was cut of them. */
  cut: Cut[];
  /** How many alerts were dealt with (stopped or ended) since then. */
  resolvedSince: number;
  /** The referrals of these, sorted. */
  resolvedReferrals: string[];
  /** What the next digest has to know. */
  stood: Stood[];
  /** How many alerts a snooze keeps out of this mail. */
  snoozed: number;
  /** There is nothing to report. Said once a week, so that silence is distinguishable from failure. */
  allClear: boolean;
}

export interface PracticeContent {
  practiceId: string;
  /** Those that have rows, listed or cut, in the order of LIAISON_SECTIONS; in each the most urgent first. */
  sections: SectionContent<LiaisonSection>[];
  /**
   * Referrals whose alerts are all long overdue and that are not urgent: counted, and only the oldest named. Where all rows
   * are kept for a file, they are among the sections' `cutRows`.
   */
  older?: { count: number; oldest: NamedAlert & { referralId: string } };
  /** Topics are free text, so they stay out of mail. */
  openFeedback: { count: number; oldestSince: Instant } | null;
  /** Last check-in with the practice; null: none known. */
  lastContactAt: Instant | null;
}

/** How a referring practice's referrals have changed, in the order in which a liaison would act on it. */
export const PRACTICE_CHANGES = ['declining', 'inactive', 'reactivated', 'new'] as const;
export type PracticeChange = (typeof PRACTICE_CHANGES)[number];

/** A practice whose referrals have changed, with what on our side may be the cause. */
export interface PracticeChangeContent {
  practiceId: string;
  change: PracticeChange;
  /** For a declining practice: its referrals in the last 56 days, and how many the 182 days before lead to expect. */
  observed: number | null;
  expected: number | null;
  /** Before `asOf`. For a reactivated or new practice: the referral that made it so, within the week that ended. */
  lastReceivedAt: Instant;
  /** For a reactivated practice: its last referral before it fell silent. */
  silentSince: Instant | null;
  /** Within the last 60 days: declines, notes that came or are late, visits or bookings beyond target. */
  causes: { declines: number; lateNotes: number; longWaits: number };
}

export interface LiaisonDigestContent extends ContentBase {
  kind: 'liaison_digest';
  /** As of a coordinator's digest. */
  since: Instant | null;
  hasLast: boolean;
  /** Practices with something to report, the one with the most urgent row first. */
  practices: PracticeContent[];
  /** How many practices are beyond the cap. None of them has an urgent row. */
  morePractices: number;
  /** These, with no rows but `cutRows`, for a person whose digest carries all rows as a file. Else absent. */
  cutPractices?: PracticeContent[];
  /** Once a week the liaison's practices that are declining, inactive, reactivated or new; otherwise empty. */
  practiceChanges: PracticeChangeContent[];
  /** How many more of these are beyond the cap. */
  morePracticeChanges: number;
  resolvedSince: number;
  snoozed: number;
  allClear: boolean;
}

export interface UrgentAlertContent extends ContentBase {
  kind: 'urgent_alert';
  sections: SectionContent<UrgentSection>[];
}

/** A referral in the operations mail. */
export interface OperationsRow extends DigestRow {
  /** The last mail didn't name it, nor count it among those that it had no room for. */
  isNew: boolean;
  /** The last that was heard of an orphan; source and type are null if they aren't known. Null: it is no orphan. */
  lastEvent: { at: Instant; source: string | null; type: string | null } | null;
}

/** Rows of the operations mail, new ones first. */
export interface OperationsSectionContent extends SectionContent<OperationsSection> {
  rows: OperationsRow[];
  /** How many of its referrals are new, including those beyond the cap. */
  newReferrals: number;
}

/**
 * What nobody else gets to see: refused input, dead letters, unassigned referrals, silent feeds, undelivered mail. What
 * the last mail didn't name is new. Input, what waits and codes of it too, and undelivered mail are always new, as they
 * are told once.
 */
export interface OperationsContent extends ContentBase {
  kind: 'operations';
  /** Up to when the operations mailbox was last seen to, with a mail or for want of anything to say; null: not yet. */
  since: Instant | null;
  /** Input that was refused since then. */
  refused: { reason: RefusalReason; count: number }[];
  /** What came since then and waits for its referral. Absent: nothing does, or a mail of before there was this. */
  unmatched?: UnmatchedContent;
  /** Codes that came since then without an entry in `dialects.json`. Absent: none, or a mail of before there was this. */
  unmapped?: UnmappedContent;
  /** Messages in dead-letter queues, by the purpose of the queue they failed in; `before`: as the last mail said. */
  deadLetters: { queue: string; count: number; before: number }[];
  /** Referrals that are set aside, those of the longest first. Absent from mails of before there was this. */
  setAside?: { referralId: string; since: Instant; isNew: boolean }[];
  /** Referrals that were never received, and open referrals for which no coordinator can be found. */
  sections: OperationsSectionContent[];
  /** Feeds from which nothing, or no event, has come for longer than the directory expects; null: never. */
  quietFeeds: {
    name: string;
    lastHeardAt: Instant | null;
    lastEventAt: Instant | null;
    lacks: 'anything' | 'events';
    expectedEveryHours: number;
    isNew: boolean;
  }[];
  /** Sites whose list of holidays ends within 60 days, or has ended. */
  endingHolidays: { siteId: string; last: string; isNew: boolean }[];
  /** Mails that did not arrive, by recipient, most first. `not_allowed`: there was nobody whom it may be sent to. */
  undelivered: {
    personId: string;
    kind: MailKind;
    why: 'bounced' | 'complained' | 'rejected' | 'not_allowed';
    count: number;
  }[];
  /** How many more of these are beyond the cap. */
  moreUndelivered: number;
}

/** Input that waits for its referral, by sender, most first. */
export interface UnmatchedContent {
  /** `kinds`: in words of the dialect, as `SIU^S12`, the most frequent first; a few of them. */
  senders: { sender: string; count: number; kinds: string[] }[];
  /** How many more senders there are beyond the cap. */
  more: number;
  /** Of all senders. */
  count: number;
}

/** Codes that no crosswalk knows, most first. */
export interface UnmappedContent {
  /** `field`: event type and field, as `referral.received.priority`; `count`: in how many events. */
  codes: { field: string; value: string; count: number }[];
  /** How many more codes there are beyond the cap. */
  more: number;
}

/** A report as one reader gets it. */
export interface ReportContent extends ContentBase {
  kind: 'weekly_report';
  reportKind: ReportKind;
  scope: Scope;
  report: Report;
}

/** Content about referrals, a row for each. */
export type DigestContent = CoordinatorDigestContent | LiaisonDigestContent | UrgentAlertContent;
export type MailContent = DigestContent | OperationsContent | ReportContent;

/** To whom a mail goes. */
export const receiverIn = ({ recipient, receivedBy }: MailContent): MailRecipient => receivedBy ?? recipient;
