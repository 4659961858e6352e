import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { FeedFigures, NamedPractice, ReportFigures } from '../../contracts/report.ts';
import type { RefusalReason } from '../../contracts/vocabulary.ts';
import { type Block, type Cell, cell, fact, muted, type Remark, row, type Section, section, table } from '../blocks.ts';
import { formatDay, formatTime } from '../format-time.ts';
import { clip } from '../names.ts';
import { counted, firstOf, formatCount, mostFirst, sum } from './format-figure.ts';
import { PERIOD, REFUSAL_REASON, UNMAPPED_FIELD } from './report-wording.ts';
import { isWholeOrganization } from './scope.ts';

const MOST_NAMES = 5;
const MOST_PAIRS = 3;
const MOST_FEEDS = 10;

/** How far the figures can be trusted, and what somebody should put right. */
export function recordQualitySection(content: ReportContent): Section {
  const { report, scope, reportKind } = content;
  const { dataQuality, audit } = report;
  return section('Data quality', [
    ...(isWholeOrganization(scope)
      ? []
      : [muted('Feeds, refused events and replaced words are those of the whole organization.')]),
    ...feedBlocks(dataQuality.feeds, content),
    ...inputBlocks(dataQuality, PERIOD[reportKind].one, isWholeOrganization(scope)),
    ...auditBlocks(audit),
  ]);
}

function feedBlocks(feeds: readonly FeedFigures[], { recipient, asOf }: ReportContent): Block[] {
  if (feeds.length === 0) return [muted('The directory names no feeds, so nobody would notice one that goes quiet.')];
  const quietFirst = feeds.toSorted((a, b) => Number(b.quiet) - Number(a.quiet));
  const rows = quietFirst.slice(0, MOST_FEEDS).map(({ name, lastHeardAt, lastEventAt, quiet }) => {
    const cells = [lastHeardAt, lastEventAt].map((at) => heardCell(at, asOf, recipient.timeZone));
    const remarks: Remark[] = quiet ? [{ text: 'Quiet for longer than expected.', tone: 'bad' }] : [];
    return row(clip(name), cells, { remarks });
  });
  const more = feeds.length - rows.length;
  return [
    ...table(null, ['Feed', 'Last heard', 'Last event'], rows),
    ...(more > 0 ? [muted(`${counted(more, 'more feed')}, not listed here.`)] : []),
  ];
}

function heardCell(at: string | null, asOf: Instant, timeZone: string): Cell {
  const heard = at === null ? null : parseInstant(at);
  return heard === null ? cell('never') : cell(formatDay(heard, asOf, timeZone), formatTime(heard, timeZone));
}

function inputBlocks(
  { refused, unmapped, orphans, unassigned }: ReportFigures['dataQuality'],
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
    ...wordBlocks(unmapped, one),
    ...(isWhole ? [fact('Referrals known by events only', countOrNone(orphans))] : []),
    fact('Open referrals that nobody coordinates', countOrNone(unassigned)),
  ];
}

/** Words that nobody here knows: what happened was taken in, why it did is lost. */
function wordBlocks(unmapped: Readonly<Record<string, number>>, one: string): Block[] {
  const fields = mostFirst(unmapped);
  if (fields.length === 0) return [];
  const where = fields.map(([field, n]) => `${formatCount(n)} ${UNMAPPED_FIELD[field] ?? clip(field)}`);
  const total = formatCount(sum(fields.map(([, n]) => n)));
  return [
    fact(
      `Words missing or unknown this ${one}`,
      `${total} (${firstOf(where, MOST_NAMES)}). The senders should supply or map them.`,
    ),
  ];
}

const countOrNone = (count: number): string => (count === 0 ? 'none.' : `${formatCount(count)}.`);

function auditBlocks(audit: ReportFigures['audit']): Block[] {
  const named = (label: string, names: readonly string[]): Block[] =>
    names.length === 0 ? [] : [fact(label, `${formatCount(names.length)} (${firstOf(names.map(clip), MOST_NAMES)}).`)];
  const early = audit.notesBeforeReferral.length + audit.moreNotesBeforeReferral;
  const pairs = audit.nearDuplicates.map((pair) => pair.map(practiceText).join(' / '));
  return [
    ...named('Practices that are not in the directory', audit.unknownPractices),
    ...named('Sites that are not in the directory', audit.unknownSites),
    ...named("NPIs that can't be right", audit.npiInvalid),
    ...named('NPIs that stand under more than one practice', audit.npiShared),
    ...(pairs.length === 0
      ? []
      : [fact('Practices whose names read like one', `${formatCount(pairs.length)} (${firstOf(pairs, MOST_PAIRS)}).`)]),
    fact('Referrals without a provider', countOrNone(audit.withoutProvider)),
    fact('Visits without an outcome', countOrNone(audit.visitsWithoutOutcome)),
    ...(early === 0
      ? []
      : [
          fact(
            'Notes dated before their referral',
            `${formatCount(early)}. They belong to another referral and close no loop.`,
          ),
        ]),
  ];
}

const practiceText = ({ id, name }: NamedPractice): string => (id === name ? clip(name) : `${clip(id)} ${clip(name)}`);
