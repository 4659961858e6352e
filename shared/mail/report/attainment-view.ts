import type { ReportContent } from '../../contracts/mail.ts';
import type { ClockFigures, Report, Restatement, Share } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { muted, type Remark, row, type Section, section, type TableRow, table } from '../blocks.ts';
import { KIND_NAME } from '../digest/wording.ts';
import {
  FEWEST_FOR_PERCENT,
  formatCount,
  listed,
  mostFirst,
  percent,
  shareCell,
  shareText,
  shortShare,
} from './format-figure.ts';
import { capitalized, endReasonName, PERIOD } from './report-wording.ts';
import { signalText } from './signal-wording.ts';
import { before, chartFloor, clocksOf, directionOf, exclusions, lineChartName, own, pooled, trendOf } from './trend.ts';

const NONE: Share = { n: 0, d: 0 };

/** Attainment of each clock, what it was before, and what is excluded from it. */
export function attainmentSection({ report, reportKind }: ReportContent, charts: ReadonlySet<string>): Section {
  const { one } = PERIOD[reportKind];
  const kinds = clocksOf(report);
  const leftOut = CLOCK_KINDS.filter((kind) => !kinds.includes(kind)).map((kind) => KIND_NAME[kind]);
  const rows = kinds.map((kind) => clockRow(kind, report, one, charts));
  const isDrawn = rows.some(({ chart }) => chart !== null);
  const legend = isDrawn
    ? `The lines show 9 ${one}s from ${Math.round(chartFloor(report) * 100)} (bottom) to 100 percent (top), this ${one} marked. ` +
      `Dashed: the usual level. Bar: the usual range of a ${one} with as many. Ring: a ${one} with under ${FEWEST_FOR_PERCENT}.`
    : null;
  return section(`Promises kept this ${one}`, [
    ...table(null, ['Promise', `This ${one}`, `${capitalized(one)} before`], rows, legend),
    ...(leftOut.length === 0 ? [] : [muted(`Not listed, since none fell due in these 9 ${one}s: ${listed(leftOut)}.`)]),
  ]);
}

function clockRow(kind: ClockKind, report: Report, one: string, charts: ReadonlySet<string>): TableRow {
  const name = lineChartName(kind);
  const figures = report.clocks[kind];
  return row(KIND_NAME[kind], [shareCell(own(figures)), shareCell(before(figures).at(-1) ?? NONE)], {
    chart: charts.has(name) ? { name, alt: altOf(kind, figures, one) } : null,
    remarks: [
      ...verdict(figures, one),
      history(figures, one),
      ...restated(report.restated[kind], one),
      excluded(figures, one),
    ],
  });
}

/** A change, or where chance alone would put the share. */
function verdict(figures: ClockFigures, one: string): Remark[] {
  const change = directionOf(figures);
  if (change !== null) {
    return [{ text: `${capitalized(signalText(figures, one))}.`, tone: change === 'better' ? 'plain' : 'bad' }];
  }
  const { limits } = figures;
  return limits === null ? [] : [{ text: `Usual range: ${limits.map(percent).join(' to ')}.`, tone: 'muted' }];
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
