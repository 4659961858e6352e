import type { Directory } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Report } from '../../shared/contracts/report.ts';
import type { ReferralState } from '../../shared/contracts/state.ts';
import { type ReportPeriod, reportPeriods } from '../../shared/domain/report/periods.ts';
import { type OrganizationFacts, ReportBuilder } from '../../shared/domain/report/report-builder.ts';
import { sampleConfig } from './config.ts';
import { stateOf } from './stored.ts';

/** The weekly report that is due at an instant. */
export function weekDue(asOf: number, timeZone = 'America/New_York'): ReportPeriod {
  const week = reportPeriods(timeZone, asOf - DAY_MS, asOf).find((period) => period.kind === 'weekly');
  if (week?.asOf !== asOf) throw new Error('no weekly report is due then');
  return week;
}

/** The reports by scope over referrals that were just received, except for what each entry overrides. */
export function reportsOver(
  period: ReportPeriod,
  referrals: readonly Partial<ReferralState>[],
  {
    facts = {},
    directory = sampleConfig().directory,
  }: { facts?: Partial<OrganizationFacts>; directory?: Directory } = {},
): (scope?: string) => Report {
  const builder = new ReportBuilder(period, { directory });
  referrals.forEach((over, index) => {
    builder.add(stateOf(`R-${index}`, over));
  });
  const reports = builder.finish({ refused: {}, unmapped: {}, orphans: 0, feedsHeard: new Map(), ...facts });
  return (scope = 'organization') => {
    const report = reports.get(scope);
    if (!report) throw new Error(`no report of ${scope}`);
    return report;
  };
}
