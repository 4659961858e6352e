import { readFileSync } from 'node:fs';
import type { Config } from '../shared/contracts/config.ts';
import { DAY_MS } from '../shared/contracts/duration.ts';
import { reportPeriods } from '../shared/domain/report/periods.ts';
import { ReportBuilder } from '../shared/domain/report/report-builder.ts';
import { storedStates } from './stored-states.ts';

/**
 * What `report-scale.ts` measures, in a process of its own: a file of projections and a configuration in, figures out.
 */

function measure(file: string, config: Config & { until: number }): Record<string, number | undefined> {
  const started = performance.now();
  const { timeZone } = config.directory.organization;
  const weekly = reportPeriods(timeZone, config.until - 8 * DAY_MS, config.until).filter(
    ({ kind }) => kind === 'weekly',
  );
  const period = weekly.at(-1);
  if (!period) throw new Error('no report is due');
  const builder = new ReportBuilder(period, config);
  for (const states of storedStates(file)) for (const state of states) builder.add(state);
  const reports = builder.finish({ refused: {}, unmapped: {}, orphans: 0, feedsHeard: new Map() });
  return {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: process.cpuUsage().user / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    scopes: reports.size,
    open: reports.get('organization')?.backlog.open,
  };
}

const [, , file = '', configFile = ''] = process.argv;
console.log(JSON.stringify(measure(file, JSON.parse(readFileSync(configFile, 'utf8')))));
