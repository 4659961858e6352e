import { type Instant, parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { FeedFigures, NamedPractice, ReportFigures } from '../../contracts/report.ts';
import type { RefusalReason } from '../../contracts/vocabulary.ts';
import { type Block, type Cell, cell, fact, muted, type Remark, row, type Section, section, table } from '../blocks.ts';
import { formatDay, formatTime } from '../format-time.ts';
import { counted, firstOf, formatCount, sum } from '../lists.ts';
import { clip } from '../names.ts';
import { mostFirst } from './format-figure.ts';
import { PERIOD, REFUSAL_REASON, UNMAPPED_FIELD } from './report-wording.ts';
import { isWholeOrganization } from './scope.ts';

const MOST_NAMES = 5;
const MOST_PAIRS = 3;
const MOST_FEEDS = 10;

/** How far the figures can be trusted, and what somebody should put right: only what isn't as it should be. */
export function recordQualitySection(content: ReportContent): Section[] {
  const { report, scope, reportKind } = content;
  const { dataQuality, audit } = report;
  const isWhole = isWholeOrganization(scope);
  const facts = [...inputBlocks(dataQuality, PERIOD[reportKind].one, isWhole), ...auditBlocks(audit)];
  return [
    section('Data quality', [
      ...feedBlocks(dataQuality.feeds, content),
      ...(facts.length === 0 ? [muted('Nothing was refused, and nothing is missing or stands twice.')] : facts),
      ...(isWhole ? [] : [muted('Feeds, refused events and replaced words are those of the whole organization.')]),
    ]),
  ];
}

/** Each feed that is quiet; of the others how many there are. */
function feedBlocks(feeds: readonly FeedFigures[], { recipient, asOf }: ReportContent): Block[] {
  if (feeds.length === 0) return [muted('The directory names no feeds, so nobody would notice one that goes quiet.')];
  const quiet = feeds.filter((feed) => feed.quiet);
  const rows = quiet.slice(0, MOST_FEEDS).map(({ name, lastHeardAt, lastEventAt, types, lacks }) => {
    const cells = [lastHeardAt, lastEventAt].map((at) => heardCell(at, asOf, recipient.timeZone));
    const lacking = lacks === 'events' ? 'No event for longer than expected.' : 'Silent for longer than expected.';
    const brings = types.length === 0 ? 'No event of it is known.' : `Events: ${types.join(', ')}.`;
    const remarks: Remark[] = [
      { text: lacking, tone: 'bad' },
      { text: brings, tone: 'muted' },
    ];
    return row(clip(name), cells, { remarks });
  });
  const more = quiet.length - rows.length;
  const heard = feeds.length - quiet.length;
  return [
    ...table('Quiet feeds', ['Feed', 'Last heard', 'Last event'], rows),
    ...(more > 0 ? [muted(`${counted(more, 'more feed')} quiet, not listed here.`)] : []),
    ...(heard > 0 ? [muted(heardText(heard, quiet.length))] : []),
  ];
}

function heardText(heard: number, quiet: number): string {
  const feeds = quiet === 0 ? counted(heard, 'feed') : counted(heard, 'other feed');
  return `${feeds} ${heard === 1 ? 'was' : 'were'} heard as expected.`;
}

function heardCell(at: string | null, asOf: Instant, timeZone: string): Cell {
  const heard = at === null ? null : parseInstant(at);
  return heard === null ? cell('never') : cell(formatDay(heard, asOf, timeZone), formatTime(heard, timeZone));
}

function inputBlocks(
  { refused, unmapped, orphans, setAside = 0, unassigned }: ReportFigures['dataQuality'],
  one: string,
  isWhole: boolean,
): Block[] {
  const reasons = mostFirst(refused) as [RefusalReason, number][];
  const why = reasons.map(([reason, n]) => `${formatCount(n)} ${REFUSAL_REASON[reason]}`).join(', ');
  return [
    ...(reasons.length === 0
      ? []
      : [fact(`Events not taken in this ${one}`, `${formatCount(sum(reasons.map(([, n]) => n)))} (${why}).`)]),
    ...wordBlocks(unmapped, one),
    ...countBlocks('Referrals that never came, only events about them', isWhole ? orphans : 0),
    ...countBlocks('Referrals that are in no figure, because what is stored of them can not be computed', setAside),
    ...countBlocks('Open referrals that nobody coordinates', unassigned),
  ];
}

/** Words that nobody here knows: what happened was taken in, why it did is lost. */
function wordBlocks(unmapped: Readonly<Record<string, number>>, one: string): Block[] {
  const fields = mostFirst(unmapped);
  if (fields.length === 0) return [];
  const where = fields.map(([field, n]) => `${UNMAPPED_FIELD[field] ?? clip(field)} ${formatCount(n)}`);
  const total = formatCount(sum(fields.map(([, n]) => n)));
  return [
    fact(
      `Words missing or unknown this ${one}`,
      `${total} (${firstOf(where, MOST_NAMES)}). The senders should supply or map them.`,
    ),
  ];
}

const countBlocks = (label: string, count: number): Block[] =>
  count === 0 ? [] : [fact(label, `${formatCount(count)}.`)];

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
    ...countBlocks('Referrals without a provider', audit.withoutProvider),
    ...countBlocks('Visits without an outcome', audit.visitsWithoutOutcome),
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
