import { z } from 'zod';
import { withHead } from './head.ts';
import type { ClockKind, DeclineReason, RefusalReason, Stage } from './vocabulary.ts';

/**
 * The figures of a period and a scope (domain contract, section 9), as they are stored, mailed and written to files.
 * Instants are ISO 8601 UTC with milliseconds. Neither rounded nor suppressed: that is for mail.
 */

export const REPORT_KINDS = ['weekly', 'monthly', 'quarterly'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Which referrals a report is about; empty: the whole organization. Segment and region are those of the practice. */
export interface Scope {
  site?: string | undefined;
  specialty?: string | undefined;
  segment?: string | undefined;
  region?: string | undefined;
}

/** `n` of `d`. */
export interface Share {
  n: number;
  d: number;
}

export interface ClockFigures {
  /** Clocks that fell due in the period and are not excluded: the denominator. */
  all: number;
  met: number;
  missed: number;
  lost: number;
  excluded: number;
  /** By `voided`, else the referral's end reason. */
  excludedBy: Record<string, number>;
  /** Met of all; null where nothing fell due. */
  attainment: number | null;
  /** That of the period before, with what is known now. */
  prior: number | null;
  /** Those of the 8 periods before, oldest first. */
  trailing: (number | null)[];
  /** The denominators of `trailing`. */
  trailingAll: number[];
  /** Excluded clocks of these 8 periods together. */
  trailingExcluded: number;
  /** 95% interval of the difference to the 8 periods before, pooled; null where either has no clock. */
  interval: [number, number] | null;
  /** The interval excludes 0, and both have 10 clocks or more. */
  flagged: boolean;
}

/** A figure of the period before, as its own report said, and as is known now. Reports never change: they are restated. */
export interface Restatement {
  reported: Share;
  now: Share;
}

export const AGE_BUCKETS = ['0-7', '8-14', '15-28', '29-60', 'over60'] as const;
export type AgeBucket = (typeof AGE_BUCKETS)[number];

export const INCIDENCE_DAYS = [7, 14, 28, 60, 90] as const;
export type Incidence = Record<(typeof INCIDENCE_DAYS)[number], number | null>;

export interface TimeTo {
  n: number;
  events: number;
  /** Of elapsed time; null where not reached. */
  medianHours: number | null;
  p90Hours: number | null;
}

export interface DecliningPractice {
  practiceId: string;
  /** Referrals in the last 56 days, and what the 182 before them lead to expect. */
  observed: number;
  expected: number;
  /** Chance of so few, were nothing changed. */
  p: number;
}

/** Referring practices by what has become of them. Lists are sorted by id. */
export interface PracticeActivityFigures {
  new: string[];
  active: number;
  inactive: string[];
  declining: DecliningPractice[];
  reactivated: string[];
}

export interface FeedHeard {
  name: string;
  lastHeardAt: string | null;
  /** Longer silent than the directory expects: what it should have told is missing in every figure. */
  quiet: boolean;
}

/** Notes that fell due in the period and the 8 before it, and what is still out. */
export interface NoteFigures {
  /** Fell due, not excluded. */
  all: number;
  /** Came late, or are out past their due. */
  late: number;
  /** Out past their due now. */
  overdue: number;
}

/** The period's name is in `week` whatever it is, so that a reader of one kind reads all, and under its own word. */
export type PeriodName = { week: string; month?: string; quarter?: string };

export interface ReportFigures {
  /** `[from, to)`, local midnights of the organization. */
  from: string;
  to: string;
  asOf: string;
  policyVersions: string[];
  received: { n: number; prior: number };
  clocks: Record<ClockKind, ClockFigures>;
  /** Attainment of the period before where it isn't any more what its report said; empty where there was no report. */
  restated: Partial<Record<ClockKind, Restatement>>;
  backlog: {
    open: number;
    byStage: Partial<Record<Stage, number>>;
    byAge: Record<AgeBucket, number>;
    /** Clocks past their due, neither stopped nor ended. */
    overdue: Record<ClockKind, number>;
    oldest: string | null;
  };
  timeTo: Record<ClockKind, TimeTo>;
  incidence: { n: number; scheduled: Incidence; leaked: Incidence };
  funnel: { received: number; reached: number; scheduled: number; seen: number; noteReceived: number };
  noShow: { noShows: number; completed: number; unknown: number; rate: number | null };
  recovery: { met: number; all: number };
  leakage: {
    broad: Share;
    network: Share & { known: number | null };
    byReason: Record<string, number>;
    expiredAdmin: number;
  };
  adminClosure: Share;
  loopClosure: Share;
  cms50Estimate: Share;
  sources: PracticeActivityFigures;
  /** Refused input and feeds are the organization's in every report; orphans belong to no scope but the organization. */
  dataQuality: {
    refused: Partial<Record<RefusalReason, number>>;
    orphans: number;
    unassigned: number;
    feeds: FeedHeard[];
  };
  intake: {
    incomplete: Share & { bySpecialty: Record<string, number>; byPractice: Record<string, number> };
    declined: Partial<Record<DeclineReason, number>>;
    declinedBySpecialty: Record<string, number>;
    declinedByPractice: Record<string, number>;
    /** Received in the period, to compare these with. */
    receivedBySpecialty: Record<string, number>;
    receivedByPractice: Record<string, number>;
    /** How many people these are: mail leaves out practices of few. */
    patientsByPractice: Record<string, number>;
  };
  audit: {
    unknownPractices: string[];
    unknownSites: string[];
    npiInvalid: string[];
    npiShared: string[];
    /** Names of practices that read like one, sorted. */
    nearDuplicates: [string, string][];
    withoutProvider: number;
    /** Appointments that have begun and of which nobody said how they went. */
    visitsWithoutOutcome: number;
  };
  /** Late notes by specialty and by site: who is asked for them. */
  notes: { bySpecialty: Record<string, NoteFigures>; bySite: Record<string, NoteFigures> };
}

export type Report = PeriodName & ReportFigures;

const reportHead = z.object({ week: z.string(), from: z.string(), to: z.string(), asOf: z.string() });
/** Reads a report as it was stored: period and instants are checked, the figures are taken as they were written. */
export const storedReport = withHead<Report>(reportHead);
