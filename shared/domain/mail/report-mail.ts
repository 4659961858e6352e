import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import { completeReport, type Report, type ReportKind, type Scope } from '../../contracts/report.ts';
import { type Recipient, toMailRecipient } from './recipients.ts';

export interface ReportMailInput {
  recipient: Recipient;
  reportKind: ReportKind;
  period: string;
  scope: Scope;
  report: Report;
}

/** A report as one leader gets it. Its figures were fixed when it was made, however late it is mailed. */
export function reportMail({ recipient, reportKind, period, scope, report }: ReportMailInput): ReportContent {
  const asOf = parseInstant(report.asOf);
  if (asOf === null) throw new Error('a report without its instant');
  return {
    kind: 'weekly_report',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    policyVersions: report.policyVersions,
    referrals: report.received.n,
    reportKind,
    scope,
    report: completeReport(report),
  };
}
