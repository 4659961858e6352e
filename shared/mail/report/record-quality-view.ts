import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { FeedHeard, ReportFigures } from '../../contracts/report.ts';
import type { RefusalReason } from '../../contracts/vocabulary.ts';
import { formatDay, formatTime } from '../format-time.ts';
import { clip } from '../names.ts';
import { type Block, fact, muted, type Remark, row, type Section, table } from './blocks.ts';
import { type Cell, cell, counted, firstOf, formatCount, mostFirst, sum } from './format-figure.ts';
import { PERIOD, REFUSAL_REASON } from './report-wording.ts';
import { isWholeOrganization } from './scope.ts';

const MOST_NAMES = 5;
const MOST_PAIRS = 3;
const MOST_FEEDS = 10;

/** How far the figures can be trusted, and what somebody should put right. */
export function recordQualitySection(content: ReportContent): Section {
  const { report, scope, reportKind } = content;
  const { dataQuality, audit } = report;
  return {
    title: 'Data quality',
    blocks: [
      ...(isWholeOrganization(scope) ? [] : [muted('Feeds and refused events are those of the whole organization.')]),
      ...feedBlocks(dataQuality.feeds, content),
      ...inputBlocks(dataQuality, PERIOD[reportKind].one, isWholeOrganization(scope)),
      ...auditBlocks(audit),
    ],
  };
}

function feedBlocks(feeds: readonly FeedHeard[], { recipient, asOf }: ReportContent): Block[] {
  if (feeds.length === 0) return [muted('The directory names no feeds, so nobody would notice one that goes quiet.')];
  const quietFirst = feeds.toSorted((a, b) => Number(b.quiet) - Number(a.quiet));
  const rows = quietFirst.slice(0, MOST_FEEDS).map(({ name, lastHeardAt, quiet }) => {
    const heard = lastHeardAt === null ? null : parseInstant(lastHeardAt);
    const remarks: Remark[] = quiet ? [{ text: 'Silent for longer than expected.', tone: 'bad' }] : [];
    return row(clip(name), [heardCell(heard, asOf, recipient.timeZone)], { remarks });
  });
  const more = feeds.length - rows.length;
  return [
    ...table(null, ['Feed', 'Last heard'], rows),
    ...(more > 0 ? [muted(`${counted(more, 'more feed')}, not listed here.`)] : []),
  ];
}

function heardCell(heard: Instant | null, asOf: Instant, timeZone: string): Cell {
  return heard === null ? cell('never') : cell(formatDay(heard, asOf, timeZone), formatTime(heard, timeZone));
}

function inputBlocks(
  { refused, orphans, unassigned }: ReportFigures['dataQuality'],
  one: string,
  isWhole: boolean,
): Block[] {
  const reasons = mostFirst(refused) as [RefusalReason, number][];
  const why = reasons.map(([reason, n]) => `${formatCount(n)} ${REFUSAL_REASON[reason]}`).join(', ');
  return [
    fact(
      `Events refused this ${one}`,
      reasons.length === 0 ? 'none.' : `${formatCount(sum(reasons.map(([, n]) => n)))} (${why}).`,
    ),
    ...(isWhole ? [fact('Referrals known by events only', countOrNone(orphans))] : []),
    fact('Open referrals that nobody coordinates', countOrNone(unassigned)),
  ];
}

const countOrNone = (count: number): string => (count === 0 ? 'none.' : `${formatCount(count)}.`);

function auditBlocks(audit: ReportFigures['audit']): Block[] {
  const named = (label: string, names: readonly string[]): Block[] =>
    names.length === 0 ? [] : [fact(label, `${formatCount(names.length)} (${firstOf(names.map(clip), MOST_NAMES)}).`)];
  const pairs = audit.nearDuplicates.map(([a, b]) => `${clip(a)} / ${clip(b)}`);
  return [
    ...named('Practices that are not in the directory', audit.unknownPractices),
    ...named('Sites that are not in the directory', audit.unknownSites),
    ...named("NPIs that can't be right", audit.npiInvalid),
    ...named('NPIs that stand under more than one practice', audit.npiShared),
    ...(pairs.length === 0
      ? []
      : [fact('Practice names that read like one', `${formatCount(pairs.length)} (${firstOf(pairs, MOST_PAIRS)}).`)]),
    fact('Referrals without a provider', countOrNone(audit.withoutProvider)),
    fact('Visits without an outcome', countOrNone(audit.visitsWithoutOutcome)),
  ];
}
