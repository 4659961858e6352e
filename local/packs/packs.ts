import type { ClockRule, Match, Policy, PolicyVersion, Target } from '../../shared/contracts/config.ts';
import type { ClockKind } from '../../shared/contracts/vocabulary.ts';

/**
 * The ready policy packs: the one definition from which `config/default` and `config/packs` are written (`write.ts`).
 * Numbers in brackets are sources in docs/domain.md#sources. A target without one is marked as ours in `config/README.md`.
 */

const VERSION = '2026-01';

type Clocks = Partial<Record<ClockKind, ClockRule>>;
type Rule = { match: Match; clocks: Clocks };

const hours = (value: number): Target => ({ value, unit: 'hours' });
const businessHours = (value: number): Target => ({ value, unit: 'business_hours' });
const businessDays = (value: number): Target => ({ value, unit: 'business_days' });
const calendarDays = (value: number): Target => ({ value, unit: 'calendar_days' });

/** Warns 24 hours before, so that this morning's digest has what is due today, and escalates 5 days after. */
const clock = (target: Target): ClockRule => ({
  target,
  warnBefore: { value: 24, unit: 'hours' },
  escalateAfter: { value: 5, unit: 'calendar_days' },
});
const warnDays = (days: number, rule: ClockRule): ClockRule => ({
  ...rule,
  warnBefore: { value: days, unit: 'calendar_days' },
});
const escalateDays = (days: number, rule: ClockRule): ClockRule => ({
  ...rule,
  escalateAfter: { value: days, unit: 'calendar_days' },
});
const fromStart = ({ warnBefore, ...rule }: ClockRule): ClockRule => ({ ...rule, warnAtStart: true });

const ROUTINE = {
  acceptance: clock(businessDays(2)), // [3]
  first_attempt: clock(businessDays(2)), // [3][4][5]
  reached: clock(businessDays(5)), // [4]
  scheduled: warnDays(3, clock(businessDays(8))), // [4][6]
  visit: clock(calendarDays(28)), // [7]
  rebook: fromStart(clock(businessDays(7))), // [3]
  reroute: clock(businessDays(7)), // [3][9]
  referrer_update: clock(businessDays(2)),
  note: escalateDays(14, warnDays(7, clock(calendarDays(14)))), // [11][12]
} satisfies Clocks;

const URGENT = {
  acceptance: clock(businessDays(1)),
  first_attempt: clock(businessDays(1)),
  reached: clock(businessDays(2)),
  scheduled: clock(businessDays(3)),
  visit: clock(hours(96)), // [8]
  rebook: fromStart(clock(businessDays(2))),
  reroute: clock(businessDays(2)),
  referrer_update: clock(businessDays(1)),
  note: clock(hours(72)), // [10]
} satisfies Clocks;

const STAT = {
  acceptance: clock(businessHours(4)),
  first_attempt: clock(businessHours(4)),
  reached: clock(businessDays(1)),
  scheduled: clock(businessDays(1)),
  visit: clock(hours(24)),
  rebook: fromStart(clock(businessDays(1))),
  reroute: clock(businessDays(1)),
  referrer_update: clock(businessDays(1)),
  note: clock(hours(24)),
} satisfies Clocks;

interface Changes {
  /** Clocks that differ from the default pack, by priority. */
  routine?: Clocks;
  urgent?: Clocks;
  stat?: Clocks;
  /** Further rules. If a referral matches two rules on equally many fields, the later one applies. */
  rules?: Rule[];
  pauseCaps?: Partial<PolicyVersion['pauseCaps']>;
}

/** @param version its name, by which mails, reports and `explain` tell it from others: two that differ have two names */
function policy(version: string, changes: Changes = {}): Policy {
  const only: PolicyVersion = {
    version,
    effectiveFrom: '2026-01-01T00:00:00.000Z',
    rules: [
      { match: {}, clocks: { ...ROUTINE, ...changes.routine } },
      { match: { priority: ['urgent'] }, clocks: { ...URGENT, ...changes.urgent } },
      { match: { priority: ['stat', 'asap'] }, clocks: { ...STAT, ...changes.stat } },
      ...(changes.rules ?? []),
    ],
    silence: { stat: 1, asap: 1, urgent: 3, routine: 10 },
    attendanceUnknownAfter: businessDays(2),
    snoozeCapDays: 30,
    urgentLead: { value: 2, unit: 'business_hours' },
    pauseCaps: {
      awaiting_information: 10,
      awaiting_authorization: 14,
      patient_requested: 60,
      medical_hold: 90,
      ...changes.pauseCaps,
    },
    attempts: { total: 3, phoneDays: 2, letters: 1, quietDays: 14 },
  };
  return { versions: [only] };
}

/** The default pack (docs/domain.md#5-22). */
export const defaultPolicy = (): Policy => policy(VERSION);

const BEHAVIORAL_HEALTH = ['behavioral_health', 'psychiatry', 'psychology', 'substance_use'];
const IMAGING = ['imaging', 'radiology', 'mri', 'ct', 'ultrasound', 'mammography'];
const SURGERY = ['surgery', 'general_surgery', 'orthopedic_surgery', 'neurosurgery', 'vascular_surgery'];
const REHABILITATION = ['rehabilitation', 'physical_therapy', 'occupational_therapy', 'speech_therapy'];

/** Ready packs by name: the default pack, changed for a kind of care or a regulator. */
export const PACKS: Record<string, () => Policy> = {
  'behavioral-health': () =>
    policy(`${VERSION}-behavioral-health`, {
      rules: [
        {
          match: { priority: ['routine'], specialty: BEHAVIORAL_HEALTH },
          clocks: { reached: clock(businessDays(3)), visit: warnDays(3, clock(businessDays(10))) }, // [13]
        },
        {
          match: { priority: ['urgent'], specialty: BEHAVIORAL_HEALTH },
          clocks: { visit: clock(hours(48)) }, // [8]
        },
      ],
    }),
  imaging: () =>
    policy(`${VERSION}-imaging`, {
      rules: [
        {
          match: { priority: ['routine'], specialty: IMAGING },
          clocks: { visit: warnDays(3, clock(businessDays(15))), note: clock(businessDays(2)) }, // [8], ours
        },
        { match: { priority: ['urgent'], specialty: IMAGING }, clocks: { note: clock(hours(24)) } },
        {
          match: { priority: ['stat', 'asap'], specialty: IMAGING },
          clocks: { note: { ...clock(hours(4)), warnBefore: { value: 2, unit: 'hours' } } },
        },
      ],
    }),
  surgery: () =>
    policy(`${VERSION}-surgery`, {
      rules: [
        {
          match: { priority: ['routine'], specialty: SURGERY },
          clocks: {
            scheduled: warnDays(2, clock(businessDays(5))),
            visit: warnDays(3, clock(calendarDays(21))),
            note: escalateDays(7, warnDays(3, clock(calendarDays(7)))),
          },
        },
      ],
      pauseCaps: { awaiting_authorization: 30 },
    }),
  rehabilitation: () =>
    policy(`${VERSION}-rehabilitation`, {
      rules: [
        {
          match: { priority: ['routine'], specialty: REHABILITATION },
          clocks: {
            visit: warnDays(3, clock(calendarDays(14))),
            acknowledge: escalateDays(7, warnDays(7, clock(calendarDays(14)))),
          },
        },
      ],
    }),
  'suspected-cancer': () =>
    policy(`${VERSION}-suspected-cancer`, {
      rules: [
        {
          // Worked like an urgent referral, with a visit within 14 calendar days.
          match: { priority: ['routine'], tags: ['suspected-cancer'] },
          clocks: { ...URGENT, visit: warnDays(5, clock(calendarDays(14))) },
        },
      ],
    }),
  'california-dmhc': () =>
    policy(`${VERSION}-california-dmhc`, {
      routine: { visit: warnDays(3, clock(businessDays(15))) }, // [8]
      urgent: { visit: clock(hours(48)) }, // [8]
      rules: [
        { match: { priority: ['urgent'], tags: ['prior-authorization'] }, clocks: { visit: clock(hours(96)) } }, // [8]
      ],
    }),
  'federal-exchange': () =>
    policy(`${VERSION}-federal-exchange`, {
      routine: { visit: warnDays(7, clock(businessDays(30))) }, // [13]
      rules: [
        {
          match: { priority: ['routine'], specialty: BEHAVIORAL_HEALTH },
          clocks: { visit: warnDays(3, clock(businessDays(10))) }, // [13]
        },
      ],
    }),
  maryland: () =>
    policy(`${VERSION}-maryland`, {
      routine: { visit: warnDays(7, clock(calendarDays(30))) }, // [14]
      urgent: { visit: clock(hours(72)) }, // [14]
      rules: [
        {
          match: { priority: ['routine'], specialty: BEHAVIORAL_HEALTH },
          clocks: { visit: warnDays(3, clock(calendarDays(10))) }, // [14]
        },
      ],
    }),
};
