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

/** Reports, and the periods of which all are stored. */
export interface ReportStore {
  /** Keeps a report; one that is stored stays as it is. */
  save(key: ReportKey, stored: StoredReport): Promise<Written>;
  get(key: ReportKey): Promise<StoredReport | null>;
  /** Notes that all reports of a period are stored. */
  finishPeriod(period: FinishedPeriod): Promise<Written>;
  finishedPeriods(): Promise<FinishedPeriod[]>;
}
