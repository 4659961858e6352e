import type { Written } from '../../shared/store/conditional-write.ts';
import type { FinishedPeriod, ReportKey, ReportStore, StoredReport } from '../../shared/store/report-store.ts';
import { copy, putNew } from './memory-items.ts';

export class MemoryReportStore implements ReportStore {
  readonly #reports = new Map<string, { key: ReportKey; stored: StoredReport }>();
  readonly #finished = new Map<string, FinishedPeriod>();

  async save(key: ReportKey, stored: StoredReport): Promise<Written> {
    const id = JSON.stringify(key);
    if (this.#reports.has(id)) return 'conflict';
    // The charts are bytes, which JSON wouldn't keep.
    this.#reports.set(id, structuredClone({ key, stored }));
    return 'written';
  }

  async get(key: ReportKey): Promise<StoredReport | null> {
    return structuredClone(this.#reports.get(JSON.stringify(key))?.stored ?? null);
  }

  async finishPeriod(period: FinishedPeriod): Promise<Written> {
    return putNew(this.#finished, `${period.kind}#${period.period}`, period);
  }

  async finishedPeriods(): Promise<FinishedPeriod[]> {
    return copy([...this.#finished.values()]);
  }

  /** Every report, for tests to look at. */
  all(): (ReportKey & StoredReport)[] {
    return [...this.#reports.values()].map(({ key, stored }) => ({ ...key, ...stored }));
  }
}
