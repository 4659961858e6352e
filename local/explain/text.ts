import { plural } from '../../shared/mail/format-time.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import { bold, dim, field, green, padEnd, red, wrap, yellow } from '../cli/columns.ts';
import { arithmeticLines } from './arithmetic-text.ts';
import { clockName, type Effect } from './effects.ts';
import type { EventLine, Explanation } from './explanation.ts';
import { folded } from './fold.ts';
import type { MailMention } from './history.ts';
import { isOpen, isRunning, NAME_WIDTH, nowLines } from './now-text.ts';
import { storedItemLines } from './stored-item-text.ts';
import { elapsed, SiteTime } from './times.ts';

/** A history that takes more lines is shown in short: its beginning, and how it came to stand as it does. */
const MOST_LINES = 60;
const SHORT = { events: { first: 1, last: 3 }, mails: { first: 0, last: 3 } };
const WHOLE = { first: Number.POSITIVE_INFINITY, last: 0 };

/**
 * The text of an explanation for a terminal of `width` columns: what is open now, then how it came to that. What senders
 * wrote can't command the terminal.
 * @param all a long history as a whole
 */
export function explanationText(unsafe: Explanation, width: number, all = true): string {
  const explanation = harmless(unsafe);
  const whole = linesOf(explanation, width, true);
  return (all || whole.length <= MOST_LINES ? whole : linesOf(explanation, width, false)).join('\n');
}

function linesOf(explanation: Explanation, width: number, all: boolean): string[] {
  const { timeZone, events, mails, storedItem: item } = explanation;
  const time = new SiteTime(timeZone);
  const eventBlocks = events.map((event) => eventLines(event, time, width));
  const mailBlocks = mailBlocksOf(mails, time, width);
  const sections = [
    header(explanation, time, width),
    section('Now', nowLines(explanation, time, width), 'nothing is open'),
    section('Events, in the order in which they count', folded(eventBlocks, 'events', all ? WHOLE : SHORT.events)),
    section('Clocks', clocksText(explanation, time, width, all)),
    section('Alerts', all ? alertLines(explanation.alerts, time, width) : alertsInShort(explanation.alerts)),
    section('Mails that named it', folded(mailBlocks, 'entries', all ? WHOLE : SHORT.mails)),
    ...(item === undefined ? [] : [storedItemLines(item, events.length, time, width)]),
  ];
  return sections.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** With all its texts on one line and without control characters. It is plain JSON. */
const harmless = (explanation: Explanation): Explanation =>
  JSON.parse(JSON.stringify(explanation), (_, value) => (typeof value === 'string' ? withoutControls(value) : value));

function section(title: string, lines: readonly string[], empty = 'none'): string[] {
  return [bold(title), ...(lines.length === 0 ? [dim(`  ${empty}`)] : lines)];
}

function header(
  { referralId, asOf, timeZone, policyVersion, referral, pauses, events }: Explanation,
  time: SiteTime,
  width: number,
): string[] {
  const lines = wrap(
    [bold(referralId), ...` as of ${time.moment(asOf)}, times in ${timeZone} [UTC]`.split(' ')],
    width,
  );
  const add = (label: string, text: string): void => void lines.push(...field(label, text, width));
  if (events.length === 0) return [...lines, '  closed long ago: its log is being removed'];
  if (!referral) return [...lines, '  nothing of it is left: its events were taken back'];
  const { stage, paused, actsNext, priority, specialty, site, practiceId, coordinatorId, liaisonId, attempts } =
    referral;
  add('stage', `${stage}${paused ? ', paused' : ''}; acts next: ${actsNext}`);
  if (!referral.receivedAt) return [...lines, '  its referral.received has not come'];
  add('referral', `${priority} ${specialty} at ${site}, from ${practiceId}`);
  add('owners', `coordinator ${coordinatorId ?? 'nobody'}, liaison ${liaisonId ?? 'nobody'}`);
  add('received', `${time.moment(referral.receivedAt)}, policy ${policyVersion}`);
  add(
    'attempts',
    `${attempts.made} made, by phone on ${plural(attempts.phoneDays, 'day')}, ${attempts.letters} by letter or portal` +
      (attempts.wrongNumbers > 0 ? `; ${plural(attempts.wrongNumbers, 'wrong number')}` : ''),
  );
  for (const { from, to, reason } of pauses) add('pause', `${time.moment(from)} to ${time.moment(to)}, ${reason}`);
  if (referral.endedAt) add('ended', `${time.moment(referral.endedAt)}, ${referral.endReason}`);
  return lines;
}

const EVENT_INDENT = 30;

function eventLines(event: EventLine, time: SiteTime, width: number): string[] {
  const details = dataText(event.data, time);
  const more = [
    ...(event.late
      ? [yellow(`arrived late: ${time.moment(event.arrivedAt)}, ${elapsed(event.at, event.arrivedAt)} after`)]
      : []),
    ...(event.retracted ? [red('taken back: counts as if it had never been')] : []),
    ...event.remarks.map((remark) => inSiteTime(remark, time)),
    ...event.effects.map((effect) => effectText(effect, time)).filter(Boolean),
  ];
  const type = event.retracted || event.restated ? dim(event.type) : bold(event.type);
  return [
    `  ${padEnd(time.moment(event.at), EVENT_INDENT - 4)}  ${type}`,
    ...[details, ...more]
      .filter(Boolean)
      .flatMap((text) => wrap(text.split(' '), width - EVENT_INDENT))
      .map((line) => ' '.repeat(EVENT_INDENT) + line),
  ];
}

function dataText(data: Record<string, unknown>, time: SiteTime): string {
  return Object.entries(data)
    .map(([name, value]) => {
      const text = name === 'practice' ? (value as { id: string }).id : String(value);
      return `${name}=${/^\d{4}-\d\d-\d\dT/.test(text) ? time.moment(text) : text}`;
    })
    .join(' ');
}

function effectText({ what, text }: Effect, time: SiteTime): string {
  const local = inSiteTime(text, time);
  switch (what) {
    case 'stage':
      return `-> ${local}`;
    case 'moves':
      return `net due moves: ${local}`;
    case 'pauses':
      return `pauses ${local}`;
    case 'marks':
      return `marks the alert ${local}`;
    case 'nothing':
      return dim('changes no stage and no clock');
    case 'starts':
    case 'stops':
    case 'ends':
    case 'withdraws':
      return `${what} ${local}`;
  }
}

function inSiteTime(text: string, time: SiteTime): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => time.moment(instant));
}

const OUTCOME_COLOR: Record<string, (text: string) => string> = { met: green, missed: red, lost: red, excluded: dim };

type ExplainedClock = Explanation['clocks'][number];

/** Clocks that run, with their arithmetic; the others with theirs only if all is shown. */
function clocksText({ clocks, pauses }: Explanation, time: SiteTime, width: number, all: boolean): string[] {
  const whole = clocks.filter((clock) => all || isRunning(clock));
  const over = clocks.filter((clock) => !whole.includes(clock));
  return [
    ...whole.flatMap((clock) => clockLines(clock, pauses, time, width)),
    ...over.flatMap((clock) => overLines(clock, time, width)),
    ...(over.length > 0 ? [dim('  … how these dues came about is left out; --all shows it')] : []),
  ];
}

/** A clock that is over, in short. */
function overLines(clock: ExplainedClock, time: SiteTime, width: number): string[] {
  const { outcome, stoppedAt, dueAt } = clock;
  const late = stoppedAt !== null && stoppedAt > dueAt ? `, ${elapsed(dueAt, stoppedAt)} late` : '';
  return field(clockName(clock), `${colored(outcome)}, due ${time.moment(dueAt)}${late}`, width, 2, NAME_WIDTH);
}

function clockLines(clock: ExplainedClock, pauses: Explanation['pauses'], time: SiteTime, width: number): string[] {
  const add = (label: string, text: string | null): string[] => (text === null ? [] : field(label, text, width, 4));
  return [
    `  ${bold(clockName(clock))}  ${colored(clock.outcome)}`,
    ...add('', netRemark(clock)),
    ...arithmeticLines(clock, pauses, time).flatMap(([label = '', text = '']) => add(label, text)),
    ...add('stopped', clock.stoppedAt && time.exact(clock.stoppedAt)),
    ...add('ended', clock.endedAt && `${time.exact(clock.endedAt)} with the referral`),
    ...add('warns', warnText(clock, time)),
  ];
}

const colored = (outcome: string): string => (OUTCOME_COLOR[outcome] ?? yellow)(outcome);

/** Outcomes go by the gross due and alerts by the net due, so the text says both if they differ. */
function netRemark({ outcome, stoppedAt, netDueAt }: ExplainedClock): string | null {
  const inTime = outcome === 'missed' && stoppedAt !== null && stoppedAt <= netDueAt;
  return inTime ? 'missed by the gross due; in time by the net due, so nobody was alerted' : null;
}

function warnText(clock: ExplainedClock, time: SiteTime): string {
  const { escalatesAfter } = clock;
  return `${riskText(clock, time)}, ${escalatesAfter ? `escalates after ${time.moment(escalatesAfter)}` : 'never escalates'}`;
}

/** A warning may be longer than its clock runs: then the instant at which it would begin lies before the start. */
function riskText({ atRiskFrom, startedAt, netDueAt }: ExplainedClock, time: SiteTime): string {
  if (atRiskFrom === null) return 'never at risk';
  if (atRiskFrom > startedAt) return `at risk from ${time.moment(atRiskFrom)}`;
  const longer =
    atRiskFrom < startedAt ? ` (it warns ${elapsed(atRiskFrom, netDueAt)} before the due: longer than it runs)` : '';
  return `at risk from its start${longer}`;
}

/** How many there are. The section "Now" says which are open. */
function alertsInShort(alerts: Explanation['alerts']): string[] {
  const open = alerts.filter(isOpen).length;
  const counts = [
    [open, 'open'],
    [alerts.length - open, 'resolved'],
  ] as const;
  const counted = counts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return alerts.length === 0
    ? []
    : [dim(`  … ${counted.join(' and ')} left out; --all shows when each began and ended`)];
}

function alertLines(alerts: Explanation['alerts'], time: SiteTime, width: number): string[] {
  return alerts.flatMap((alert) => {
    const { level, dueAt, atRiskAt, openedAt, escalatedAt, resolvedAt, resolution, acknowledgedBy, snoozedUntil } =
      alert;
    const state = resolvedAt
      ? dim(`${level}, then ${resolution}`)
      : (level === 'at_risk' ? yellow : red)(`${level}, open`);
    const moments: [string, string | null][] = [
      ['due', dueAt],
      ['at risk', atRiskAt],
      ['breached', openedAt],
      ['escalated', escalatedAt],
      ['resolved', resolvedAt],
    ];
    return [
      `  ${bold(clockName(alert))}  ${state}`,
      ...moments.flatMap(([label, at]) => (at ? field(label, time.exact(at), width, 4) : [])),
      ...(acknowledgedBy ? field('known', `acknowledged by ${acknowledgedBy}`, width, 4) : []),
      ...(snoozedUntil ? field('snoozed', `until ${time.exact(snoozedUntil)}`, width, 4) : []),
    ];
  });
}

/** Mails, oldest first. Successive ones that say the same to the same person make one block. */
function mailBlocksOf(mails: readonly MailMention[], time: SiteTime, width: number): string[][] {
  const said = ({ kind, recipient, insteadOf, rows }: MailMention): string =>
    JSON.stringify([kind, recipient, insteadOf, rows.map((row) => `${row.section}: ${row.kind}`).sort()]);
  const runs = new Map<string, MailMention[][]>();
  for (const mail of mails) {
    const to = `${mail.kind} ${mail.recipient} ${mail.insteadOf}`;
    const known = runs.get(to) ?? [];
    const last = known.at(-1);
    if (last?.[0] && said(last[0]) === said(mail)) last.push(mail);
    else runs.set(to, [...known, [mail]]);
  }
  return [...runs.values()]
    .flat()
    .sort((a, b) => ((a[0]?.sentAt ?? '') < (b[0]?.sentAt ?? '') ? -1 : 1))
    .map((run) => {
      const [first, last] = [run[0] as MailMention, run.at(-1) as MailMention];
      const when = run.length === 1 ? '' : `, ${run.length} mails up to ${time.moment(last.sentAt)}`;
      const receiver = first.insteadOf === null ? first.recipient : `${first.recipient} for ${first.insteadOf}`;
      const bySection = Map.groupBy(first.rows, (row) => row.section);
      const what = [...bySection]
        .map(([name, rows]) => `${name}: ${rows.map(({ kind }) => kind).join(', ')}`)
        .join('; ');
      return [
        `  ${time.moment(first.sentAt)}${when}`,
        ...wrap([first.kind, ...`to ${receiver},`.split(' '), ...what.split(' ')], width - 4).map(
          (line) => `    ${line}`,
        ),
      ];
    });
}
