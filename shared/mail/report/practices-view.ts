import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { DecliningPractice } from '../../contracts/report.ts';
import { nameOf } from '../names.ts';
import { type Block, fact, muted, row, type Section, table } from './blocks.ts';
import { cell, counted, FEWEST_IN_GROUP, grouped } from './figures.ts';
import { PERIOD } from './report-wording.ts';

const MOST_ROWS = 10;

/** Referring practices by what has become of them. */
export function sourcesSection({ report: { sources }, reportKind }: ReportContent, config: Config): Section {
  const { one } = PERIOD[reportKind];
  const many = (label: string, ids: readonly unknown[]): Block[] =>
    ids.length === 0 ? [] : [fact(label, `${grouped(ids.length)}.`)];
  // Most of these are few people each: who they are is for the liaisons, who get them by name.
  const unnamed = [
    ...many(`Declining to under ${FEWEST_IN_GROUP} referrals in 8 weeks`, sources.declining.filter(isFew)),
    ...many('Gone quiet', sources.inactive),
    ...many('Back again', sources.reactivated),
    ...many(`New this ${one}`, sources.new),
  ];
  return {
    title: 'Referring practices',
    blocks: [
      fact('Active', `${counted(sources.active, 'practice')} with a referral in the last 60 days.`),
      ...decliningBlocks(sources.declining, config),
      ...unnamed,
      ...(unnamed.length === 0 ? [] : [muted("Their names are in the liaisons' digests.")]),
    ],
  };
}

/** Fewer than 11 people are no number here, and no name beside it. */
const isFew = ({ observed }: DecliningPractice): boolean => observed > 0 && observed < FEWEST_IN_GROUP;

/** Practices that send far fewer than they used to, the greatest loss first. */
function decliningBlocks(declining: readonly DecliningPractice[], { directory }: Config): Block[] {
  const sorted = declining.toSorted(
    (a, b) => b.expected - b.observed - (a.expected - a.observed) || (a.practiceId < b.practiceId ? -1 : 1),
  );
  const shown = sorted.filter((source) => !isFew(source));
  const rows = shown
    .slice(0, MOST_ROWS)
    .map(({ practiceId, observed, expected }) =>
      row(nameOf(directory.practices, practiceId), [cell(grouped(observed)), cell(grouped(Math.round(expected)))]),
    );
  const more = shown.length - rows.length;
  return [
    ...table(`Declining (${grouped(shown.length)})`, ['Practice', 'Last 8 weeks', 'Expected'], rows),
    ...(more > 0 ? [muted(`${grouped(more)} more are declining, not listed here.`)] : []),
  ];
}
