import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { ClockFigures, Restatement } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { directionOf } from '../../domain/report/control-chart.ts';
import {
  type ChartView,
  chart,
  muted,
  type Remark,
  row,
  type Section,
  section,
  type TableRow,
  table,
} from '../blocks.ts';
import { KIND_NAME } from '../digest/wording.ts';
import { formatCount, listed } from '../lists.ts';
import { toldInBrief } from './changes-view.ts';
import { type ChartPoint, chartName, chartPoints } from './chart-points.ts';
import { clocksOf, exclusions, own } from './clock-figures.ts';
import { FEWEST_FOR_PERCENT, mostFirst, percent, shareCell, shareText, shortShare } from './format-figure.ts';
import { periodOf, periodsOf } from './period-wording.ts';
import { capitalized, endReasonName, PERIOD } from './report-wording.ts';
import { changeText, signalText } from './signal-wording.ts';
import { targetText } from './targets.ts';

/** Each promise with its target, how much of it was kept, and what is excluded from it. */
export function attainmentSection(content: ReportContent, config: Config): Section[] {
  const { report, reportKind } = content;
  const { one } = PERIOD[reportKind];
  const kinds = clocksOf(report);
  const leftOut = CLOCK_KINDS.filter((kind) => !kinds.includes(kind)).map((kind) => KIND_NAME[kind]);
  if (kinds.length === 0) return [];
  return [
    section(`Promises kept this ${one}`, [
      ...table(
        null,
        ['Promise', 'Kept in time'],
        kinds.map((kind) => clockRow(kind, content, config)),
      ),
      ...(leftOut.length === 0
        ? []
        : [muted(`Not listed, since none fell due in these 9 ${one}s: ${listed(leftOut)}.`)]),
    ]),
  ];
}

function clockRow(kind: ClockKind, content: ReportContent, config: Config): TableRow {
  const { report, reportKind } = content;
  const { one } = PERIOD[reportKind];
  const figures = report.clocks[kind];
  const target = targetText(kind, content, config);
  const { excluded, hasDoubled } = exclusionText(figures, one);
  const told = [target === null ? null : `${capitalized(target)}.`, hasDoubled ? null : excluded];
  const muted = told.filter((text) => text !== null).join(' ');
  return row(KIND_NAME[kind], [shareCell(own(figures))], {
    remarks: [
      ...(muted === '' ? [] : [mutedRemark(muted)]),
      ...verdict(kind, content, config),
      ...(excluded !== null && hasDoubled ? [{ text: excluded, tone: 'bad' } as const] : []),
      ...restated(report.restated[kind], one),
    ],
  });
}

const mutedRemark = (text: string): Remark => ({ text, tone: 'muted' });

function verdict(kind: ClockKind, content: ReportContent, config: Config): Remark[] {
  const figures = content.report.clocks[kind];
  const change = directionOf(figures.signal);
  if (change === null) return [];
  const isBrief = toldInBrief(content.report).includes(kind);
  const said = isBrief ? changeText(kind, content, config) : `${signalText(figures, content, config)}.`;
  return [{ text: `${capitalized(change)}: ${said}`, tone: change === 'better' ? 'plain' : 'bad' }];
}

/** Says that the period before came out otherwise than its report said, if a reader would see the difference. */
function restated(restatement: Restatement | undefined, one: string): Remark[] {
  if (restatement === undefined) return [];
  const { reported, now } = restatement;
  if (reported.d === 0 || now.d === 0 || shortShare(reported) === shortShare(now)) return [];
  return [
    mutedRemark(
      `The ${one} before is ${shareText(now)} by what has come since; its report said ${shareText(reported)}.`,
    ),
  ];
}

/** How many of those that fell due are excluded, and mostly why; null if none is. */
function exclusionText(figures: ClockFigures, one: string): { excluded: string | null; hasDoubled: boolean } {
  const { now, before: earlier, hasDoubled } = exclusions(figures);
  if (now.n === 0) return { excluded: null, hasDoubled };
  const [reason, count] = mostFirst(figures.excludedBy)[0] ?? ['other reasons', now.n];
  const all = now.n === 1 ? '' : 'all ';
  const why =
    count === now.n ? `${all}${endReasonName(reason)}` : `mostly ${endReasonName(reason)} (${formatCount(count)})`;
  if (!hasDoubled) return { excluded: `Excluded: ${formatCount(now.n)}, ${why}.`, hasDoubled };
  const was = `Over twice the share of the 8 ${one}s before: ${shareText(earlier)}`;
  return { excluded: `Excluded: ${shareText(now)}, ${why}. ${was}.`, hasDoubled };
}

/** A control chart of each promise, in words and, where it was drawn, as a picture. */
export function chartsSection(content: ReportContent, config: Config): Section[] {
  const { one } = PERIOD[content.reportKind];
  const blocks = clocksOf(content.report).flatMap((kind) => chartOf(kind, content, config));
  if (blocks.length === 0) return [];
  const legend =
    `How to read the charts: each dot is a ${one}, and this ${one} has a ring. The shaded band is the usual range, the dashed ` +
    `line the usual level. Grey is usual; a blue triangle pointing up is better than chance explains, an orange one ` +
    `pointing down worse. A hollow dot is a ${one} with under ${FEWEST_FOR_PERCENT} due.`;
  const [first, ...others] = blocks;
  return [
    section(`${capitalized(one)} by ${one}`, [...(first ? [chart({ ...first, legend })] : []), ...others.map(chart)]),
  ];
}

function chartOf(kind: ClockKind, content: ReportContent, config: Config): ChartView[] {
  const { report, reportKind } = content;
  const { one } = PERIOD[reportKind];
  const shown = chartPoints(kind, report);
  if (shown === null) return [];
  const { points, low, high } = shown;
  const [first = report.from, last = report.from] = [points[0]?.from, points.at(-1)?.from];
  const span = periodsOf(first, last, reportKind, config);
  const usual = usualText(report.clocks[kind]);
  return [
    {
      name: chartName(kind),
      title: KIND_NAME[kind],
      // Where pictures are off, it stands above the caption.
      alt: `Chart of ${points.length} ${one}s, ${span}. This ${one}: ${shareText(own(report.clocks[kind]))}.`,
      caption: [
        usual,
        `${capitalized(one)}s of ${span}, drawn from ${percent(low)} to ${percent(high)}.`,
        ...marksOf(points, content, config),
      ].join(' '),
      legend: null,
    },
  ];
}

function usualText({ centre, limits }: ClockFigures): string {
  if (centre === null) return 'Too early for a usual level.';
  const range = limits === null ? '' : `, usual range ${limits.map(percent).join(' to ')}`;
  return `Usual level ${percent(centre)}${range}.`;
}

/** Which periods stand out; of several how many, and the last. */
function marksOf(points: readonly ChartPoint[], { reportKind }: ReportContent, config: Config): string[] {
  const { one } = PERIOD[reportKind];
  return (['worse', 'better'] as const).flatMap((mark) => {
    const marked = points.filter((point) => point.mark === mark);
    const last = marked.at(-1);
    if (last === undefined) return [];
    const many = marked.length === 1 ? '' : `${marked.length} ${one}s, the last `;
    return [`${capitalized(mark)}: ${many}${periodOf(last.from, reportKind, config)}.`];
  });
}
