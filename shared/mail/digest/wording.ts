import { REQUIRED_FIELDS, type RequiredField } from '../../contracts/config.ts';
import type {
  CoordinatorDigestContent,
  DigestContent,
  DigestRow,
  DigestSection,
  LiaisonDigestContent,
  MailRecipient,
} from '../../contracts/mail.ts';
import type { AlertKind, Priority } from '../../contracts/vocabulary.ts';
import { plural } from '../format-time.ts';

/** Fixed words of the mails. What a mail says about one referral is in `row-view.ts`. */

export const SECTION_TITLE: Record<DigestSection, string> = {
  now: 'To do now',
  missed_or_cancelled: 'Newly missed or cancelled',
  due: 'Due before your next digest',
  attendance_unknown: 'Attendance unknown',
  newly_breached: 'Newly overdue',
  still_open: 'Still overdue',
  soon: 'Coming up',
  escalated_elsewhere: "Others' escalations at your sites",
  office_not_told: 'Office not yet told',
  late_notes: 'Late notes',
  declined_not_rerouted: 'Declined and not rerouted',
  unreachable: 'Unreachable',
  long_waits: 'Waits beyond target',
  urgent: 'To do now',
  orphans: 'Events without a referral',
  unassigned: 'Without a coordinator',
};

/** The short form, which follows a number of referrals in the counts on top: `1 with a late note`, `3 to do today`. */
export const SECTION_SHORT: Record<DigestSection, string> = {
  now: 'to do now',
  missed_or_cancelled: 'newly missed or cancelled',
  due: 'due before your next digest',
  attendance_unknown: 'with attendance unknown',
  newly_breached: 'newly overdue',
  still_open: 'still overdue',
  soon: 'coming up',
  escalated_elsewhere: 'of others, escalated at your sites',
  office_not_told: 'with the office not yet told',
  late_notes: 'with a late note',
  declined_not_rerouted: 'declined and not rerouted',
  unreachable: 'unreachable',
  long_waits: 'waiting beyond target',
  urgent: 'to do now',
  orphans: 'known by events only',
  unassigned: 'without a coordinator',
};

interface Hint {
  hint: string;
  /** Whether it says what to do about every row; the rows then don't repeat it. */
  replacesAction: boolean;
}

/** What to do about a section as a whole. */
export const SECTION_HINT: Partial<Record<DigestSection, Hint>> = {
  escalated_elsewhere: {
    hint: 'For your information: long overdue, and on the list of the coordinator named in each row.',
    replacesAction: true,
  },
  orphans: {
    hint: 'Only events about these have come, not the referrals: nobody works them, and no figure counts them. Ask the sender of the last event for the referral. Runbook: docs/runbooks.md#events-without-a-referral.',
    replacesAction: true,
  },
  unassigned: {
    hint: 'No coordinator could be found by site and specialty. Give one a route in the directory, or the site a fallback coordinator, then "npx loopwatch config push". Runbook: docs/runbooks.md#referrals-without-a-coordinator.',
    replacesAction: false,
  },
  late_notes: {
    hint: 'Consult note: tell the office that it is being chased.',
    replacesAction: true,
  },
  unreachable: {
    hint: 'Unreachable: ask the office for another way to reach the patient.',
    replacesAction: true,
  },
  long_waits: {
    hint: 'Long wait: tell the office before it asks.',
    replacesAction: true,
  },
};

/** The promise that an alert is about, worded so that nobody reads it as kept. */
export const KIND_NAME: Record<AlertKind, string> = {
  acceptance: 'Acceptance',
  first_attempt: 'First attempt',
  reached: 'Reaching the patient',
  scheduled: 'Booking',
  visit: 'Wait for the visit',
  rebook: 'Rebooking',
  reroute: 'Rerouting',
  note: 'Consult note',
  acknowledge: 'Note receipt',
  referrer_update: 'Office update',
  attendance_unknown: 'Attendance',
  silence: 'No activity',
  unassigned: 'No coordinator',
  orphan: 'Referral missing',
  incomplete: 'Details missing',
  booked_late: 'Late booking',
  callback: 'Promised call',
  news_after_end: 'News after the end',
};

export const PRIORITY_NAME: Record<Priority, string> = {
  stat: 'STAT',
  asap: 'ASAP',
  urgent: 'URGENT',
  routine: 'Routine',
};

const FIELD_NAME: Record<RequiredField, string> = {
  'practice.name': 'practice name',
  'practice.providerNpi': 'provider NPI',
  'practice.providerName': 'provider name',
  'patient.initials': 'patient initials',
  orderedAt: 'order date',
  payer: 'payer',
  tags: 'tags',
  coordinatorId: 'coordinator',
  liaisonId: 'liaison',
  requestedBy: 'requested date',
  receivedVia: 'how it was received',
  priority: 'priority',
  specialty: 'specialty',
  site: 'site',
  'practice.id': 'practice',
  'patient.id': 'patient record',
};

/** The name of a field that a referral lacks. */
export function fieldName(field: string): string {
  const known = REQUIRED_FIELDS.find((name) => name === field);
  return known ? FIELD_NAME[known] : field;
}

/** Fixed text and at most a count, since locked phones show subjects. */
export function subjectOf(content: DigestContent): string {
  switch (content.kind) {
    case 'coordinator_digest':
      return content.allClear ? 'Your referrals: all clear' : `Your referrals today: ${toActOn(content)} to act on`;
    case 'liaison_digest': {
      const [practices, unshown] = [practicesIn(content), content.unshown ?? []];
      if (content.allClear) return 'Your referring practices: all clear';
      // What the mail can't show its reader has to look up, as in a coordinator's.
      if (practices === 0) return `Your referring practices: ${plural(unshown.length, 'referral')} to act on`;
      return `Your referring practices: ${practices} to talk to`;
    }
    case 'urgent_alert':
      return `Urgent referrals: ${content.referrals + (content.unshown ?? []).length}`;
  }
}

/** Referrals that the reader is to act on: all but those of others, and those of which somebody else tells the office. */
export function toActOn({ referrals, sections, recipient, unshown = [] }: CoordinatorDigestContent): number {
  const others = sections.find(({ section }) => section === 'escalated_elsewhere');
  const told = sections.flatMap(({ rows }) => rows.filter((row) => isToldByAnother(row, recipient)));
  // What the mail can't show its reader has to look up.
  return referrals + unshown.length - (others ? others.rows.length + others.more : 0) - told.length;
}

function isToldByAnother({ kind, stage, officeUpdate }: DigestRow, recipient: MailRecipient): boolean {
  const askedOf = officeUpdate?.askedOf ?? recipient.id;
  return kind === 'referrer_update' && stage !== 'to_close' && askedOf !== recipient.id;
}

/** Practices in a mail. A listed practice counts once, even if it also has changed. */
function practicesIn({ practices, morePractices, practiceChanges, morePracticeChanges }: LiaisonDigestContent): number {
  const listed = new Set([...practices, ...practiceChanges].map(({ practiceId }) => practiceId));
  return listed.size + morePractices + morePracticeChanges;
}

export function titleOf(content: DigestContent): string {
  switch (content.kind) {
    case 'coordinator_digest':
      return 'Your referrals today';
    case 'liaison_digest':
      return 'Your referring practices today';
    case 'urgent_alert':
      return 'Urgent referrals';
  }
}

/**
 * What this mail is and why the recipient gets it.
 * @param digestAt when the recipient's digests come, as HH:MM
 */
export function reasonFor(content: DigestContent, organization: string, digestAt: string): string {
  switch (content.kind) {
    case 'coordinator_digest': {
      const escalated = content.sections.some(({ section }) => section === 'escalated_elsewhere');
      const role = escalated ? 'a coordinator to whom sites also escalate' : 'a coordinator';
      return `You get this as ${role} of ${organization}, ${rhythmOf(content, digestAt)}.`;
    }
    case 'liaison_digest':
      return `You get this as a liaison of ${organization}, ${rhythmOf(content, digestAt)}.`;
    case 'urgent_alert':
      return `You get this at once as a coordinator of ${organization}; it tells of each deadline once. What stays open is in your daily digest.`;
  }
}

const rhythmOf = ({ allClear }: { allClear: boolean }, digestAt: string): string =>
  allClear
    ? 'also with nothing to report once a week, so that you know it works'
    : `at ${digestAt} on your working days`;
