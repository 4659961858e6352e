import type { Person } from '../contracts/config.ts';
import { parseInstant } from '../contracts/instant.ts';
import type { ReportContent } from '../contracts/mail.ts';
import type { Report, ReportKind, Scope } from '../contracts/report.ts';
import { toRecipient } from './digest.ts';

export interface ReportMailInput {
  recipient: Person;
  reportKind: ReportKind;
  period: string;
  scope: Scope;
  report: Report;
}

/** A report as one leader gets it. Its figures were fixed when it was made, whenever it is mailed. */
export function reportMail({ recipient, reportKind, period, scope, report }: ReportMailInput): ReportContent {
  const asOf = parseInstant(report.asOf);
  if (asOf === null) throw new Error('a report without its instant');
  return {
    kind: 'weekly_report',
    recipient: toRecipient(recipient),
    period,
    asOf,
    policyVersions: report.policyVersions,
    referrals: report.received.n,
    reportKind,
    scope,
    report,
  };
}

/** The kind of report that a period's name is of: `2026-W10`, `2026-03`, `2026-Q1`. */
export function reportKindOf(period: string): ReportKind {
  if (/^\d{4}-W\d{2}$/.test(period)) return 'weekly';
  if (/^\d{4}-\d{2}$/.test(period)) return 'monthly';
  if (/^\d{4}-Q[1-4]$/.test(period)) return 'quarterly';
  throw new Error('not the name of a week, month or quarter');
}

/** A scope as the store names it: `organization`, `site=X`, of several fields `site=X,specialty=Y`. */
export function scopeKey({ site, specialty, segment, region }: Scope): string {
  const fields = Object.entries({ site, specialty, segment, region }).filter(([, value]) => value !== undefined);
  return fields.length === 0 ? 'organization' : fields.map(([field, value]) => `${field}=${value}`).join(',');
}
