import * as z from 'zod';
import { withHead } from './head.ts';
import type { ClockKind, DeclineReason, RefusalReason, Stage } from './vocabulary.ts';

/**
 * The figures of a period and a scope (docs/domain.md#9), as they are stored, mailed and written to files.
 * Instants are ISO 8601 UTC with milliseconds. Figures are neither rounded nor suppressed; only mail does that.
 */

export const REPORT_KINDS = ['weekly', 'monthly', 'quarterly'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Which referrals a report is about; without fields, all of the organization's. Segment and region are the practice's. */
export interface Scope {
  site?: string | undefined;
  specialty?: string | undefined;
  segment?: string | undefined;
  region?: string | undefined;
}

/** A report's share: numerator `n` of denominator `d`. */
export interface Share {
  n: number;
  d: number;
}

/**
 * How a period differs from those before: beyond the limits, on one side of the centre for 8 periods, or lower or higher
 * from each of 7 periods to the next.
 */
export type Signal = 'below' | 'above' | 'shift_down' | 'shift_up' | 'trend_down' | 'trend_up';

export interface ClockFigures {
  /** Clocks that fell due in the period and are not excluded: the denominator. */
  all: number;
  met: number;
  missed: number;
  lost: number;
  excluded: number;
  /** Excluded clocks by reason: `voided`, or else the referral's end reason. */
  excludedBy: Record<string, number>;
  /** Met of all; null if nothing fell due. */
  attainment: number | null;
  /** Attainment of the period before, as known now. */
  prior: number | null;
  /** Attainment of each of the 8 periods before, oldest first. */
  trailing: (number | null)[];
  /** The denominators of `trailing`. */
  trailingAll: number[];
  /** Excluded clocks of these 8 periods in all. */
  trailingExcluded: number;
  /** 95% interval of the difference to the 8 periods before, pooled; null if either side has no clock. */
  interval: [number, number] | null;
  /** The interval excludes 0, and both sides have 10 clocks or more. With ten clocks that is often chance: see `signal`. */
  flagged: boolean;
  /** Attainment of the up to 26 periods before, pooled, of those with 10 clocks or more; null if fewer than 8 have. */
  centre: number | null;
  /** Where chance alone puts this period's attainment; null without a centre, or with fewer than 10 clocks. */
  limits: [number, number] | null;
  /** A change that chance doesn't explain; null: none, or no limits. */
  signal: Signal | null;
  /** Start of the period with which that change began; null without one. Of one beyond the limits it is the report's own. */
  since: string | null;
  /** Where the promises were missed that make a change for the worse; null without one, or if it is nowhere in particular. */
  where: MostMissed | null;
  /** The up to 26 periods before, oldest first, from the first in which any clock fell due. */
  history: PeriodFigures[];
}

/** Attainment of an earlier period, as known now. */
export interface PeriodFigures {
  /** When it began. */
  from: string;
  met: number;
  all: number;
}

/** The site or the specialty that adds most to what was missed in a period. */
export type MostMissed = ({ site: string } | { specialty: string }) & {
  /** Clocks of it that fell due in the period and weren't met. */
  misses: number;
  /** How many that would have been at its own share of the periods before, or, if it had few, at the scope's. */
  expected: number;
};

/** A figure of the period before: as its own report said, and as known now. Reports never change; they are restated. */
export interface Restatement {
  reported: Share;
  now: Share;
}

export const AGE_BUCKETS = ['0-7', '8-14', '15-28', '29-60', 'over60'] as const;
export type AgeBucket = (typeof AGE_BUCKETS)[number];

export const INCIDENCE_DAYS = [7, 14, 28, 60, 90] as const;
export type Incidence = Record<(typeof INCIDENCE_DAYS)[number], number | null>;

export interface TimeTo {
  /** How many clocks: stopped (`events`) and censored. */
  n: number;
  events: number;
  /** Hours of elapsed time; null if not reached. */
  medianHours: number | null;
  p90Hours: number | null;
}

export interface DecliningPractice {
  practiceId: string;
  /** Referrals in the last 56 days. */
  observed: number;
  /** Referrals expected in 56 days, from the 182 days before them. */
  expected: number;
  /** Chance of at most this many if nothing had changed. */
  p: number;
}

/** Referring practices by how their activity has changed. Lists are sorted by id. */
export interface PracticeActivityFigures {
  new: string[];
  active: number;
  inactive: string[];
  declining: DecliningPractice[];
  reactivated: string[];
}

export interface FeedFigures {
  name: string;
  /** When a heartbeat or an event of it was last heard; null: never. */
  lastHeardAt: string | null;
  /** When its last event arrived, heartbeats aside; null: none has. */
  lastEventAt: string | null;
  /** Silent for longer than the directory expects: the events that it should have sent are missing from every figure. */
  quiet: boolean;
  /** What hasn't come for so long: anything at all, or events; null: it isn't quiet. */
  lacks: 'anything' | 'events' | null;
  /** The types of event that ever came from it, sorted; empty if none did, or of before they were noted. */
  types: string[];
}

/** A referring practice, by its id and the name that it goes by. */
export interface NamedPractice {
  id: string;
  name: string;
}

/** Consult notes that fell due in the period and the 8 before it, and those that are overdue. */
export interface NoteFigures {
  /** Fell due, not excluded. */
  all: number;
  /** Of these, came late or are overdue. */
  late: number;
  /** Past their due and still owed, whenever they fell due. */
  overdue: number;
}

/** `week` has the name of the period of any kind, so that one reader can read all kinds; `month` or `quarter` repeats it. */
export type PeriodName = { week: string; month?: string; quarter?: string };

export interface ReportFigures {
  /** The period `[from, to)`: midnights in the organization's time zone. */
  from: string;
  to: string;
  asOf: string;
  policyVersions: string[];
  /** Referrals received in the period (`n`) and in the one before. */
  received: { n: number; prior: number };
  clocks: Record<ClockKind, ClockFigures>;
  /** Attainment of the period before, for clocks whose figure differs from its own report. Empty without such a report. */
  restated: Partial<Record<ClockKind, Restatement>>;
  backlog: {
    open: number;
    byStage: Partial<Record<Stage, number>>;
    byAge: Record<AgeBucket, number>;
    /** Clocks past their due that have neither stopped nor ended. */
    overdue: Record<ClockKind, number>;
    oldest: string | null;
  };
  timeTo: Record<ClockKind, TimeTo>;
  /** Of `n` referrals, the share booked or seen, and leaked, by each day; null by one that none has been followed to. */
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
  /** Of its patients without a note, those whose referral was ordered under 90 days before `asOf`: theirs may yet come. */
  cms50TooRecent: number;
  sources: PracticeActivityFigures;
  /**
   * Refused input, replaced words and feeds are the organization's in every report; orphans count only in the
   * organization's own.
   */
  dataQuality: {
    refused: Partial<Record<RefusalReason, number>>;
    /** Words of the sender's own that another word stands for, by field, such as `referral.closed.reason`. */
    unmapped: Record<string, number>;
    orphans: number;
    /** Referrals that are in no figure, because nobody can compute on them; of the whole organization. Absent: none. */
    setAside?: number;
    unassigned: number;
    feeds: FeedFigures[];
  };
  intake: {
    incomplete: Share & { bySpecialty: Record<string, number>; byPractice: Record<string, number> };
    declined: Partial<Record<DeclineReason, number>>;
    declinedBySpecialty: Record<string, number>;
    declinedByPractice: Record<string, number>;
    /** Referrals received in the period, to compare the counts above with. */
    receivedBySpecialty: Record<string, number>;
    receivedByPractice: Record<string, number>;
    /** How many people those are: mail leaves out practices with few. */
    patientsByPractice: Record<string, number>;
  };
  audit: {
    unknownPractices: string[];
    unknownSites: string[];
    npiInvalid: string[];
    npiShared: string[];
    /** Pairs of practices whose names read like one, sorted by name. */
    nearDuplicates: [NamedPractice, NamedPractice][];
    withoutProvider: number;
    /** Appointments that have started and whose outcome nobody reported. */
    visitsWithoutOutcome: number;
    /** Ids of the referrals with a note that is dated before them and belongs to another one, sorted. */
    notesBeforeReferral: string[];
    /** How many further ids the list has no room for: a feed may misdate all notes, and a report must fit into its item. */
    moreNotesBeforeReferral: number;
  };
  /** Late notes by specialty and by site, to say whom to ask for them. */
  notes: { bySpecialty: Record<string, NoteFigures>; bySite: Record<string, NoteFigures> };
}

export type Report = PeriodName & ReportFigures;

const reportHead = z.object({ week: z.string(), from: z.string(), to: z.string(), asOf: z.string() });
/** Reads a report as it was stored: period and instants are checked, the figures are taken as they were written. */
export const storedReport = withHead<Report>(reportHead);

/** A report as a mail needs it: of one that was written before it had all of today's figures those are empty. */
export function completeReport(report: Report): Report {
  const { clocks, dataQuality, audit } = report;
  const noChart = { centre: null, limits: null, signal: null, since: null, where: null, history: [] };
  const charted = Object.entries(clocks).map(([kind, figures]) => [kind, { ...noChart, ...figures }]);
  return {
    ...report,
    clocks: Object.fromEntries(charted) as Report['clocks'],
    cms50TooRecent: report.cms50TooRecent ?? 0,
    dataQuality: {
      ...dataQuality,
      unmapped: dataQuality.unmapped ?? {},
      feeds: dataQuality.feeds.map((feed) => ({
        ...feed,
        lastEventAt: feed.lastEventAt ?? null,
        lacks: feed.lacks ?? (feed.quiet ? 'anything' : null),
        types: feed.types ?? [],
      })),
    },
    audit: {
      ...audit,
      nearDuplicates: audit.nearDuplicates.map(([a, b]) => [named(a), named(b)]),
      notesBeforeReferral: audit.notesBeforeReferral ?? [],
      moreNotesBeforeReferral: audit.moreNotesBeforeReferral ?? 0,
    },
  };
}

/** Once near-duplicates were names only. */
const named = (practice: NamedPractice | string): NamedPractice =>
  typeof practice === 'string' ? { id: practice, name: practice } : practice;
