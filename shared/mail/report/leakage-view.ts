import type { ReportContent } from '../../contracts/mail.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { type Block, cell, fact, muted, row, type Section, section, table } from '../blocks.ts';
import { counted, formatCount, mostFirst, shareText, shortShare, sum } from './format-figure.ts';
import { capitalized, endReasonName, PERIOD } from './report-wording.ts';

/** Why patients got no care in the network, the most frequent reasons first. */
export function leakageSection({ report, reportKind }: ReportContent): Section {
  return section('Why patients leak', [
    ...broadBlocks(report.leakage),
    ...networkBlocks(report.leakage),
    ...visitBlocks(report, PERIOD[reportKind].one),
  ]);
}

function broadBlocks({ broad, byReason, expiredAdmin }: ReportFigures['leakage']): Block[] {
  if (broad.d === 0) return [muted('No referral of the cohort counts towards leakage yet.')];
  const reasons = mostFirst(byReason);
  const most = reasons[0]?.[1] ?? 0;
  const rows = reasons.map(([reason, n], index) => {
    const soFar = sum(reasons.slice(0, index + 1).map(([, count]) => count));
    return row(capitalized(endReasonName(reason)), [cell(formatCount(n)), cell(shortShare({ n: soFar, d: broad.n }))], {
      bar: n / most,
    });
  });
  return [
    fact(
      'Leaked',
      `${shareText(broad)} of the same cohort, without those that were cancelled, excluded or got other care.`,
    ),
    ...table(null, ['Reason', 'Patients', 'Together'], rows),
    ...(expiredAdmin === 0
      ? []
      : [
          fact(
            'Expired, or closed without a known reason',
            `${formatCount(expiredAdmin)} more. What became of them is unknown, and never counts as a success.`,
          ),
        ]),
  ];
}

function networkBlocks({ network, broad }: ReportFigures['leakage']): Block[] {
  if (broad.d === 0) return [];
  const known = shareText({ n: network.d, d: broad.d });
  return [
    fact(
      'Went to another network',
      `${shareText(network)} of those whose destination is known, which it is of ${known}.`,
    ),
  ];
}

function visitBlocks({ noShow, recovery, adminClosure }: ReportFigures, one: string): Block[] {
  const { noShows, completed, unknown } = noShow;
  const kept = { n: noShows, d: noShows + completed };
  const outcome = unknown === 0 ? '' : ` Of ${counted(unknown, 'more appointment')} nobody said how it went.`;
  return [
    fact(
      'No-shows',
      kept.d === 0
        ? `no appointment of this ${one} has an outcome.${outcome}`
        : `${shareText(kept)} of this ${one}'s appointments with an outcome.${outcome}`,
    ),
    fact(
      'Rebooked in time after a no-show',
      recovery.all === 0 ? `none fell due this ${one}.` : `${shareText({ n: recovery.met, d: recovery.all })}.`,
    ),
    fact(
      'Closed without evidence or a known reason, or as expired',
      adminClosure.d === 0
        ? `nothing was closed this ${one}.`
        : `${shareText(adminClosure)} of those closed this ${one}.`,
    ),
  ];
}
