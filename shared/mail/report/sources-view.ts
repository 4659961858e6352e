import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { DecliningSource } from '../../contracts/report.ts';
import { nameOf } from '../names.ts';
import { type Block, fact, muted, row, type Section, table } from './blocks.ts';
import { cell, counted, FEWEST_IN_GROUP, firstOf, grouped } from './figures.ts';
import { PERIOD } from './report-wording.ts';

const MOST_NAMES = 8;
const MOST_ROWS = 10;

/** Referring practices by what has become of them. */
export function sourcesSection({ report: { sources }, reportKind }: ReportContent, config: Config): Section {
  const { one } = PERIOD[reportKind];
  const named = (label: string, ids: readonly string[]): Block[] => {
    if (ids.length === 0) return [];
    const names = ids.map((id) => nameOf(config.directory.practices, id));
    return [fact(`${label} (${grouped(ids.length)})`, `${firstOf(names, MOST_NAMES)}.`)];
  };
  return {
    title: 'Referring practices',
    blocks: [
      fact('Active', `${counted(sources.active, 'practice')} with a referral in the last 60 days.`),
      ...decliningBlocks(sources.declining, config),
      ...named('Gone quiet', sources.inactive),
      ...named('Back again', sources.reactivated),
      ...named(`New this ${one}`, sources.new),
    ],
  };
}

/** Practices that send far fewer than they used to, the greatest loss first. Fewer than 11 people are no number here. */
function decliningBlocks(declining: readonly DecliningSource[], { directory }: Config): Block[] {
  const sorted = declining.toSorted(
    (a, b) => b.expected - b.observed - (a.expected - a.observed) || (a.practiceId < b.practiceId ? -1 : 1),
  );
  const isShown = ({ observed }: DecliningSource): boolean => observed === 0 || observed >= FEWEST_IN_GROUP;
  const shown = sorted.filter(isShown);
  const few = sorted
    .filter((source) => !isShown(source))
    .map(({ practiceId }) => nameOf(directory.practices, practiceId));
  const rows = shown
    .slice(0, MOST_ROWS)
    .map(({ practiceId, observed, expected }) =>
      row(nameOf(directory.practices, practiceId), [cell(grouped(observed)), cell(grouped(Math.round(expected)))]),
    );
  const more = shown.length - rows.length;
  return [
    ...table(`Declining (${grouped(shown.length)})`, ['Practice', 'Last 8 weeks', 'Expected'], rows),
    ...(more > 0 ? [muted(`${grouped(more)} more are declining, not listed here.`)] : []),
    ...(few.length === 0
      ? []
      : [
          fact(
            `Declining to under ${FEWEST_IN_GROUP} referrals in 8 weeks (${grouped(few.length)})`,
            `${firstOf(few, MOST_NAMES)}.`,
          ),
        ]),
  ];
}
