import type { Config } from '../../contracts/config.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { DecliningPractice } from '../../contracts/report.ts';
import { type Block, cell, fact, muted, row, type Section, section, table } from '../blocks.ts';
import { counted, formatCount } from '../lists.ts';
import { nameOf } from '../names.ts';
import { FEWEST_PEOPLE } from './format-figure.ts';
import { PERIOD } from './report-wording.ts';

const MOST_ROWS = 10;

/** The referring practices, by how their referrals have changed. */
export function practicesSection({ report: { sources }, reportKind }: ReportContent, config: Config): Section[] {
  const { one } = PERIOD[reportKind];
  const many = (label: string, ids: readonly unknown[]): Block[] =>
    ids.length === 0 ? [] : [fact(label, `${formatCount(ids.length)}.`)];
  // Most of these have few people each, so their names are only for their liaisons.
  const unnamed = [
    ...many(`Declining to under ${FEWEST_PEOPLE} referrals in 8 weeks`, sources.declining.filter(isFew)),
    ...many('Gone quiet', sources.inactive),
    ...many('Back again', sources.reactivated),
    ...many(`New this ${one}`, sources.new),
  ];
  const declining = decliningBlocks(sources.declining, config);
  if (sources.active + unnamed.length + declining.length === 0) return [];
  return [
    section('Referring practices', [
      fact('Active', `${counted(sources.active, 'practice')} with a referral in the last 60 days.`),
      ...declining,
      ...unnamed,
      ...(unnamed.length === 0 ? [] : [muted("Their names are in the liaisons' digests.")]),
    ]),
  ];
}

/** A count under 11 people is not given, nor the practice's name. */
const isFew = ({ observed }: DecliningPractice): boolean => observed > 0 && observed < FEWEST_PEOPLE;

/** The practices that send far fewer referrals than they used to, greatest loss first. */
function decliningBlocks(declining: readonly DecliningPractice[], { directory }: Config): Block[] {
  const sorted = declining.toSorted(
    (a, b) => b.expected - b.observed - (a.expected - a.observed) || (a.practiceId < b.practiceId ? -1 : 1),
  );
  const shown = sorted.filter((practice) => !isFew(practice));
  const rows = shown
    .slice(0, MOST_ROWS)
    .map(({ practiceId, observed, expected }) =>
      row(nameOf(directory.practices, practiceId), [
        cell(formatCount(observed)),
        cell(formatCount(Math.round(expected))),
      ]),
    );
  const more = shown.length - rows.length;
  return [
    ...table(`Declining (${formatCount(shown.length)})`, ['Practice', 'Last 8 weeks', 'Expected'], rows),
    ...(more > 0 ? [muted(`${formatCount(more)} more are declining, not listed here.`)] : []),
  ];
}
