import { plural } from '../../shared/mail/format-time.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import { bold, dim, field, green, padEnd, red, wrap, yellow } from '../cli/columns.ts';
import { arithmeticLines } from './arithmetic-text.ts';
import { clockName, type Effect } from './effects.ts';
import type { EventLine, Explanation } from './explanation.ts';
import type { MailMention } from './history.ts';
import { storedItemLines } from './stored-item-text.ts';
import { elapsed, SiteTime } from './times.ts';

/** The text of an explanation for a terminal of `width` columns. What senders wrote can't command the terminal. */
export function explanationText(unsafe: Explanation, width: number): string {
  const explanation = harmless(unsafe);
  const { timeZone, events, storedItem: item } = explanation;
  const time = new SiteTime(timeZone);
  const sections = [
    header(explanation, time),
    section(
      'Events, in the order in which they count',
      events.flatMap((event) => eventLines(event, time, width)),
    ),
    section('Clocks', clockLines(explanation, time, width)),
    section('Alerts', alertLines(explanation, time)),
    section('Mails that named it', mailLines(explanation.mails, time, width)),
    ...(item === undefined ? [] : [storedItemLines(item, events.length, time, width)]),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

/** With all its texts on one line and without control characters. It is plain JSON. */
const harmless = (explanation: Explanation): Explanation =>
  JSON.parse(JSON.stringify(explanation), (_, value) => (typeof value === 'string' ? withoutControls(value) : value));

function section(title: string, lines: readonly string[]): string[] {
  return [bold(title), ...(lines.length === 0 ? [dim('  none')] : lines)];
}

function header(
  { referralId, asOf, timeZone, policyVersion, referral, pauses, events }: Explanation,
  time: SiteTime,
): string[] {
  const lines = [`${bold(referralId)}  ${dim(`as of ${time.moment(asOf)}, times in ${timeZone} [UTC]`)}`];
  const add = (label: string, text: string): void => void lines.push(...field(label, text, 78));
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

function clockLines({ clocks, pauses }: Explanation, time: SiteTime, width: number): string[] {
  return clocks.flatMap((clock) => [
    `  ${bold(clockName(clock))}  ${(OUTCOME_COLOR[clock.outcome] ?? yellow)(clock.outcome)}${netRemark(clock)}`,
    ...arithmeticLines(clock, pauses, time).flatMap(([label = '', text = '']) => field(label, text, width, 4)),
    ...(clock.stoppedAt ? field('stopped', time.exact(clock.stoppedAt), width, 4) : []),
    ...(clock.endedAt ? field('ended', `${time.exact(clock.endedAt)} with the referral`, width, 4) : []),
    ...field('warns', warnText(clock, time), width, 4),
  ]);
}

/** Outcomes go by the gross due and alerts by the net due, so the text says both if they differ. */
function netRemark({ outcome, stoppedAt, netDueAt }: Explanation['clocks'][number]): string {
  const inTime = outcome === 'missed' && stoppedAt !== null && stoppedAt <= netDueAt;
  return inTime ? dim('  by the gross due; in time by the net due, so nobody was alerted') : '';
}

function warnText({ atRiskFrom, escalatesAfter }: Explanation['clocks'][number], time: SiteTime): string {
  const from = atRiskFrom ? `at risk from ${time.moment(atRiskFrom)}` : 'never at risk';
  return `${from}, ${escalatesAfter ? `escalates after ${time.moment(escalatesAfter)}` : 'never escalates'}`;
}

function alertLines({ alerts }: Explanation, time: SiteTime): string[] {
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
      `  ${bold(clockName(alert as Parameters<typeof clockName>[0]))}  ${state}`,
      ...moments.flatMap(([label, at]) => (at ? field(label, time.exact(at), 200, 4) : [])),
      ...(acknowledgedBy ? field('known', `acknowledged by ${acknowledgedBy}`, 200, 4) : []),
      ...(snoozedUntil ? field('snoozed', `until ${time.exact(snoozedUntil)}`, 200, 4) : []),
    ];
  });
}

/** Successive mails that say the same to the same person make one entry. */
function mailLines(mails: readonly MailMention[], time: SiteTime, width: number): string[] {
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
    .flatMap((run) => {
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
