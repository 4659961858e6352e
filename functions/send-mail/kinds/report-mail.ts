import type { ReportContent } from '../../../shared/contracts/mail.ts';
import { type ReportMailInput, reportMail } from '../../../shared/domain/mail/report-mail.ts';
import { kindOfPeriod } from '../../../shared/domain/report/periods.ts';
import { scopeOf } from '../../../shared/domain/report/recipients.ts';
import { scopeKey } from '../../../shared/domain/report/scopes.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import type { ReportKey, ReportStore } from '../../../shared/store/report-store.ts';
import type { Charts, GatherContext, Kind } from './kind.ts';

/** The mail's report isn't made yet: the message comes back. */
export class ReportMissingError extends Error {
  override readonly name = 'ReportMissingError';
}

/**
 * Reads the leader's report. Null if the period's reports are finished without one for this scope: the leader came, or
 * their scope changed, after the reports were made, so the next report is their first.
 */
async function gather({ period }: MailJob, context: GatherContext): Promise<ReportMailInput | null> {
  const { recipient, config, reports } = context;
  const leader = config.directory.people.find(({ id }) => id === recipient.id);
  const scope = leader === undefined ? {} : scopeOf(leader);
  const reportKind = kindOfPeriod(period);
  const stored = await reports.get(keyOf({ reportKind, period, scope }));
  if (stored !== null) return { recipient, reportKind, period, scope, report: stored.report };
  const finished = await reports.finishedPeriods();
  if (finished.some((done) => done.kind === reportKind && done.period === period)) return null;
  throw new ReportMissingError('the report was not made yet');
}

/** The charts were drawn when the report was made. */
async function readCharts(content: ReportContent, reports: ReportStore): Promise<Charts> {
  return (await reports.get(keyOf(content)))?.charts ?? {};
}

const keyOf = ({ reportKind, period, scope }: Pick<ReportContent, 'reportKind' | 'period' | 'scope'>): ReportKey => ({
  kind: reportKind,
  period,
  scope: scopeKey(scope),
});

export const reportMailKind: Kind<'weekly_report', ReportMailInput | null> = {
  gather,
  decide: (input) => (input === null ? null : reportMail(input)),
  isSupersededByNext: false,
  readCharts,
};
