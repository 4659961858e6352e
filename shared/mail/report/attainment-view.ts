import type { ReportContent } from '../../contracts/mail.ts';
import type { ClockFigures, Report, Restatement } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { KIND_NAME } from '../wording.ts';
import { muted, type Remark, row, type Section, type TableRow, table } from './blocks.ts';
import { points } from './changes-view.ts';
import {
  type Cell,
  cell,
  FEWEST_FOR_PERCENT,
  formatCount,
  listed,
  mostFirst,
  shareCell,
  shareText,
  shortShare,
} from './format-figure.ts';
import { endReasonName, PERIOD } from './report-wording.ts';
import { before, chartFloor, clocksOf, directionOf, exclusions, lineChartName, own, pooled, trendOf } from './trend.ts';

/** Attainment of each clock, what it was before, and what is excluded from it. */
export function attainmentSection({ report, reportKind }: ReportContent, charts: ReadonlySet<string>): Section {
  const { one } = PERIOD[reportKind];
  const kinds = clocksOf(report);
  const leftOut = CLOCK_KINDS.filter((kind) => !kinds.includes(kind)).map((kind) => KIND_NAME[kind]);
  const rows = kinds.map((kind) => clockRow(kind, report, one, charts));
  const isDrawn = rows.some(({ chart }) => chart !== null);
  const legend = isDrawn
    ? `The lines show 9 ${one}s from ${Math.round(chartFloor(report) * 100)} (bottom) to 100 percent (top), this ${one} marked. ` +
      `Dashed: the 8 before as one. Ring: a ${one} with under ${FEWEST_FOR_PERCENT}.`
    : null;
  return {
    title: `Promises kept this ${one}`,
    blocks: [
      ...table(null, ['Promise', `This ${one}`, 'Change'], rows, legend),
      ...(rows.length === 0 ? [] : [muted(`Change: percentage points against the ${one} before.`)]),
      ...(leftOut.length === 0
        ? []
        : [muted(`Not listed, since none fell due in these 9 ${one}s: ${listed(leftOut)}.`)]),
    ],
  };
}

function clockRow(kind: ClockKind, report: Report, one: string, charts: ReadonlySet<string>): TableRow {
  const name = lineChartName(kind);
  const figures = report.clocks[kind];
  return row(KIND_NAME[kind], [shareCell(own(figures)), changeCell(figures)], {
    chart: charts.has(name) ? { name, alt: altOf(kind, figures, one) } : null,
    remarks: [
      ...verdict(figures, one),
      history(figures, one),
      ...restated(report.restated[kind], one),
      excluded(figures, one),
    ],
  });
}

/** The change against the period before, if both have enough members for a percentage. */
function changeCell(figures: ClockFigures): Cell {
  const last = before(figures).at(-1) ?? { n: 0, d: 0 };
  const was = last.d === 0 ? null : `was ${shortShare(last)}`;
  if (figures.all < FEWEST_FOR_PERCENT || last.d < FEWEST_FOR_PERCENT) return cell('\u2013', was);
  const change = Math.round((figures.attainment ?? 0) * 100) - Math.round((figures.prior ?? 0) * 100);
  const sign = change > 0 ? '+' : '\u2212';
  return cell(change === 0 ? 'same' : `${sign}${Math.abs(change)}`, was);
}

function verdict(figures: ClockFigures, one: string): Remark[] {
  const change = directionOf(figures);
  if (change === null) return [];
  const word = change === 'better' ? 'Better' : 'Worse';
  return [
    {
      text: `${word} than the 8 ${one}s before by ${points(figures.interval)}.`,
      tone: change === 'better' ? 'plain' : 'bad',
    },
  ];
}

function history(figures: ClockFigures, one: string): Remark {
  const all = pooled(figures);
  if (all.d === 0) return { text: `None fell due in the 8 ${one}s before.`, tone: 'muted' };
  return {
    text: `8 ${one}s before: ${shareText(all)}; each, oldest first: ${before(figures).map(shortShare).join(', ')}.`,
    tone: 'muted',
  };
}

/** Says that the period before came out otherwise than its report said, if a reader would see the difference. */
function restated(restatement: Restatement | undefined, one: string): Remark[] {
  if (restatement === undefined) return [];
  const { reported, now } = restatement;
  if (reported.d === 0 || now.d === 0 || shortShare(reported) === shortShare(now)) return [];
  const text = `The ${one} before was reported as ${shareText(reported)}; by what has come since it is ${shareText(now)}.`;
  return [{ text, tone: 'muted' }];
}

/** How many of those that fell due are excluded, and mostly why. */
function excluded(figures: ClockFigures, one: string): Remark {
  const { now, before: earlier, hasDoubled } = exclusions(figures);
  if (now.n === 0) return { text: 'None excluded.', tone: 'muted' };
  const [reason, count] = mostFirst(figures.excludedBy)[0] ?? ['other reasons', now.n];
  const why =
    count === now.n ? `all ${endReasonName(reason)}` : `mostly ${endReasonName(reason)} (${formatCount(count)})`;
  const was = hasDoubled ? `. Over twice the share of the 8 ${one}s before: ${shareText(earlier)}` : '';
  return { text: `Excluded: ${shareText(now)}, ${why}${was}.`, tone: hasDoubled ? 'bad' : 'muted' };
}

/** The chart in words. */
function altOf(kind: ClockKind, figures: ClockFigures, one: string): string {
  const values = trendOf(figures).map((share) => (share.d === 0 ? 'none due' : shortShare(share)));
  return `${KIND_NAME[kind]}, last 9 ${one}s: ${values.join(', ')}.`;
}
