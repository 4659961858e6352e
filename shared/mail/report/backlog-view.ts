import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import { AGE_BUCKETS, type ReportFigures } from '../../contracts/report.ts';
import { STAGES } from '../../contracts/vocabulary.ts';
import { type Block, cell, fact, muted, remark, row, type Section, section, type TableRow, table } from '../blocks.ts';
import { KIND_NAME } from '../digest/wording.ts';
import { formatDate, formatElapsed } from '../format-time.ts';
import { counted, formatCount, listed, sum } from '../lists.ts';
import { countText, mostFirst } from './format-figure.ts';
import { AGE_NAME, STAGE_NAME } from './report-wording.ts';

/** What is open, how old it is, and how much of it is overdue. */
export function backlogSection({ report: { backlog }, recipient, asOf }: ReportContent): Section[] {
  const { open, oldest } = backlog;
  const since = oldest === null ? null : parseInstant(oldest);
  const late = overdueBlocks(backlog);
  // A note may be owed for a referral that has ended.
  if (since === null) return [section('Open now', [muted('No referral is open.'), ...late])];
  const summary = `${counted(open, 'referral')} open, the oldest received ${formatDate(since, recipient.timeZone)}, ${formatElapsed(since, asOf)} ago.`;
  return [section('Open now', [remark(summary), ...late, ...openBlocks(backlog)])];
}

function openBlocks({ open, byStage, byAge }: ReportFigures['backlog']): Block[] {
  if (open === 0) return [];
  const rowsOf = (counts: [string, number][]): TableRow[] =>
    counts.map(([name, n]) => row(name, [cell(countText(n, open))], { bar: n / open }));
  // In the order in which a referral passes through them, not by number.
  const stages = STAGES.toReversed().flatMap((stage): [string, number][] => {
    const n = byStage[stage] ?? 0;
    return n === 0 ? [] : [[STAGE_NAME[stage], n]];
  });
  const ages = AGE_BUCKETS.flatMap((age): [string, number][] =>
    byAge[age] === 0 ? [] : [[AGE_NAME[age], byAge[age]]],
  );
  return [
    ...table('By stage', ['Stage', 'Referrals'], rowsOf(stages)),
    ...table('By age', ['Since receipt', 'Referrals'], rowsOf(ages)),
  ];
}

function overdueBlocks({ overdue }: ReportFigures['backlog']): Block[] {
  const kinds = mostFirst(overdue) as [keyof typeof overdue, number][];
  if (kinds.length === 0) return [muted('No promise is overdue.')];
  const each = kinds.map(([kind, n]) => `${KIND_NAME[kind]} ${formatCount(n)}`);
  return [fact('Overdue now', `${counted(sum(kinds.map(([, n]) => n)), 'promise')}: ${listed(each)}.`)];
}
