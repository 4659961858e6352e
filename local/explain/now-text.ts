import { field, green, red, yellow } from '../cli/columns.ts';
import { clockName } from './effects.ts';
import type { Explanation } from './explanation.ts';
import { elapsed, type SiteTime } from './times.ts';

type ExplainedClock = Explanation['clocks'][number];
type ExplainedAlert = Explanation['alerts'][number];

/** Whether it still runs: no event has stopped it, and its referral hasn't ended and isn't voided. */
export const isRunning = ({ stoppedAt, endedAt, outcome }: ExplainedClock): boolean =>
  stoppedAt === null && endedAt === null && outcome !== 'excluded';

export const isOpen = ({ resolvedAt }: ExplainedAlert): boolean => resolvedAt === null;

/** The longest name of a clock, and a blank. */
export const NAME_WIDTH = 18;

/** What is open of a referral, the most urgent first, and what comes next. */
export function nowLines({ asOf, clocks, alerts }: Explanation, time: SiteTime, width: number): string[] {
  const running = clocks.filter(isRunning).sort((a, b) => (a.netDueAt < b.netDueAt ? -1 : 1));
  const open = alerts.filter(isOpen);
  const alertOf = (clock: ExplainedClock) => open.find((alert) => clockName(alert) === clockName(clock));
  const ofClocks = running.map((clock) => [clockName(clock), clockText(clock, alertOf(clock), asOf, time)] as const);
  const watches = open.filter((alert) => !running.some((clock) => alertOf(clock) === alert));
  const ofWatches = watches.map((alert) => [clockName(alert), watchText(alert, time)] as const);
  const next = nextText(running, asOf, time);
  return [...ofClocks, ...ofWatches, ...(next === null ? [] : [['next', next] as const])].flatMap(([label, text]) =>
    field(label, text, width, 2, NAME_WIDTH),
  );
}

/** Alerts go by the net due, and so does this. */
function clockText(
  { netDueAt }: ExplainedClock,
  alert: ExplainedAlert | undefined,
  asOf: string,
  time: SiteTime,
): string {
  const due = time.moment(netDueAt);
  const known = alert === undefined ? '' : knownText(alert, time);
  if (asOf > netDueAt) {
    return red(
      `overdue since ${due} (${elapsed(netDueAt, asOf)})${alert?.escalatedAt ? `, escalated since ${time.moment(alert.escalatedAt)}` : ''}${known}`,
    );
  }
  const text = `due ${due}, in ${elapsed(asOf, netDueAt)}`;
  return alert === undefined ? green(text) : yellow(`${text}: at risk${known}`);
}

function watchText(alert: ExplainedAlert, time: SiteTime): string {
  const { level, atRiskAt, openedAt } = alert;
  const since = openedAt ?? atRiskAt;
  return yellow(
    `${level.replace('_', ' ')}${since === null ? '' : ` since ${time.moment(since)}`}${knownText(alert, time)}`,
  );
}

function knownText({ acknowledgedBy, snoozedUntil }: ExplainedAlert, time: SiteTime): string {
  return [
    acknowledgedBy === null ? '' : `, acknowledged by ${acknowledgedBy}`,
    snoozedUntil === null ? '' : `, snoozed until ${time.moment(snoozedUntil)}`,
  ].join('');
}

/** The first thing that comes if nothing happens. Null: nothing comes. */
function nextText(running: readonly ExplainedClock[], asOf: string, time: SiteTime): string | null {
  const coming = running.flatMap((clock) => [
    { at: clock.atRiskFrom, what: `${clockName(clock)} is at risk` },
    { at: clock.netDueAt, what: `${clockName(clock)} is due` },
    { at: clock.escalatesAfter, what: `${clockName(clock)} escalates` },
  ]);
  const [first] = coming
    .flatMap(({ at, what }) => (at !== null && at > asOf ? [{ at, what }] : []))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return first === undefined ? null : `${time.moment(first.at)}: ${first.what}`;
}
