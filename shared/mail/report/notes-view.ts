import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { NoteFigures } from '../../contracts/report.ts';
import { type Block, cell, muted, row, type Section, sectionIfAny, table } from '../blocks.ts';
import { formatCount } from '../lists.ts';
import { nameOf } from '../names.ts';
import { FEWEST_FOR_PERCENT, shareCell } from './format-figure.ts';
import { PERIOD } from './report-wording.ts';
import { bySpecialtyName } from './scope.ts';

const MOST_ROWS = 10;

/** From whom the most consult notes come late. Nothing if none fell due. */
export function notesSection({ report: { notes }, reportKind }: ReportContent, config: Config): Section[] {
  const { one } = PERIOD[reportKind];
  const specialties = bySpecialtyName(notes.bySpecialty, added, config);
  const sites = Object.entries(notes.bySite).map(([site, figures]): [string, NoteFigures] => [
    nameOf(config.directory.sites, site),
    figures,
  ]);
  const blocks = [...league('By specialty', 'Specialty', specialties), ...league('By site', 'Site', sites)];
  const hint = muted(`Notes that fell due in this ${one} and the 8 before it; most late first.`);
  return sectionIfAny('Late consult notes', blocks.length === 0 ? [] : [hint, ...blocks]);
}

const added = (a: NoteFigures, b: NoteFigures): NoteFigures => ({
  all: a.all + b.all,
  late: a.late + b.late,
  overdue: a.overdue + b.overdue,
});

function league(title: string, column: string, named: readonly [string, NoteFigures][]): Block[] {
  const large = named
    .filter(([, { all }]) => all >= FEWEST_FOR_PERCENT)
    .sort(([a, m], [b, n]) => n.late - m.late || (a < b ? -1 : 1));
  const rows = large
    .slice(0, MOST_ROWS)
    .map(([name, { all, late, overdue }]) =>
      row(name, [shareCell({ n: late, d: all }), cell(formatCount(overdue))], { bar: late / all }),
    );
  const small = named.length - large.length;
  const more = large.length - rows.length;
  const leftOut = [
    more > 0 ? `${formatCount(more)} with fewer late notes` : null,
    small > 0 ? `${formatCount(small)} with under ${FEWEST_FOR_PERCENT} notes due` : null,
  ].filter((part) => part !== null);
  return [
    ...table(title, [column, 'Late', 'Still out'], rows),
    ...(leftOut.length === 0 ? [] : [muted(`${title}, left out: ${leftOut.join(' and ')}.`)]),
  ];
}
