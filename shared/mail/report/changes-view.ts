import { parseInstant } from '../../contracts/instant.ts';
import type { ReportContent } from '../../contracts/mail.ts';
import type { Report } from '../../contracts/report.ts';
import { CLOCK_KINDS, type ClockKind } from '../../contracts/vocabulary.ts';
import { KIND_NAME } from '../digest/wording.ts';
import { formatMoment } from '../format-time.ts';
import { clip } from '../names.ts';
import {
  counted,
  FEWEST_FOR_PERCENT,
  firstOf,
  formatCount,
  listed,
  mostFirst,
  percent,
  shareText,
  shortShare,
  sum,
} from './format-figure.ts';
import { endReasonName, PERIOD } from './report-wording.ts';
import { signalText } from './signal-wording.ts';
import { clocksOf, type Direction, directionOf, exclusions, own } from './trend.ts';

const MOST_SENTENCES = 6;
const MOST_FEEDS = 3;
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

/**
 * What changed most, most important first. Silent feeds come before everything: while a feed is silent no figure is as
 * good as it looks.
 */
export function changesOf(content: ReportContent): Change[] {
  const { report } = content;
  const { one } = PERIOD[content.reportKind];
  return [
    ...quietFeeds(content),
    ...changed('worse', report, one),
    ...doubledExclusions(report, one),
    ...missingInput(report),
    ...changed('better', report, one),
    ...nothingChanged(report, one),
    ...leaked(report),
    ...leastKept(report),
    ...practicesLost(report),
    ...overdue(report),
  ].slice(0, MOST_SENTENCES);
}

function quietFeeds({ report, recipient }: ReportContent): Change[] {
  const { feeds } = report.dataQuality;
  const quiet = feeds.filter((feed) => feed.quiet);
  const missing = 'What has not come from there is missing in every figure below.';
  const [first] = quiet;
  if (first === undefined) return [];
  if (quiet.length > 1) {
    const names = quiet.map(({ name }) => clip(name));
    return [bad(`${quiet.length} of ${feeds.length} feeds are quiet:`, `${firstOf(names, MOST_FEEDS)}. ${missing}`)];
  }
  const moment = (at: string): string => formatMoment(parseInstant(at) ?? 0, recipient.timeZone);
  const { lastHeardAt, lastEventAt } = first;
  const heard = lastHeardAt === null ? 'was never heard' : `is quiet, last heard ${moment(lastHeardAt)}`;
  // A feed may have heartbeats and no events.
  const event = lastEventAt === null || lastEventAt === lastHeardAt ? '' : `, its last event ${moment(lastEventAt)}`;
  return [bad(`The feed ${clip(first.name)} ${heard}${event}.`, missing)];
}

/** The clocks that changed in one direction: the largest change in full, the others named after it. */
function changed(direction: Direction, report: Report, one: string): Change[] {
  const make = direction === 'worse' ? bad : plain;
  const [first, ...others] = CLOCK_KINDS.filter((kind) => directionOf(report.clocks[kind]) === direction).sort(
    (a, b) => Math.abs(difference(b, report)) - Math.abs(difference(a, report)),
  );
  if (first === undefined) return [];
  const figures = report.clocks[first];
  const head = make(
    `${KIND_NAME[first]} got ${direction}:`,
    `${shareText(own(figures))} in time, ${signalText(figures, one)}.`,
  );
  if (others.length === 0) return [head];
  const also = others.map((kind) => {
    const clock = report.clocks[kind];
    return { kind, text: `${shareText(own(clock))}, usually ${percent(clock.centre ?? 0)}` };
  });
  return [head, make(`Also ${direction}:`, `${clocksInWords(also)}.`)];
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
    text: `${shareText(now)}, was ${before.n === 0 ? 'none' : shortShare(before)}`,
  }));
  const what = `Over twice the share of the 8 ${one}s before is excluded:`;
  return clocks.length === 0 ? [] : [bad(what, `${clocksInWords(clocks)}.`)];
}

function missingInput({ dataQuality: { refused, orphans }, received }: Report): Change[] {
  const events = sum(Object.values(refused));
  const isMany = (count: number): boolean => count >= Math.max(MANY, received.n * MANY_SHARE);
  const parts = [
    isMany(events) ? `${counted(events, 'event')} refused` : null,
    isMany(orphans) ? `${counted(orphans, 'referral')} known by events only` : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return [];
  return [bad('Input is missing:', `${listed(parts)}, beside ${counted(received.n, 'referral')} received.`)];
}

function nothingChanged(report: Report, one: string): Change[] {
  const clocks = clocksOf(report).map((kind) => report.clocks[kind]);
  if (clocks.some((figures) => directionOf(figures) !== null)) return [];
  if (clocks.every(({ all }) => all === 0)) return [plain(`No promise fell due in this ${one}.`)];
  if (clocks.some(({ limits }) => limits !== null)) return [plain('No promise changed more than chance explains.')];
  if (clocks.some(({ centre }) => centre !== null)) return [plain('Too little fell due to tell a change from chance.')];
  return [
    plain(
      `Too early to tell a change from chance: no promise has 8 ${one}s with ${FEWEST_FOR_PERCENT} or more due to compare with.`,
    ),
  ];
}

/** How many patients got no care in the network. This hardly changes within a week, but everybody asks for it. */
function leaked({ leakage: { broad, byReason } }: Report): Change[] {
  const [most] = mostFirst(byReason);
  if (broad.d < FEWEST_FOR_PERCENT || broad.n === 0 || most === undefined) return [];
  const why = `most often ${endReasonName(most[0])} (${formatCount(most[1])})`;
  return [plain('Leaked:', `${shareText(broad)} of those received 90 to 180 days ago, ${why}.`)];
}

/** The promise that is kept least, among those with enough that fell due. */
function leastKept(report: Report): Change[] {
  const firm = clocksOf(report).filter((kind) => report.clocks[kind].all >= FEWEST_FOR_PERCENT);
  const rate = (kind: ClockKind): number => report.clocks[kind].attainment ?? 1;
  const [least] = firm.toSorted((a, b) => rate(a) - rate(b));
  // A promise that got worse has a sentence already.
  if (least === undefined || rate(least) === 1 || directionOf(report.clocks[least]) === 'worse') return [];
  return [plain('Least kept:', `${KIND_NAME[least]}, ${shareText(own(report.clocks[least]))} in time.`)];
}

function practicesLost({ sources: { declining, inactive, active } }: Report): Change[] {
  const parts = [
    declining.length === 0
      ? null
      : `${counted(declining.length, 'practice')} ${declining.length === 1 ? 'sends' : 'send'} far fewer referrals than before`,
    inactive.length === 0
      ? null
      : `${counted(inactive.length, 'practice')} ${inactive.length === 1 ? 'has' : 'have'} gone quiet`,
  ].filter((part) => part !== null);
  return parts.length === 0
    ? []
    : [plain('Referring practices:', `${listed(parts)}, beside ${formatCount(active)} active.`)];
}

function overdue({ backlog }: Report): Change[] {
  const total = sum(Object.values(backlog.overdue));
  const [most] = CLOCK_KINDS.toSorted((a, b) => backlog.overdue[b] - backlog.overdue[a]);
  if (total === 0 || most === undefined) return [];
  const promises = `${counted(total, 'promise')} ${total === 1 ? 'is' : 'are'} overdue now:`;
  const mostly =
    backlog.overdue[most] === total
      ? KIND_NAME[most]
      : `most often ${KIND_NAME[most]} (${formatCount(backlog.overdue[most])})`;
  return [
    plain(promises, `${mostly}; ${counted(backlog.open, 'referral')} ${backlog.open === 1 ? 'is' : 'are'} open.`),
  ];
}
