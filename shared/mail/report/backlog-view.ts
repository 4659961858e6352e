import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import { AGE_BUCKETS, type ReportFigures } from '../../contracts/report.ts';
import { STAGES } from '../../contracts/vocabulary.ts';
import { type Block, cell, muted, remark, row, type Section, section, type TableRow, table } from '../blocks.ts';
import { KIND_NAME } from '../digest/wording.ts';
import { formatDate, formatElapsed } from '../format-time.ts';
import { countCell, counted, formatCount, mostFirst, sum } from './format-figure.ts';
import { AGE_NAME, STAGE_NAME } from './report-wording.ts';

/** What is open, how old it is, and how much of it is overdue. */
export function backlogSection({ report: { backlog }, recipient, asOf }: ReportContent): Section {
  const { open, oldest } = backlog;
  const since = oldest === null ? null : parseInstant(oldest);
  return section('Open now', [
    remark(
      since === null
        ? 'No referral is open.'
        : `${counted(open, 'referral')} open, the oldest received ${formatDate(since, recipient.timeZone)}, ${formatElapsed(since, asOf)} ago.`,
    ),
    ...openBlocks(backlog),
    ...overdueBlocks(backlog),
  ]);
}

function openBlocks({ open, byStage, byAge }: ReportFigures['backlog']): Block[] {
  if (open === 0) return [];
  const rowsOf = (counts: [string, number][]): TableRow[] =>
    counts.map(([name, n]) => row(name, [countCell(n, open)], { bar: n / open }));
  // In the order in which a referral passes through them, not by number.
  const stages = STAGES.toReversed().flatMap((stage): [string, number][] => {
    const n = byStage[stage] ?? 0;
    return n === 0 ? [] : [[STAGE_NAME[stage], n]];
  });
  const ages = AGE_BUCKETS.map((age): [string, number] => [AGE_NAME[age], byAge[age]]);
  return [
    ...table('By stage', ['Stage', 'Referrals'], rowsOf(stages)),
    ...table('By age', ['Since receipt', 'Referrals'], rowsOf(ages)),
  ];
}

function overdueBlocks({ overdue }: ReportFigures['backlog']): Block[] {
  const kinds = mostFirst(overdue) as [keyof typeof overdue, number][];
  const total = sum(kinds.map(([, n]) => n));
  if (total === 0) return [muted('No promise is overdue.')];
  const most = kinds[0]?.[1] ?? 0;
  const rows = kinds.map(([kind, n]) => row(KIND_NAME[kind], [cell(formatCount(n))], { bar: n / most }));
  return [...table(`Overdue now: ${counted(total, 'promise')}`, ['Promise', 'Overdue'], rows)];
}
