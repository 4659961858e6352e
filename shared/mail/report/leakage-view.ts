import type { ReportContent } from '../../contracts/mail.ts';
import type { ReportFigures } from '../../contracts/report.ts';
import { type Block, cell, fact, row, type Section, sectionIfAny, table } from '../blocks.ts';
import { counted, formatCount, sum } from '../lists.ts';
import { mostFirst, shareText, shortShare } from './format-figure.ts';
import { capitalized, endReasonName, PERIOD } from './report-wording.ts';

const MOST_REASONS = 5;

/** Why patients got no care in the network, the most frequent reasons first. Nothing before anything is known. */
export function leakageSection({ report, reportKind }: ReportContent): Section[] {
  return sectionIfAny('Why patients leak', [
    ...broadBlocks(report.leakage),
    ...networkBlocks(report.leakage),
    ...visitBlocks(report, PERIOD[reportKind].one),
  ]);
}

function broadBlocks({ broad, byReason, expiredAdmin }: ReportFigures['leakage']): Block[] {
  if (broad.d === 0) return [];
  const reasons = mostFirst(byReason).map(([reason, n]): [string, number] => [capitalized(endReasonName(reason)), n]);
  const rest = reasons.slice(MOST_REASONS);
  // One more row is no longer than saying so.
  const shown = rest.length <= 1 ? reasons : reasons.slice(0, MOST_REASONS);
  const others: [string, number][] =
    rest.length <= 1 ? [] : [[`${rest.length} other reasons`, sum(rest.map(([, n]) => n))]];
  const most = reasons[0]?.[1] ?? 0;
  const listed = [...shown, ...others];
  const rows = listed.map(([reason, n], index) => {
    const soFar = sum(listed.slice(0, index + 1).map(([, count]) => count));
    return row(reason, [cell(formatCount(n)), cell(shortShare({ n: soFar, d: broad.n }))], {
      bar: Math.min(1, n / most),
    });
  });
  return [
    fact(
      'Leaked',
      `${shareText(broad)} of the same cohort, without those that were cancelled, excluded or got other care.`,
    ),
    ...table(null, ['Reason', 'Patients', 'So far'], rows),
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
    fact('Went to another network', `${shareText(network)} of those whose destination is known, which are ${known}.`),
  ];
}

function visitBlocks({ noShow, recovery, adminClosure }: ReportFigures, one: string): Block[] {
  const { noShows, completed, unknown } = noShow;
  const kept = { n: noShows, d: noShows + completed };
  const outcome = unknown === 0 ? '' : ` ${counted(unknown, 'more has', 'more have')} no outcome on record.`;
  const facts: [boolean, Block][] = [
    [kept.d > 0, fact('No-shows', `${shareText(kept)} of this ${one}'s appointments with an outcome.${outcome}`)],
    [kept.d === 0 && unknown > 0, fact('No-shows', `unknown.${outcome}`)],
    [recovery.all > 0, fact('Rebooked in time after a no-show', `${shareText({ n: recovery.met, d: recovery.all })}.`)],
    [
      adminClosure.d > 0,
      fact(
        'Closed without evidence or a known reason, or as expired',
        `${shareText(adminClosure)} of those closed this ${one}.`,
      ),
    ],
  ];
  return facts.flatMap(([isKnown, block]) => (isKnown ? block : []));
}
