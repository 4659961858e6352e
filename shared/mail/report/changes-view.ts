import type { Config } from '../../contracts/config.ts';
import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { FeedFigures, Report } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { type Direction, directionOf } from '../../domain/report/control-chart.ts';
import { KIND_NAME } from '../digest/wording.ts';
import { formatMoment } from '../format-time.ts';
import { counted, firstOf, formatCount, listed, sum } from '../lists.ts';
import { clip } from '../names.ts';
import { clocksOf, exclusions, own } from './clock-figures.ts';
import { FEWEST_FOR_PERCENT, mostFirst, percent, shareText, shortShare } from './format-figure.ts';
import { feedsWhat, PERIOD } from './report-wording.ts';
import { changeText } from './signal-wording.ts';

/** How many promises are told in full, of those that got worse and of those that got better. The others are named. */
const MOST_WORSE = 3;
const MOST_BETTER = 2;
const MOST_FEEDS = 3;
/** How many of the things that a feed brings are named. */
const MOST_BROUGHT = 4;
/** How many clocks a sentence gives figures for. */
const MOST_CLOCKS = 3;
/** Refused or orphaned input gets a sentence on top if it is at least this many and this share of what was received. */
const MANY = 10;
const MANY_SHARE = 0.05;

/** One change: what changed, in a few words, and by how much. */
export interface Change {
  what: string;
  text: string;
  isBad: boolean;
}

const bad = (what: string, text: string): Change => ({ what, text, isBad: true });
const plain = (what: string, text = ''): Change => ({ what, text, isBad: false });

/** The first sentence: how many of all promises that fell due were kept. */
export function keptText({ report, reportKind }: ReportContent): string {
  const { one } = PERIOD[reportKind];
  const clocks = CLOCK_KINDS.map((kind) => report.clocks[kind]);
  const kept = { n: sum(clocks.map(({ met }) => met)), d: sum(clocks.map(({ all }) => all)) };
  if (kept.d === 0) return `No promise fell due this ${one}.`;
  if (kept.n === kept.d && kept.d > 1) return `All ${formatCount(kept.d)} promises kept this ${one}.`;
  const share = kept.d < FEWEST_FOR_PERCENT ? '' : ` (${shortShare(kept)})`;
  return `${formatCount(kept.n)} of ${counted(kept.d, 'promise')} kept this ${one}${share}.`;
}

/** What changed, for the worse first, then what can't be known. */
export function changesOf(content: ReportContent, config: Config): Change[] {
  const { report } = content;
  const { one } = PERIOD[content.reportKind];
  return [
    ...changed('worse', content, config),
    ...doubledExclusions(report, one),
    ...changed('better', content, config),
    ...nothingChanged(report),
    ...keptLeast(report),
    ...quietFeeds(content),
    ...missingInput(report),
    ...tooEarly(report, one),
  ];
}

/** The clocks that changed in one direction, the largest change first; so many of them are told in full on top. */
function changedClocks(direction: Direction, report: Report): { told: ClockKind[]; others: ClockKind[] } {
  const kinds = CLOCK_KINDS.filter((kind) => directionOf(report.clocks[kind].signal) === direction).sort(
    (a, b) => Math.abs(difference(b, report)) - Math.abs(difference(a, report)),
  );
  const most = direction === 'worse' ? MOST_WORSE : MOST_BETTER;
  return { told: kinds.slice(0, most), others: kinds.slice(most) };
}

/** Clocks that got worse and of which the top says how much only: what else there is to say stands with their figures. */
export const toldInBrief = (report: Report): ClockKind[] => changedClocks('worse', report).others;

function changed(direction: Direction, content: ReportContent, config: Config): Change[] {
  const { report } = content;
  const make = direction === 'worse' ? bad : plain;
  const { told, others } = changedClocks(direction, report);
  const inFull = told.map((kind) => make(`${KIND_NAME[kind]} got ${direction}:`, changeText(kind, content, config)));
  const inBrief = others.map((kind) => {
    const clock = report.clocks[kind];
    return { kind, text: `${shareText(own(clock))}, usually ${percent(clock.centre ?? 0)}` };
  });
  return others.length === 0 ? inFull : [...inFull, make(`Also ${direction}:`, `${clocksInWords(inBrief)}.`)];
}

/** The first few clocks with their figures, the others by name only. */
function clocksInWords(clocks: readonly { kind: ClockKind; text: string }[]): string {
  const named = clocks.slice(MOST_CLOCKS).map(({ kind }) => KIND_NAME[kind]);
  const inFull = clocks.slice(0, MOST_CLOCKS).map(({ kind, text }) => `${KIND_NAME[kind]} ${text}`);
  return [...inFull, ...(named.length === 0 ? [] : [listed(named)])].join('; ');
}

function difference(kind: ClockKind, { clocks }: Report): number {
  return (clocks[kind].attainment ?? 0) - (clocks[kind].centre ?? 0);
}

/** Exclusions that have doubled, in one sentence. */
function doubledExclusions(report: Report, one: string): Change[] {
  const doubled = CLOCK_KINDS.map((kind) => ({ kind, ...exclusions(report.clocks[kind]) }))
    .filter(({ hasDoubled }) => hasDoubled)
    .sort((a, b) => b.now.n - a.now.n);
  const clocks = doubled.map(({ kind, now, before }) => ({
    kind,
    text: `${shareText(now)}, ${before.n === 0 ? 'none' : shortShare(before)} in the 8 ${one}s before`,
  }));
  return clocks.length === 0 ? [] : [bad('More is excluded than usual:', `${clocksInWords(clocks)}.`)];
}

function nothingChanged(report: Report): Change[] {
  const clocks = CLOCK_KINDS.map((kind) => report.clocks[kind]);
  const isKnown = clocks.some(({ limits }) => limits !== null);
  return isKnown && clocks.every(({ signal }) => signal === null)
    ? [plain('No promise changed more than chance explains.')]
    : [];
}

/** Feeds of which nothing, or no event, has come. What they bring is missing in every figure. */
function quietFeeds(content: ReportContent): Change[] {
  const { feeds } = content.report.dataQuality;
  const silent = feeds.filter(({ quiet, lacks }) => quiet && lacks !== 'events');
  const withoutEvents = feeds.filter(({ quiet, lacks }) => quiet && lacks === 'events');
  return [...feedChange(silent, 'silent', content), ...feedChange(withoutEvents, 'without events', content)];
}

function feedChange(quiet: readonly FeedFigures[], how: string, { report, recipient }: ReportContent): Change[] {
  const [first] = quiet;
  if (first === undefined) return [];
  if (quiet.length > 1) {
    const names = quiet.map(({ name, types }) => {
      const brings = feedsWhat(types);
      return brings.length === 0 ? clip(name) : `${clip(name)} (${firstOf(brings, MOST_BROUGHT)})`;
    });
    const what = `${quiet.length} of ${report.dataQuality.feeds.length} feeds are ${how}, and what they bring is missing below:`;
    return [bad(what, `${firstOf(names, MOST_FEEDS)}.`)];
  }
  const { name, types, lacks, lastHeardAt, lastEventAt } = first;
  const [at, nothing] =
    lacks === 'events' ? [lastEventAt, 'it says that it works, but no event has'] : [lastHeardAt, 'nothing has'];
  const since =
    at === null ? 'ever come from it' : `come since ${formatMoment(parseInstant(at) ?? 0, recipient.timeZone)}`;
  return [bad(`The feed ${clip(name)} is ${how}:`, `${nothing} ${since}. ${missingFrom(types)}`)];
}

/** What is missing while a feed is quiet. */
function missingFrom(types: FeedFigures['types']): string {
  const what = feedsWhat(types);
  return what.length === 0
    ? 'What it brings is missing below.'
    : `It brings ${firstOf(what, MOST_BROUGHT)}; newer ones are missing below.`;
}

function missingInput({ dataQuality: { refused, orphans }, received }: Report): Change[] {
  const events = sum(Object.values(refused));
  const isMany = (count: number): boolean => count >= Math.max(MANY, received.n * MANY_SHARE);
  const parts = [
    isMany(events) ? `${counted(events, 'event')} not taken in` : null,
    isMany(orphans) ? `${counted(orphans, 'referral')} known by events only` : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return [];
  return [bad('Input is missing:', `${listed(parts)}, against ${counted(received.n, 'referral')} received.`)];
}

/** Below this share a steady state is news to somebody who reads only the top. */
const LOW = 0.5;

/** The promise that is kept least and what is overdue, where much is not kept: what doesn't change can be bad all the same. */
function keptLeast(report: Report): Change[] {
  const clocks = CLOCK_KINDS.map((kind) => ({ kind, ...own(report.clocks[kind]) }));
  const [met, all] = [sum(clocks.map(({ n }) => n)), sum(clocks.map(({ d }) => d))];
  const [least] = clocks.filter(({ d }) => d >= FEWEST_FOR_PERCENT).toSorted((a, b) => a.n / a.d - b.n / b.d);
  if (least === undefined || met >= LOW * all) return [];
  const [most] = mostFirst(report.backlog.overdue) as [ClockKind, number][];
  const overdue = sum(Object.values(report.backlog.overdue));
  const late =
    most === undefined
      ? ''
      : ` Overdue now: ${counted(overdue, 'promise')}, mostly ${KIND_NAME[most[0]]} (${formatCount(most[1])}).`;
  return [plain('Kept least:', `${KIND_NAME[least.kind]}, ${shareText(least)}.${late}`)];
}

/** Of which clocks a change can't be told from chance. */
function tooEarly(report: Report, one: string): Change[] {
  const due = clocksOf(report).filter((kind) => report.clocks[kind].all > 0);
  const early = due.filter((kind) => report.clocks[kind].limits === null);
  if (early.length === 0) return [];
  if (early.length === due.length) {
    const enough = `it takes ${FEWEST_FOR_PERCENT} or more due this ${one} and in 8 ${one}s before`;
    return [plain('Too early to tell a change from chance:', `${enough}.`)];
  }
  return [plain('Too few fell due to tell a change from chance:', `${listed(early.map((kind) => KIND_NAME[kind]))}.`)];
}
