import { renderToStaticMarkup } from 'react-dom/server';
import type { Report } from '../../../contracts/report.ts';
import { chartName, chartPoints } from '../chart-points.ts';
import { clocksOf } from '../clock-figures.ts';
import { ControlChart } from './control-chart.tsx';
import { rasterise } from './rasterise.ts';

/** The control charts of a report's mail as PNG, by name, one for each clock. The same report gives the same bytes. */
export async function drawCharts(report: Report): Promise<Record<string, Uint8Array>> {
  const charts: Record<string, Uint8Array> = {};
  for (const kind of clocksOf(report)) {
    const chart = chartPoints(kind, report);
    if (chart === null) continue;
    charts[chartName(kind)] = await rasterise(renderToStaticMarkup(<ControlChart chart={chart} />));
  }
  return charts;
}
