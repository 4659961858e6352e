import type { Config, PolicyVersion } from '../../contracts/config.ts';
import { DAY_MS } from '../../contracts/duration.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { DigestRow, DigestSection, MailRecipient, NamedAlert, SectionContent } from '../../contracts/mail.ts';
import type { Alert, ReferralState } from '../../contracts/state.ts';
import {
  ALERT_KINDS,
  type AlertKind,
  PRIORITIES,
  type Priority,
  WEEKDAYS,
  WORKDAYS,
} from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';
import { attemptsLeft, mayCloseAsUnreachable } from '../referral/attempts.ts';
import { ownersOf } from '../referral/owners.ts';
import { versionAt } from '../referral/policy.ts';
import { localDate, startOfDate } from '../time/local-date.ts';
import { digestPeriods, type Recipient } from './schedule.ts';

/** What the digests of all kinds have in common: which alerts show, one row for each referral, and the caps. */

export const DEFAULT_CAP = 50;
/** Rows in one mail, whatever the cap of a section: Gmail cuts a mail off at 102 KB, and nobody works 200 rows. */
export const MOST_ROWS = 200;
const SENSITIVE_SPECIALTY = 'specialty care';

export interface ReferralAlert {
  alert: Alert;
  state: ReferralState;
}

export interface DigestInput {
  recipient: Recipient;
  period: string;
  /** The detection run that the digest shows. */
  asOf: Instant;
  /** `asOf` of the recipient's previous digest of this kind; null: there was none. */
  since: Instant | null;
  /** The recipient's alerts, open and resolved since the previous digest. */
  alerts: readonly ReferralAlert[];
  config: Config;
  /** Rows in a section. */
  cap?: number;
}

/** An item and the section that it belongs to. */
export interface InSection<S extends DigestSection> {
  item: ReferralAlert;
  section: S;
}

/** A referral with what a mail says of it: the alert that leads its row, then its others. */
export interface RowDraft<S extends DigestSection> {
  section: S;
  lead: ReferralAlert;
  others: ReferralAlert[];
}

/** Alerts that a mail shows: open, each once, and not snoozed at the time. */
export function shownAlerts(items: readonly ReferralAlert[], asOf: Instant): ReferralAlert[] {
  const seen = new Map<string, ReferralAlert>();
  for (const item of items) {
    const { referralId, kind, instance, resolvedAt } = item.alert;
    if (resolvedAt !== null || item.state.stage === 'voided') continue;
    if (isSnoozed(item.alert, asOf)) continue;
    seen.set(`${kind} ${instance} ${referralId}`, item);
  }
  return [...seen.values()];
}

function isSnoozed({ snoozedUntil }: Alert, asOf: Instant): boolean {
  return snoozedUntil !== null && asOf < snoozedUntil;
}

/** Open alerts that a snooze keeps out of the mail: a mail that shows nothing of them has to say that they are there. */
export function countSnoozed(items: readonly ReferralAlert[], asOf: Instant): number {
  return items.filter(({ alert }) => alert.resolvedAt === null && isSnoozed(alert, asOf)).length;
}

/** For a day after a snooze ended its alert is shown as such. */
export function hasExpiredSnooze(alert: Alert, asOf: Instant): boolean {
  return alert.snoozedUntil !== null && alert.snoozedUntil <= asOf && asOf < alert.snoozedUntil + DAY_MS;
}

/**
 * Alerts that were dealt with since the previous digest. What was withdrawn or only paused was not dealt with: counting
 * it would flatter.
 */
export function countResolvedSince(items: readonly ReferralAlert[], since: Instant | null, asOf: Instant): number {
  if (since === null) return 0;
  return items.filter(
    ({ alert: { resolvedAt, resolution } }) =>
      resolvedAt !== null &&
      resolvedAt > since &&
      resolvedAt <= asOf &&
      (resolution === 'stopped' || resolution === 'ended'),
  ).length;
}

/**
 * One row for each referral, however many of its alerts are open: it stands in the first section that any of them
 * belongs to, led by the most pressing alert there, and names the others.
 */
export function draftRows<S extends DigestSection>(
  placed: readonly InSection<S>[],
  order: readonly S[],
): RowDraft<S>[] {
  const byReferral = new Map<string, InSection<S>[]>();
  for (const entry of placed) {
    const list = byReferral.get(entry.item.alert.referralId);
    if (list) list.push(entry);
    else byReferral.set(entry.item.alert.referralId, [entry]);
  }
  return [...byReferral.values()].flatMap((entries) => {
    const [first, ...others] = entries.sort(
      (a, b) => order.indexOf(a.section) - order.indexOf(b.section) || byDue(a.item, b.item),
    );
    return first ? [{ section: first.section, lead: first.item, others: others.map(({ item }) => item) }] : [];
  });
}

/** Oldest due first. */
export function byDue(a: ReferralAlert, b: ReferralAlert): number {
  return (
    a.alert.dueAt - b.alert.dueAt ||
    byCodePoint(a.alert.referralId, b.alert.referralId) ||
    leadRank(a.alert.kind) - leadRank(b.alert.kind) ||
    a.alert.instance - b.alert.instance
  );
}

/**
 * Of a referral's alerts that are due together the one that is the recipient's own to do leads: acceptance waits for
 * the specialty, calling the patient doesn't.
 */
const leadRank = (kind: AlertKind): number => (kind === 'acceptance' ? ALERT_KINDS.length : ALERT_KINDS.indexOf(kind));

/** Stat first, then asap, urgent, routine; among equals the oldest due first. */
export function byPriority(a: ReferralAlert, b: ReferralAlert): number {
  return rank(b.state.priority) - rank(a.state.priority) || byDue(a, b);
}

const rank = (priority: Priority | null): number => (priority === null ? -1 : PRIORITIES.indexOf(priority));

/**
 * The greatest limit for each list with which together they stay within `total`, so that a long list doesn't push the
 * short ones out of the mail. At least one row of each stays.
 */
export function fairLimit(sizes: readonly number[], cap: number, total: number): number {
  let limit = cap;
  while (limit > 1 && sizes.reduce((sum, size) => sum + Math.min(size, limit), 0) > total) limit--;
  return limit;
}

/** How a row is made: what may be shown, and the policy it is held to. */
export interface RowContext {
  config: Config;
  asOf: Instant;
  showInitials: boolean;
}

/** The first `limit` of the groups as a section. `room` is how many alerts, leads included, the section may name. */
export function toSection<S extends DigestSection>(
  section: S,
  groups: readonly RowDraft<S>[],
  limit: number,
  room: number,
  context: RowContext,
): SectionContent<S> {
  const shown = groups.slice(0, limit);
  let left = Math.max(0, room - shown.length);
  const rows = shown.map((group) => {
    const named = group.others.slice(0, left);
    left -= named.length;
    return toRow(group, named, context);
  });
  return { section, rows, more: groups.length - shown.length };
}

function toRow(group: RowDraft<DigestSection>, named: ReferralAlert[], context: RowContext): DigestRow {
  const { alert, state } = group.lead;
  const { attempts } = policyOf(state, context.config, context.asOf);
  return {
    ...toNamedAlert(group.lead),
    referralId: alert.referralId,
    stage: state.stage,
    priority: state.priority,
    specialty: maskSpecialty(state.specialty, context.config),
    site: state.site,
    coordinatorId: group.section === 'escalated' ? ownersOf(state, context.config.directory).coordinatorId : null,
    initials: context.showInitials ? state.initials : null,
    attempts: attemptsLeft(state.attempts, attempts),
    mayCloseAsUnreachable: mayCloseAsUnreachable(state, attempts, context.asOf),
    missing: alert.kind === 'incomplete' ? [...state.missing] : [],
    acknowledged: alert.acknowledgedBy !== null,
    snoozeExpired: hasExpiredSnooze(alert, context.asOf),
    also: named.map(toNamedAlert),
    alsoMore: group.others.length - named.length,
  };
}

function toNamedAlert({ alert }: ReferralAlert): NamedAlert {
  return { kind: alert.kind, instance: alert.instance, level: alert.level, dueAt: alert.dueAt };
}

function maskSpecialty(specialty: string | null, { directory }: Config): string | null {
  if (specialty === null) return null;
  return directory.organization.sensitiveSpecialties.includes(specialty) ? SENSITIVE_SPECIALTY : specialty;
}

/** The version that the referral is held to. One that has left the configuration is replaced by today's. */
export function policyOf(state: ReferralState, { policy }: Config, asOf: Instant): PolicyVersion {
  return versionAt(policy, state.receivedAt ?? asOf);
}

/** Versions that the listed referrals are held to; of an empty mail the one in force. */
export function policyVersions(items: readonly ReferralAlert[], config: Config, asOf: Instant): string[] {
  const versions = new Set(items.flatMap(({ state }) => state.policyVersion ?? []));
  if (versions.size === 0) versions.add(versionAt(config.policy, asOf).version);
  return [...versions].sort(byCodePoint);
}

export function toRecipient({ id, name, email, timeZone }: Recipient): MailRecipient {
  return { id, name, email, timeZone };
}

/** The midnight that ends the recipient's local day. */
export function endOfLocalDay(instant: Instant, timeZone: string): Instant {
  return startOfDate(localDate(instant, timeZone).add({ days: 1 }), timeZone);
}

/**
 * Whether this is the digest that says what is said once a week: that of the first working day, or the first after it
 * where that one was not made.
 */
export function beginsWeek(recipient: Recipient, since: Instant | null, asOf: Instant): boolean {
  if (since === null || isFirstWorkingDay(asOf, recipient)) return isFirstWorkingDay(asOf, recipient);
  const { timeZone, workdays = WORKDAYS } = recipient;
  const first = WEEKDAYS.filter((day) => workdays.includes(day)).slice(0, 1);
  return digestPeriods({ timeZone, workdays: first }, since, asOf).length > 0;
}

/** An all-clear goes out on the first working day of the recipient's week, which begins on Monday. */
export function isFirstWorkingDay(instant: Instant, { timeZone, workdays = WORKDAYS }: Recipient): boolean {
  const { dayOfWeek } = localDate(instant, timeZone);
  return WEEKDAYS.find((day) => workdays.includes(day)) === WEEKDAYS[dayOfWeek - 1];
}
