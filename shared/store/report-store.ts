import * as z from 'zod';
import { instant } from '../contracts/instant.ts';
import { REPORT_KINDS, type Report, type ReportKind } from '../contracts/report.ts';
import type { Written } from './conditional-write.ts';

/** Which report: kind, period (`2026-W10`, `2026-03`, `2026-Q1`) and scope (`organization`, `site=X`). */
export interface ReportKey {
  kind: ReportKind;
  period: string;
  scope: string;
}

/** A report as it is stored: it never changes. */
export interface StoredReport {
  report: Report;
  /** The charts of its mail as PNG, by name; none if nobody gets it as mail. */
  charts: Record<string, Uint8Array>;
}

/** A period of which all reports are stored. */
export const finishedPeriod = z.object({ kind: z.enum(REPORT_KINDS), period: z.string(), asOf: instant });
export type FinishedPeriod = z.output<typeof finishedPeriod>;

/** The latest run that set out to write reports. It holds the lease until it ends. */
export const reportAttempt = z.object({
  /** How many have set out: tells them apart. */
  number: z.number(),
  /** Before this instant nobody else reads all referrals. In the past once the attempt has ended. */
  leaseUntil: instant,
  /** When the configuration was pushed under which reports were due, and which: `weekly 2026-W10`. */
  push: instant,
  periods: z.array(z.string()),
  /** How many attempts at these came to nothing; one under way is among them. 0: the last one finished. */
  unfinished: z.number(),
  /** The earliest run that tries again. */
  retryAt: instant,
});
export type ReportAttempt = z.output<typeof reportAttempt>;

/** Reports, the periods of which all are stored, and the latest attempt to write some. */
export interface ReportStore {
  /** Keeps a report; one that is stored stays as it is. */
  save(key: ReportKey, stored: StoredReport): Promise<Written>;
  get(key: ReportKey): Promise<StoredReport | null>;
  /** Notes that all reports of a period are stored. */
  finishPeriod(period: FinishedPeriod): Promise<Written>;
  finishedPeriods(): Promise<FinishedPeriod[]>;
  /** Null: there was none yet. */
  latestAttempt(): Promise<ReportAttempt | null>;
  /** Notes an attempt before it begins, unless another one has begun since the one before it. */
  beginAttempt(attempt: ReportAttempt): Promise<Written>;
  /** Gives the lease back, unless another attempt has begun. @param isFinished whether it did what it set out to do */
  endAttempt(number: number, isFinished: boolean): Promise<Written>;
}
