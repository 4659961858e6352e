import { isDeepStrictEqual } from 'node:util';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, formatOptionalInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Alert } from '../../shared/contracts/state.ts';
import { type Mail, type Outcome, rowsOf } from './outcome.ts';
import type { Disturbance, Happened } from './weeks.ts';

/**
 * Weeks with faults against the same weeks without. What must be equal:
 *
 * - the state of every referral, in full;
 * - every alert that is open: kind, instance, level, due; and every alert that isn't, with its resolution. An instant at
 *   which a run found something may be another only if it lies in a disturbance of that referral (detection didn't run, or
 *   one of its messages was on its way), or if the alert ended while a message was, and an alert may be in one of the runs only if it
 *   was found there;
 * - every mail is planned, and came to an end. None is sent twice unless SES took it and nobody could note that;
 * - every urgent alert is told to whom it was told, once, unless it was over before detection could look again; and the
 *   last digests say the same;
 * - every report is made, and says the same, but for when feeds were heard, unless messages were on their way when it was
 *   due.
 */
export interface Difference {
  what: 'referral' | 'alert' | 'mail' | 'sent twice' | 'urgent alert' | 'digest' | 'report' | 'left' | 'lost';
  detail: string;
}

export interface Compared {
  differences: Difference[];
  /** Alerts that were found otherwise, or not at all, in a disturbance. */
  foundOtherwise: number;
  /** Mails that SES took twice, after its answer was lost or nobody could note it. */
  doubled: number;
  /** Reports that were due while messages were on their way, and say something else. */
  reportsOtherwise: number;
}

/** Until a run has looked at what came. */
const LOOKED_MS = 15 * MINUTE_MS;

export function compare(calm: Outcome, rough: Outcome, happened: Happened): Compared {
  const compared: Compared = { differences: [], foundOtherwise: 0, doubled: 0, reportsOtherwise: 0 };
  const disturbances = new Disturbances(happened);
  const add = (what: Difference['what'], detail: string): void => void compared.differences.push({ what, detail });
  for (const subject of happened.lost) add('lost', subject);
  for (const id of union(calm.states, rough.states)) {
    if (!isDeepStrictEqual(calm.states.get(id), rough.states.get(id))) add('referral', id);
  }
  for (const key of union(calm.alerts, rough.alerts)) {
    const [a, b] = [calm.alerts.get(key), rough.alerts.get(key)];
    switch (verdictOf(a, b, disturbances)) {
      case 'same':
        break;
      case 'otherwise':
        compared.foundOtherwise += 1;
        break;
      case 'wrong':
        add('alert', `${key}: ${textOf(a)}, with faults ${textOf(b)}`);
    }
  }
  compareMails(calm, rough, happened, disturbances, compared);
  compareReports(calm, rough, disturbances, compared);
  for (const [name, count] of Object.entries(rough.left)) {
    const before = calm.left[name as keyof Outcome['left']];
    if (count !== before) add('left', `${name}: ${before}, with faults ${count}`);
  }
  return compared;
}

const union = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): Set<string> =>
  new Set([...a.keys(), ...b.keys()]);

/** Whether an instant, or a span, lies in a disturbance of a referral. */
class Disturbances {
  readonly #happened: Happened;

  constructor(happened: Happened) {
    this.#happened = happened;
  }

  of(referralId: string): Disturbance[] {
    return [...this.#happened.undetected, ...(this.#happened.delayed.get(referralId) ?? [])];
  }

  hold(referralId: string, instant: Instant | null): boolean {
    return instant !== null && this.of(referralId).some(([from, to]) => instant >= from && instant <= to + LOOKED_MS);
  }

  /** Whether a message of a referral was on its way at an instant. */
  isLate(referralId: string, instant: Instant): boolean {
    const own = this.#happened.delayed.get(referralId) ?? [];
    return own.some(([from, to]) => instant >= from && instant <= to + LOOKED_MS);
  }

  get all(): Disturbance[] {
    return [...this.#happened.undetected, ...[...this.#happened.delayed.values()].flat()];
  }
}

const FOUND = ['since', 'atRiskAt', 'openedAt', 'escalatedAt', 'resolvedAt'] as const;

type Verdict = 'same' | 'otherwise' | 'wrong';

function verdictOf(a: Alert | undefined, b: Alert | undefined, disturbances: Disturbances): Verdict {
  if (a !== undefined && b !== undefined) return verdictOfBoth(a, b, disturbances);
  const only = (a ?? b) as Alert;
  const isFleeting = [only.since, only.resolvedAt].every((at) => disturbances.hold(only.referralId, at));
  return isFleeting ? 'otherwise' : 'wrong';
}

function verdictOfBoth(a: Alert, b: Alert, disturbances: Disturbances): Verdict {
  const differing = FOUND.filter((name) => a[name] !== b[name]);
  // A message that corrects the past, and is on its way when an alert ends, finds it over: what it was before stays.
  const isPast = a.resolvedAt !== null && b.resolvedAt !== null && disturbances.isLate(a.referralId, a.resolvedAt);
  const isExplained =
    isPast || differing.every((name) => [a[name], b[name]].some((at) => disturbances.hold(a.referralId, at)));
  const isAlike = a.dueAt === b.dueAt && a.level === b.level;
  const isSame = isAlike && a.resolution === b.resolution;
  // How high an alert that is over had risen, and as what it ended, depends on when that was seen.
  const isOpen = a.resolvedAt === null || b.resolvedAt === null;
  if (differing.length > 0) return isExplained && (isSame || !isOpen) ? 'otherwise' : 'wrong';
  if (isSame) return 'same';
  return isAlike && !isOpen && disturbances.hold(a.referralId, a.resolvedAt) ? 'otherwise' : 'wrong';
}

function textOf(alert: Alert | undefined): string {
  if (alert === undefined) return 'not there';
  const { level, dueAt, resolution } = alert;
  const found = FOUND.map((name) => `${name} ${formatOptionalInstant(alert[name])}`);
  return `${level} due ${formatOptionalInstant(dueAt)} ${resolution ?? 'open'} (${found.join(', ')})`;
}

const ENDED: readonly string[] = ['sent', 'empty', 'undeliverable', 'superseded'];

function compareMails(
  calm: Outcome,
  rough: Outcome,
  happened: Happened,
  disturbances: Disturbances,
  compared: Compared,
): void {
  const add = (what: Difference['what'], details: readonly string[]): void =>
    void compared.differences.push(...details.map((detail) => ({ what, detail })));
  for (const { job, times } of rough.mails.values()) {
    if (!ENDED.includes(job.status)) add('mail', [`${job.mailId} is ${job.status}`]);
    if (times > 1 && happened.unnoted.has(job.mailId)) compared.doubled += times - 1;
    else if (times > 1) add('sent twice', [`${job.kind} ${job.mailId}: ${times} times`]);
  }
  const daily = [...calm.mails.values()].filter(({ job }) => job.kind !== 'urgent_alert');
  add(
    'mail',
    daily.flatMap((mail) => faultOf(mail, rough.mails.get(mail.job.mailId)) ?? []),
  );
  add('urgent alert', untold(calm, rough, disturbances));
  add('urgent alert', toldTwice(rough, disturbances));
  add('digest', lastDigests(calm, rough));
}

/** What is wrong with a mail that the recipient gets without faults. Null: nothing. */
function faultOf({ job: { mailId, status } }: Mail, other: Mail | undefined): string | null {
  if (other === undefined) return `${mailId} was never planned`;
  if (other.job.status === 'undeliverable' && status !== 'undeliverable') return `${mailId} is undeliverable`;
  return other.job.status === 'sent' && other.times === 0 ? `${mailId} counts as sent, and SES has none` : null;
}

const urgentRows = ({ mails }: Outcome) =>
  [...mails.values()]
    .filter(({ job }) => job.kind === 'urgent_alert' && job.status === 'sent')
    .flatMap((mail) => rowsOf(mail).map((row) => ({ ...row, dueAt: mail.job.dueAt })));

/** What an urgent mail told and none tells with faults. */
function untold(calm: Outcome, rough: Outcome, disturbances: Disturbances): string[] {
  const told = new Set(urgentRows(rough).map(({ personId, referralId, kind }) => `${personId} ${referralId} ${kind}`));
  return urgentRows(calm)
    .filter(({ personId, referralId, kind }) => !told.has(`${personId} ${referralId} ${kind}`))
    .filter(({ referralId, kind }) => !isFoundOtherwise(referralId, kind, calm, rough, disturbances))
    .filter((row) => !wasOverUnseen(row, rough, disturbances))
    .map(({ personId, referralId, kind, dueAt }) => {
      const own = [...rough.alerts].find(([key]) => key.startsWith(`${referralId} ${kind}#`));
      return `${referralId} ${kind} was never told to ${personId}, due ${formatInstant(dueAt)}: ${textOf(own?.[1])}`;
    });
}

/** Whether alerts of a kind were there for another time, or not at all. */
function isFoundOtherwise(
  referralId: string,
  kind: string,
  calm: Outcome,
  rough: Outcome,
  disturbances: Disturbances,
): boolean {
  const own = [...union(calm.alerts, rough.alerts)].filter((key) => key.startsWith(`${referralId} ${kind}#`));
  return own.some((key) => verdictOf(calm.alerts.get(key), rough.alerts.get(key), disturbances) === 'otherwise');
}

/** Whether an alert that was to be told had ended before anybody could look again. */
function wasOverUnseen(
  { referralId, kind, dueAt }: { referralId: string; kind: string; dueAt: Instant },
  { alerts }: Outcome,
  disturbances: Disturbances,
): boolean {
  const own = [...alerts.values()].filter((alert) => alert.referralId === referralId && alert.kind === kind);
  const ends = own.map(({ resolvedAt }) => resolvedAt ?? Number.POSITIVE_INFINITY);
  return disturbances
    .of(referralId)
    .some(([from, to]) => dueAt >= from && [dueAt, ...ends].every((at) => at <= to + LOOKED_MS));
}

/** The same alert in two urgent mails to one person. */
function toldTwice(rough: Outcome, disturbances: Disturbances): string[] {
  const names = urgentRows(rough).map(({ personId, referralId, kind }) => ({
    referralId,
    name: `${referralId} ${kind} to ${personId}`,
  }));
  return [...Map.groupBy(names, ({ name }) => name)]
    .filter(([, rows]) => rows.length > rowsAllowed(rows[0]?.referralId ?? '', rough, disturbances))
    .map(([name, rows]) => `${name} was told ${rows.length} times`);
}

/** An alert that came up again is told again, as is each instance of its kind. */
function rowsAllowed(referralId: string, { alerts }: Outcome, disturbances: Disturbances): number {
  const instances = [...alerts.values()]
    .filter((alert) => alert.referralId === referralId)
    .map(({ instance }) => instance);
  return Math.max(1, ...instances) + disturbances.of(referralId).length;
}

const LAST_DAYS = 1;

/** Each recipient's last digest names the same, in the same sections. */
function lastDigests(calm: Outcome, rough: Outcome): string[] {
  const differing: string[] = [];
  const digests = [...calm.mails.values()].filter(({ job }) => job.kind.endsWith('_digest'));
  for (const [, own] of Map.groupBy(digests, ({ job }) => `${job.kind} ${job.personId}`)) {
    const last = own.toSorted((x, y) => x.job.dueAt - y.job.dueAt).slice(-LAST_DAYS);
    for (const mail of last) {
      const said = (each: Mail | undefined) =>
        each === undefined
          ? []
          : rowsOf(each)
              .map(({ section, referralId, kind }) => `${section} ${referralId} ${kind}`)
              .sort();
      const [a, b] = [said(mail), said(rough.mails.get(mail.job.mailId))];
      if (isDeepStrictEqual(a, b)) continue;
      const missing = a.filter((row) => !b.includes(row));
      const added = b.filter((row) => !a.includes(row));
      differing.push(`${mail.job.mailId} (${mail.job.kind}): without ${missing.join('; ')}; with ${added.join('; ')}`);
    }
  }
  return differing;
}

function compareReports(calm: Outcome, rough: Outcome, disturbances: Disturbances, compared: Compared): void {
  const all = disturbances.all;
  for (const key of union(calm.reports, rough.reports)) {
    const [a, b] = [calm.reports.get(key), rough.reports.get(key)];
    if (a?.text === b?.text) continue;
    const asOf = a?.asOf ?? 0;
    const isDisturbed = all.some(([from, to]) => asOf >= from - LOOKED_MS && asOf <= to + LOOKED_MS);
    if (a !== undefined && b !== undefined && isDisturbed) compared.reportsOtherwise += 1;
    else
      compared.differences.push({
        what: 'report',
        detail: `${key}${a && b ? ' says something else' : ' is in one only'}`,
      });
  }
}
