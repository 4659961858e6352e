import type { Config, Person, PolicyVersion } from '../../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { type Instant, parseInstant } from '../../../shared/contracts/instant.ts';
import type { Alert, ReferralState } from '../../../shared/contracts/state.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { localDate } from '../../../shared/domain/time/local-date.ts';

/** An instant from its text. @throws if the text is none */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`not an instant: ${text}`);
  return instant;
}

/** Monday, 2 March 2026, 07:00 in New York. */
export const MONDAY = at('2026-03-02T12:00:00Z');
export const FRIDAY = MONDAY - 3 * DAY_MS;
export const TUESDAY = MONDAY + DAY_MS;
/** The date of an instant somewhere, such as 2026-03-02: the period of a digest. */
export const dateIn = (instant: Instant, timeZone = 'America/New_York'): string =>
  localDate(instant, timeZone).toString();
export const hours = (count: number): number => count * HOUR_MS;
export const days = (count: number): number => count * DAY_MS;

export const coordinator = (over: Partial<Person> = {}): Person => ({
  id: 'c1',
  role: 'coordinator',
  name: 'Coordinator One',
  email: 'coordinator.one@example.org',
  timeZone: 'America/New_York',
  ...over,
});

export const liaison = (over: Partial<Person> = {}): Person =>
  coordinator({ id: 'l1', role: 'liaison', name: 'Liaison One', email: 'liaison.one@example.org', ...over });

export const policyVersion = (over: Partial<PolicyVersion> = {}): PolicyVersion => ({
  version: '2026-01',
  effectiveFrom: '2026-01-01T00:00:00.000Z',
  rules: [{ match: {}, clocks: {} }],
  silence: { stat: 1, asap: 1, urgent: 3, routine: 10 },
  attendanceUnknownAfter: { value: 2, unit: 'business_days' },
  pauseCaps: { awaiting_information: 10, awaiting_authorization: 14, patient_requested: 60, medical_hold: 90 },
  snoozeCapDays: 30,
  urgentLead: { value: 2, unit: 'business_hours' },
  attempts: { total: 3, phoneDays: 2, letters: 1, quietDays: 14 },
  ...over,
});

export const config = (organization: Partial<Config['directory']['organization']> = {}): Config => ({
  policy: { versions: [policyVersion()] },
  directory: {
    organization: {
      name: 'Example Health',
      timeZone: 'America/New_York',
      operationsMailbox: 'operations@example.org',
      sender: 'loopwatch@example.org',
      allowedDomains: ['example.org'],
      identifiers: 'reference',
      updatesBy: 'coordinator',
      sensitiveSpecialties: ['behavioral_health'],
      referralUrl: 'https://records.example.org/referrals/{referralId}',
      ...organization,
    },
    sites: [
      { id: 'north', name: 'North Clinic', timeZone: 'America/New_York' },
      { id: 'south', name: 'South Clinic', timeZone: 'America/New_York' },
    ],
    practices: [
      { id: 'p1', name: 'First Family Practice', liaisonId: 'l1' },
      { id: 'p2', name: 'Second Family Practice', liaisonId: 'l1' },
    ],
    people: [],
  },
});

export const state = (over: Partial<ReferralState> = {}): ReferralState => ({
  referralId: 'R-1',
  stage: 'to_contact',
  facts: 1,
  logged: 1,
  receivedAt: MONDAY - 10 * DAY_MS,
  policyVersion: '2026-01',
  priority: 'routine',
  specialty: 'cardiology',
  site: 'north',
  practiceId: 'p1',
  practiceName: null,
  providerNpi: null,
  hasProvider: false,
  patientId: 'patient-1',
  initials: 'XQ',
  orderedAt: null,
  payer: null,
  tags: [],
  coordinatorId: 'c1',
  liaisonId: 'l1',
  endedAt: null,
  endReason: null,
  hasEvidence: false,
  clocks: [],
  pauses: [],
  active: [],
  noShows: [],
  completed: [],
  declines: [],
  firstEventAt: MONDAY - 10 * DAY_MS,
  lastEventAt: MONDAY - 10 * DAY_MS,
  attempts: { made: 0, phoneDays: 0, letters: 0, wrongNumbers: 0 },
  lastAttemptAt: null,
  missing: [],
  incompleteAtReceipt: false,
  marks: [],
  reachedAt: null,
  bookedAt: null,
  seenAt: null,
  noteAt: null,
  over: [],
  visitLostAt: null,
  reopenedAt: null,
  lastNumberWrong: false,
  callbackAt: null,
  laterNotes: [],
  noteBeforeReferral: false,
  newsAfterEnd: null,
  lastEvent: null,
  ...over,
});

/** By default an alert that breached long before the recipient's last digest. */
const alert = (over: Partial<Alert> = {}): Alert => {
  const dueAt = over.dueAt ?? MONDAY - 5 * DAY_MS;
  const level = over.level ?? 'breached';
  const openedAt = level === 'at_risk' ? null : dueAt + HOUR_MS / 4;
  return {
    referralId: 'R-1',
    kind: 'first_attempt',
    instance: 1,
    level,
    dueAt,
    atRiskAt: dueAt - DAY_MS,
    openedAt,
    escalatedAt: level === 'escalated' ? dueAt + 5 * DAY_MS : null,
    resolvedAt: null,
    resolution: null,
    since: dueAt - DAY_MS,
    asOf: MONDAY,
    acknowledgedBy: null,
    acknowledgedAt: null,
    snoozedUntil: null,
    ...over,
  };
};

/** An alert with its referral. */
export const referralAlert = (a: Partial<Alert> = {}, s: Partial<ReferralState> = {}): ReferralAlert => {
  const referralId = a.referralId ?? s.referralId ?? 'R-1';
  return { alert: alert({ ...a, referralId }), state: state({ ...s, referralId }) };
};

/** `count` referrals with one alert each, made by their number. */
export const many = (count: number, make: (index: number) => ReferralAlert): ReferralAlert[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const numbered = (index: number): string => `R-${String(index).padStart(5, '0')}`;
