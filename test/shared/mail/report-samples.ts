import type { Config } from '../../../shared/contracts/config.ts';
import { EVENT_TYPES } from '../../../shared/contracts/event.ts';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import type { ReportContent } from '../../../shared/contracts/mail.ts';
import type {
  ClockFigures,
  FeedFigures,
  NoteFigures,
  Report,
  ReportKind,
  Scope,
  TimeTo,
} from '../../../shared/contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../../shared/contracts/vocabulary.ts';
import { reportMail } from '../../../shared/domain/mail/report-mail.ts';
import { changedBack, controlChart } from '../../../shared/domain/report/control-chart.ts';
import { at, config, coordinator, days, hours } from './builders.ts';

/** Monday, 9 March 2026, 06:00 in New York: the report of week 10. */
export const AS_OF = at('2026-03-09T10:00:00Z');
const FROM = at('2026-03-02T05:00:00Z');
const TO = at('2026-03-09T04:00:00Z');

export const leader = () =>
  coordinator({ id: 'b1', role: 'leader', name: 'Leader One', email: 'leader.one@example.org' });

/** When a week began, so many before the report's own. Clocks don't change in them. */
const weekBack = (back: number): string => formatInstant(FROM - days(7 * back));

/** A clock's figures from each period's: those before, at least 8, oldest first, then the report's own. */
export function clock(met: readonly number[], all: readonly number[], over: Partial<ClockFigures> = {}): ClockFigures {
  const periods = met.map((x, index) => ({ x, n: all[index] ?? 0 }));
  const [own = { x: 0, n: 0 }, earlier] = [periods.at(-1), periods.slice(0, -1)];
  const rates = periods.map(({ x, n }) => (n === 0 ? null : x / n));
  const chart = controlChart(own, earlier);
  const { signal } = chart;
  const history = earlier.map(({ x, n }, index) => ({ from: weekBack(earlier.length - index), met: x, all: n }));
  const first = history.findIndex((period) => period.all > 0);
  return {
    met: own.x,
    all: own.n,
    missed: own.n - own.x,
    lost: 0,
    excluded: 0,
    excludedBy: {},
    attainment: rates.at(-1) ?? null,
    prior: rates.at(-2) ?? null,
    trailing: rates.slice(-9, -1),
    trailingAll: earlier.slice(-8).map(({ n }) => n),
    trailingExcluded: 0,
    interval: null,
    flagged: false,
    ...chart,
    since: signal === null ? null : weekBack(changedBack(own, earlier, signal)),
    where: null,
    history: first === -1 ? [] : history.slice(first),
    ...over,
  };
}

/** A clock with `size` due in each period, of which about `rates` percent were met. */
export function steady(rates: readonly number[], size: number, over: Partial<ClockFigures> = {}): ClockFigures {
  return clock(
    rates.map((rate) => Math.round((rate * size) / 100)),
    rates.map(() => size),
    over,
  );
}

export const noClock = (): ClockFigures =>
  clock(
    Array.from({ length: 9 }, () => 0),
    Array.from({ length: 9 }, () => 0),
  );

const byKind = <T>(make: (kind: ClockKind) => T): Record<ClockKind, T> =>
  Object.fromEntries(CLOCK_KINDS.map((kind) => [kind, make(kind)])) as Record<ClockKind, T>;

const noTime = (): TimeTo => ({ n: 0, events: 0, medianHours: null, p90Hours: null });
const NONE = { 7: null, 14: null, 28: null, 60: null, 90: null };

/** A week in which nothing has happened, in a system that has just begun. */
export function emptyReport(over: Partial<Report> = {}): Report {
  return {
    week: '2026-W10',
    from: formatInstant(FROM),
    to: formatInstant(TO),
    asOf: formatInstant(AS_OF),
    policyVersions: [],
    received: { n: 0, prior: 0 },
    clocks: byKind(noClock),
    restated: {},
    backlog: {
      open: 0,
      byStage: {},
      byAge: { '0-7': 0, '8-14': 0, '15-28': 0, '29-60': 0, over60: 0 },
      overdue: byKind(() => 0),
      oldest: null,
    },
    timeTo: byKind(noTime),
    incidence: { n: 0, scheduled: NONE, leaked: NONE },
    funnel: { received: 0, reached: 0, scheduled: 0, seen: 0, noteReceived: 0 },
    noShow: { noShows: 0, completed: 0, unknown: 0, rate: null },
    recovery: { met: 0, all: 0 },
    leakage: { broad: { n: 0, d: 0 }, network: { n: 0, d: 0, known: null }, byReason: {}, expiredAdmin: 0 },
    adminClosure: { n: 0, d: 0 },
    loopClosure: { n: 0, d: 0 },
    cms50Estimate: { n: 0, d: 0 },
    cms50TooRecent: 0,
    sources: { new: [], active: 0, inactive: [], declining: [], reactivated: [] },
    dataQuality: { refused: {}, unmapped: {}, orphans: 0, unassigned: 0, feeds: [] },
    intake: {
      incomplete: { n: 0, d: 0, bySpecialty: {}, byPractice: {} },
      declined: {},
      declinedBySpecialty: {},
      declinedByPractice: {},
      receivedBySpecialty: {},
      receivedByPractice: {},
      patientsByPractice: {},
    },
    audit: {
      unknownPractices: [],
      unknownSites: [],
      npiInvalid: [],
      npiShared: [],
      nearDuplicates: [],
      withoutProvider: 0,
      visitsWithoutOutcome: 0,
      notesBeforeReferral: [],
      moreNotesBeforeReferral: 0,
    },
    notes: { bySpecialty: {}, bySite: {} },
    ...over,
  };
}

/** A feed that was last heard, and last sent an event, so long ago. */
const feed = (name: string, heard: number, event: number | null, over: Partial<FeedFigures> = {}): FeedFigures => ({
  name,
  lastHeardAt: formatInstant(AS_OF - heard),
  lastEventAt: event === null ? null : formatInstant(AS_OF - event),
  quiet: false,
  lacks: null,
  types: [],
  ...over,
});

const LACKS: FeedFigures['lacks'][] = ['anything', null, 'events', null];

const note = (all: number, late: number, overdue: number): NoteFigures => ({ all, late, overdue });

/** A usual week: nothing has changed more than chance explains. */
export function goodWeek(over: Partial<Report> = {}): Report {
  return emptyReport({
    policyVersions: ['2025-07', '2026-01'],
    received: { n: 318, prior: 305 },
    clocks: {
      ...byKind(noClock),
      acceptance: steady([88, 91, 90, 87, 92, 89, 90, 91, 90], 310, {
        excluded: 6,
        excludedBy: { duplicate: 4, cancelled: 2 },
        trailingExcluded: 52,
        interval: [-0.04, 0.033],
      }),
      first_attempt: steady([81, 79, 84, 80, 78, 82, 83, 80, 82], 305, {
        excluded: 5,
        excludedBy: { duplicate: 5 },
        trailingExcluded: 48,
        interval: [-0.03, 0.06],
      }),
      reached: steady([74, 72, 75, 71, 73, 76, 74, 72, 75], 298, {
        excluded: 9,
        excludedBy: { duplicate: 5, cancelled: 4 },
        trailingExcluded: 70,
        interval: [-0.04, 0.067],
      }),
      scheduled: steady([66, 68, 64, 67, 65, 69, 66, 67, 68], 290, {
        excluded: 12,
        excludedBy: { cancelled: 9, duplicate: 3 },
        trailingExcluded: 91,
        interval: [-0.04, 0.07],
      }),
      visit: steady([61, 58, 60, 63, 59, 62, 60, 61, 62], 271, {
        excluded: 14,
        excludedBy: { cancelled: 14 },
        trailingExcluded: 105,
        interval: [-0.05, 0.07],
      }),
      rebook: clock([6, 5, 7, 8, 4, 6, 5, 7, 9], [9, 8, 11, 12, 7, 9, 8, 10, 13], { interval: [-0.25, 0.22] }),
      reroute: clock([2, 1, 0, 3, 2, 1, 2, 0, 3], [3, 2, 0, 4, 2, 2, 3, 0, 4], { interval: [-0.3, 0.36] }),
      note: steady([71, 74, 70, 69, 75, 72, 68, 74, 72], 182, {
        excluded: 2,
        excludedBy: { deceased: 2 },
        trailingExcluded: 14,
        interval: [-0.07, 0.07],
      }),
      referrer_update: steady([83, 85, 84, 82, 86, 85, 83, 84, 85], 402, { interval: [-0.03, 0.04] }),
    },
    backlog: {
      open: 1204,
      byStage: { to_contact: 190, to_schedule: 121, scheduled: 580, to_rebook: 44, declined: 12, awaiting_note: 257 },
      byAge: { '0-7': 301, '8-14': 260, '15-28': 322, '29-60': 240, over60: 81 },
      overdue: {
        ...byKind(() => 0),
        acceptance: 3,
        first_attempt: 21,
        reached: 38,
        scheduled: 55,
        visit: 61,
        rebook: 5,
        note: 74,
        referrer_update: 30,
      },
      oldest: formatInstant(AS_OF - days(214) - hours(3)),
    },
    timeTo: {
      ...byKind(noTime),
      acceptance: { n: 3900, events: 3880, medianHours: 6.4, p90Hours: 44 },
      first_attempt: { n: 3900, events: 3810, medianHours: 18, p90Hours: 71 },
      reached: { n: 3900, events: 3512, medianHours: 41, p90Hours: 190 },
      scheduled: { n: 3900, events: 2930, medianHours: 98, p90Hours: null },
      visit: { n: 3900, events: 2110, medianHours: 610, p90Hours: null },
      rebook: { n: 122, events: 90, medianHours: 130, p90Hours: 402 },
      reroute: { n: 8, events: 5, medianHours: 60, p90Hours: null },
      note: { n: 2200, events: 1702, medianHours: 190, p90Hours: 690 },
      referrer_update: { n: 5100, events: 4900, medianHours: 22, p90Hours: 80 },
    },
    incidence: {
      n: 3900,
      scheduled: { 7: 0.48, 14: 0.61, 28: 0.68, 60: 0.71, 90: 0.72 },
      leaked: { 7: 0.004, 14: 0.03, 28: 0.09, 60: 0.15, 90: 0.18 },
    },
    funnel: { received: 3720, reached: 3348, scheduled: 2641, seen: 2120, noteReceived: 1590 },
    noShow: { noShows: 31, completed: 240, unknown: 7, rate: 31 / 271 },
    recovery: { met: 17, all: 24 },
    leakage: {
      broad: { n: 812, d: 3480 },
      network: { n: 142, d: 2310, known: 2310 / 3480 },
      byReason: {
        unreachable: 260,
        patient_declined: 170,
        scheduled_elsewhere: 96,
        wait_too_long: 84,
        no_show_not_rescheduled: 72,
        completed_elsewhere: 46,
        auth_denied: 40,
        distance: 28,
        cost: 16,
      },
      expiredAdmin: 57,
    },
    adminClosure: { n: 22, d: 205 },
    loopClosure: { n: 1590, d: 3720 },
    cms50Estimate: { n: 801, d: 1960 },
    cms50TooRecent: 640,
    sources: {
      new: ['p1'],
      active: 84,
      inactive: ['p-closed'],
      declining: [{ practiceId: 'p2', observed: 12, expected: 31.2, p: 0.0004 }],
      reactivated: [],
    },
    dataQuality: {
      refused: { invalid: 3, unmatched: 1 },
      unmapped: { 'referral.closed.reason': 9, 'contact.attempted.outcome': 2 },
      orphans: 2,
      unassigned: 1,
      feeds: [
        feed('ehr-north', hours(1), hours(3), { types: ['appointment.scheduled', 'visit.completed'] }),
        feed('scheduling', hours(2), null),
      ],
    },
    intake: {
      incomplete: {
        n: 29,
        d: 318,
        bySpecialty: { cardiology: 14, orthopedics: 10, behavioral_health: 5 },
        byPractice: { p1: 9, p2: 3, 'p-small': 4 },
      },
      declined: { misdirected: 7, incomplete: 4, not_accepting: 2 },
      declinedBySpecialty: { cardiology: 6, behavioral_health: 7 },
      declinedByPractice: { p1: 2, 'p-small': 1 },
      receivedBySpecialty: { cardiology: 130, orthopedics: 101, behavioral_health: 87 },
      receivedByPractice: { p1: 40, p2: 22, 'p-small': 10 },
      patientsByPractice: { p1: 40, p2: 22, 'p-small': 10 },
    },
    audit: {
      unknownPractices: ['p-closed', 'p-small'],
      unknownSites: [],
      npiInvalid: ['1234567890'],
      npiShared: [],
      nearDuplicates: [
        [
          { id: 'p1', name: 'First Family Practice' },
          { id: 'p-7', name: 'First Familiy Practice' },
        ],
      ],
      withoutProvider: 18,
      visitsWithoutOutcome: 7,
      notesBeforeReferral: ['R-2041', 'R-2077'],
      moreNotesBeforeReferral: 0,
    },
    notes: {
      bySpecialty: {
        cardiology: note(610, 190, 31),
        orthopedics: note(540, 120, 25),
        behavioral_health: note(480, 160, 18),
        allergy: note(8, 6, 1),
      },
      bySite: { north: note(900, 300, 44), south: note(738, 176, 31) },
    },
    ...over,
  });
}

/** 26 weeks of which none stands out. */
const HALF_A_YEAR = [70, 73, ...[1, 2, 3].flatMap(() => [71, 74, 70, 69, 75, 72, 68, 74])];

/** A week with bad news of every kind. */
export function badWeek(over: Partial<Report> = {}): Report {
  const base = goodWeek();
  return {
    ...base,
    clocks: {
      ...base.clocks,
      acceptance: steady([88, 91, 90, 87, 92, 89, 90, 91, 96], 310, {
        excluded: 6,
        excludedBy: { duplicate: 6 },
        trailingExcluded: 52,
        interval: [0.03, 0.09],
        flagged: true,
      }),
      scheduled: steady([66, 68, 64, 67, 65, 69, 66, 67, 52], 290, {
        excluded: 12,
        excludedBy: { cancelled: 12 },
        trailingExcluded: 91,
        interval: [-0.21, -0.09],
        flagged: true,
        where: { site: 'north', misses: 96, expected: 61.3 },
      }),
      note: steady([...HALF_A_YEAR, 51], 182, {
        excluded: 31,
        excludedBy: { completed_in_network: 24, deceased: 7 },
        trailingExcluded: 60,
        interval: [-0.29, -0.13],
        flagged: true,
        where: { specialty: 'cardiology', misses: 52, expected: 20.4 },
      }),
    },
    sources: {
      ...base.sources,
      declining: [
        { practiceId: 'p2', observed: 12, expected: 31.2, p: 0.0004 },
        { practiceId: 'p1', observed: 4, expected: 14.8, p: 0.001 },
        { practiceId: 'p-closed', observed: 0, expected: 9.4, p: 0.0001 },
      ],
      inactive: ['p-quiet'],
    },
    dataQuality: {
      refused: { invalid: 31, malformed: 12, time_in_future: 2 },
      unmapped: { 'referral.closed.reason': 61, 'referral.declined.reason': 4 },
      orphans: 19,
      unassigned: 6,
      feeds: [
        feed('ehr-north', days(4), days(5), {
          quiet: true,
          lacks: 'anything',
          types: ['appointment.no_show', 'appointment.scheduled', 'visit.completed'],
        }),
        feed('scheduling', hours(2), hours(4)),
      ],
    },
    ...over,
  };
}

/** The first week of a site. */
export function firstWeek(): Report {
  const first = (met: number, all: number): ClockFigures =>
    clock([0, 0, 0, 0, 0, 0, 0, 0, met], [0, 0, 0, 0, 0, 0, 0, 0, all]);
  return emptyReport({
    policyVersions: ['2026-01'],
    received: { n: 41, prior: 0 },
    clocks: { ...byKind(noClock), acceptance: first(24, 31), first_attempt: first(20, 30), reached: first(5, 9) },
    backlog: {
      open: 40,
      byStage: { to_contact: 21, to_schedule: 10, scheduled: 9 },
      byAge: { '0-7': 40, '8-14': 0, '15-28': 0, '29-60': 0, over60: 0 },
      overdue: { ...byKind(() => 0), acceptance: 5, first_attempt: 7 },
      oldest: formatInstant(AS_OF - days(6)),
    },
    timeTo: {
      ...byKind(noTime),
      acceptance: { n: 41, events: 24, medianHours: 30, p90Hours: null },
      first_attempt: { n: 41, events: 20, medianHours: 47.2, p90Hours: null },
      reached: { n: 9, events: 5, medianHours: 50, p90Hours: null },
    },
    incidence: { n: 41, scheduled: { ...NONE, 7: 0.31 }, leaked: { ...NONE, 7: 0 } },
    sources: { new: ['p1', 'p2'], active: 2, inactive: [], declining: [], reactivated: [] },
    intake: {
      ...emptyReport().intake,
      incomplete: { n: 3, d: 41, bySpecialty: { cardiology: 3 }, byPractice: { p1: 3 } },
      receivedBySpecialty: { cardiology: 41 },
      receivedByPractice: { p1: 30, p2: 11 },
      patientsByPractice: { p1: 30, p2: 11 },
    },
  });
}

/** A scope so small that percentages would be about single people. */
export function smallScope(): Report {
  const base = goodWeek();
  const small = (met: number, all: number): ClockFigures =>
    clock([1, 0, 2, 1, 1, 0, 2, 1, met], [1, 1, 2, 2, 1, 0, 3, 1, all], {
      excluded: 1,
      excludedBy: { moved: 1 },
      trailingExcluded: 1,
    });
  return {
    ...base,
    received: { n: 4, prior: 6 },
    clocks: { ...byKind(noClock), acceptance: small(3, 4), first_attempt: small(2, 4), note: small(7, 9) },
    backlog: {
      open: 9,
      byStage: { to_contact: 4, scheduled: 5 },
      byAge: { '0-7': 4, '8-14': 3, '15-28': 1, '29-60': 1, over60: 0 },
      overdue: { ...byKind(() => 0), note: 1 },
      oldest: formatInstant(AS_OF - days(40)),
    },
    timeTo: { ...byKind(noTime), acceptance: { n: 9, events: 8, medianHours: 6, p90Hours: 30 } },
    incidence: {
      n: 9,
      scheduled: { 7: 0.5, 14: 0.6, 28: 0.7, 60: 0.7, 90: 0.7 },
      leaked: { 7: 0, 14: 0, 28: 0.1, 60: 0.1, 90: 0.1 },
    },
    funnel: { received: 9, reached: 8, scheduled: 7, seen: 6, noteReceived: 4 },
    noShow: { noShows: 1, completed: 5, unknown: 1, rate: 1 / 6 },
    recovery: { met: 1, all: 2 },
    leakage: {
      broad: { n: 2, d: 9 },
      network: { n: 1, d: 7, known: 7 / 9 },
      byReason: { unreachable: 1, distance: 1 },
      expiredAdmin: 1,
    },
    adminClosure: { n: 1, d: 3 },
    loopClosure: { n: 4, d: 9 },
    cms50Estimate: { n: 3, d: 8 },
    sources: {
      new: [],
      active: 2,
      inactive: [],
      declining: [{ practiceId: 'p1', observed: 2, expected: 6.1, p: 0.003 }],
      reactivated: [],
    },
    dataQuality: { refused: {}, unmapped: {}, orphans: 0, unassigned: 0, feeds: [] },
    intake: {
      incomplete: { n: 1, d: 4, bySpecialty: { cardiology: 1 }, byPractice: { p1: 1 } },
      declined: { other: 1 },
      declinedBySpecialty: { cardiology: 1 },
      declinedByPractice: { p1: 1 },
      receivedBySpecialty: { cardiology: 4 },
      receivedByPractice: { p1: 4 },
      patientsByPractice: { p1: 4 },
    },
    audit: { ...emptyReport().audit },
    notes: { bySpecialty: { cardiology: note(9, 3, 1) }, bySite: { north: note(9, 3, 1) } },
  };
}

export const UNBROKEN = 'W'.repeat(128);
const ACCENTED = 'Übergangsklinik für Ärztliche Nachsorge und Früherkennung, Nördliche Außenstelle Ærø';
const RIGHT_TO_LEFT = 'מרפאת הדוגמה הצפונית';
const HOSTILE = [
  '<img src=x onerror=alert(1)>&"\'',
  '\u202eTurned round',
  'Two\nlines\u2028of name',
  'practice\u0000with controls',
];
const NAMES = [UNBROKEN, ACCENTED, RIGHT_TO_LEFT, ...HOSTILE];
const nameAt = (index: number): string => NAMES[index % NAMES.length] ?? '';

/** 2,000 practices, every list full, and names that break layouts. */
export function hugeOrganization(): { report: Report; settings: Config } {
  const base = badWeek();
  const ids = Array.from({ length: 2000 }, (_, index) => `practice-${index}`);
  const settings = config({ name: ACCENTED });
  settings.directory.practices = ids.map((id, index) => ({ id, name: `${nameAt(index)} ${index}` }));
  settings.directory.sites = Array.from({ length: 60 }, (_, index) => ({
    id: `site-${index}`,
    name: `${index} ${nameAt(index)}`,
    timeZone: 'America/New_York',
  }));
  const counts = (names: readonly string[], make: (index: number) => number): Record<string, number> =>
    Object.fromEntries(names.map((name, index) => [name, make(index)]));
  const specialties = Array.from({ length: 80 }, (_, index) => `${nameAt(index)}_${index}`);
  const many = (factor: number): ClockFigures =>
    steady([71, 74, 70, 69, 75, 72, 68, 74, 51], factor, {
      excluded: 4321,
      excludedBy: { no_show_not_rescheduled: 2000, completed_in_network: 2321 },
      trailingExcluded: 9000,
      interval: [-0.229, -0.131],
      flagged: true,
    });
  return {
    settings,
    report: {
      ...base,
      received: { n: 1_234_567, prior: 1_204_000 },
      clocks: byKind(() => many(345_678)),
      policyVersions: Array.from({ length: 12 }, (_, index) => `20${14 + index}-01`),
      backlog: { ...base.backlog, open: 9_876_543, overdue: byKind(() => 123_456) },
      timeTo: byKind(() => ({ n: 1_234_567, events: 1_134_567, medianHours: 20_000, p90Hours: 40_000 })),
      funnel: {
        received: 3_720_111,
        reached: 3_348_222,
        scheduled: 2_641_333,
        seen: 2_120_444,
        noteReceived: 1_590_555,
      },
      sources: {
        new: ids.slice(0, 500),
        active: 2000,
        inactive: ids.slice(500, 1000),
        declining: ids
          .slice(1000, 1500)
          .map((practiceId, index) => ({ practiceId, observed: index, expected: 3 * index + 40, p: 0.001 })),
        reactivated: ids.slice(1500),
      },
      dataQuality: {
        refused: {
          malformed: 11_111,
          invalid: 22_222,
          unknown_type: 3333,
          time_in_future: 4444,
          id_reused: 55,
          too_large: 66,
          limit: 77,
          unmatched: 88,
        },
        unmapped: Object.fromEntries(specialties.map((name, index) => [`${name}.${UNBROKEN}`, 1000 - index])),
        orphans: 99_999,
        unassigned: 88_888,
        feeds: Array.from({ length: 40 }, (_, index) => ({
          name: nameAt(index),
          lastHeardAt: index % 3 ? formatInstant(AS_OF - days(index)) : null,
          lastEventAt: index % 4 ? formatInstant(AS_OF - days(2 * index)) : null,
          quiet: index % 2 === 0,
          lacks: LACKS[index % 4] ?? null,
          types: [...EVENT_TYPES],
        })),
      },
      intake: {
        incomplete: {
          n: 123_456,
          d: 1_234_567,
          bySpecialty: counts(specialties, (index) => index),
          byPractice: counts(ids, (index) => index % 20),
        },
        declined: {
          misdirected: 7000,
          incomplete: 4000,
          out_of_criteria: 300,
          not_accepting: 2000,
          coverage: 20,
          other: 1,
        },
        declinedBySpecialty: counts(specialties, (index) => index),
        declinedByPractice: counts(ids, (index) => index % 7),
        receivedBySpecialty: counts(specialties, (index) => 10 * index),
        receivedByPractice: counts(ids, (index) => index % 40),
        patientsByPractice: counts(ids, (index) => index % 40),
      },
      audit: {
        unknownPractices: ids.map((id) => `${id}-${UNBROKEN}`),
        unknownSites: specialties,
        npiInvalid: ids,
        npiShared: ids,
        nearDuplicates: ids.map((id, index) => [
          { id, name: nameAt(index) },
          { id: UNBROKEN, name: `${nameAt(index)} ${index}` },
        ]),
        withoutProvider: 55_555,
        visitsWithoutOutcome: 44_444,
        notesBeforeReferral: ids,
        moreNotesBeforeReferral: 0,
      },
      notes: {
        bySpecialty: Object.fromEntries(
          specialties.map((name, index) => [name, note(100 * index, 30 * index, 10 * index)]),
        ),
        bySite: Object.fromEntries(
          settings.directory.sites.map(({ id }, index) => [id, note(10_000 * index, 3000 * index, 1000 * index)]),
        ),
      },
    },
  };
}

/** The mail of a report to a leader. */
export function reportContent(
  report: Report,
  { scope = {}, reportKind = 'weekly' }: { scope?: Scope; reportKind?: ReportKind } = {},
): ReportContent {
  const period = { weekly: '2026-W10', monthly: '2026-02', quarterly: '2025-Q4' }[reportKind];
  return reportMail({ recipient: leader(), reportKind, period, scope, report });
}
