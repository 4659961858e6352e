import { renderToStaticMarkup } from 'react-dom/server';
import type { Report } from '../../../contracts/report.ts';
import { chartFloor, clocksOf, lineChartName, trendOf } from '../trend.ts';
import { LineChart } from './line-chart.tsx';
import { rasterise } from './rasterise.ts';

/** The charts of a report's mail as PNG, by name: the attainment of each clock. The same report gives the same bytes. */
export async function drawCharts(report: Report): Promise<Record<string, Uint8Array>> {
  const charts: Record<string, Uint8Array> = {};
  const floor = chartFloor(report);
  for (const kind of clocksOf(report)) {
    const figures = report.clocks[kind];
    const { centre, limits } = figures;
    const chart = <LineChart trend={trendOf(figures)} centre={centre} limits={limits} floor={floor} />;
    const svg = renderToStaticMarkup(chart);
    charts[lineChartName(kind)] = await rasterise(svg);
  }
  return charts;
}
