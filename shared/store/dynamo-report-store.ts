import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { storedReport } from '../contracts/report.ts';
import type { Written } from './conditional-write.ts';
import { REPORT_ATTEMPT, reportKey, reportRunKey } from './operations-keys.ts';
import { bytes, readItem, readPacked } from './read-item.ts';
import {
  type FinishedPeriod,
  finishedPeriod,
  type ReportAttempt,
  type ReportKey,
  type ReportStore,
  reportAttempt,
  type StoredReport,
} from './report-store.ts';
import type { Table } from './table.ts';

const reportItem = z.object({ report: storedReport, charts: z.record(z.string(), bytes) });

/** Reports in the operations table. */
export class DynamoReportStore implements ReportStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  save(key: ReportKey, { report, charts }: StoredReport): Promise<Written> {
    return this.#table.putNew({ ...reportKey(key), report: gzipSync(JSON.stringify(report)), charts });
  }

  async get(key: ReportKey): Promise<StoredReport | null> {
    const item = await this.#table.get(reportKey(key));
    return item ? readPacked(reportItem, item, 'operations report#<kind>#<period> <scope>', 'report') : null;
  }

  finishPeriod(period: FinishedPeriod): Promise<Written> {
    return this.#table.putNew({ ...reportRunKey(period), ...period });
  }

  async finishedPeriods(): Promise<FinishedPeriod[]> {
    const items = await this.#table.partition(reportRunKey({ kind: 'weekly', period: '' }).pk);
    return items.map((item) => readItem(finishedPeriod, item, 'operations report-runs <kind>#<period>'));
  }

  async latestAttempt(): Promise<ReportAttempt | null> {
    const item = await this.#table.get(REPORT_ATTEMPT);
    return item ? readItem(reportAttempt, item, 'operations report-attempt latest') : null;
  }

  beginAttempt(attempt: ReportAttempt): Promise<Written> {
    return this.#table.put({
      item: { ...REPORT_ATTEMPT, ...attempt },
      ConditionExpression: attempt.number === 1 ? 'attribute_not_exists(pk)' : '#number = :before',
      ...(attempt.number > 1 && {
        ExpressionAttributeNames: { '#number': 'number' },
        values: { ':before': attempt.number - 1 },
      }),
    });
  }

  endAttempt(number: number, isFinished: boolean): Promise<Written> {
    return this.#table.update({
      key: REPORT_ATTEMPT,
      UpdateExpression: isFinished ? 'SET leaseUntil = :none, unfinished = :none' : 'SET leaseUntil = :none',
      ConditionExpression: '#number = :number',
      ExpressionAttributeNames: { '#number': 'number' },
      values: { ':none': 0, ':number': number },
    });
  }
}
