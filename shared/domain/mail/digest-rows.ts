import type { Config } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { DigestRow, DigestSection, NamedAlert, RowMarks, RowState, SectionContent } from '../../contracts/mail.ts';
import type { ReferralState } from '../../contracts/state.ts';
import {
  ALERT_KINDS,
  type AlertKind,
  CLOCK_KINDS,
  type ClockKind,
  PRIORITIES,
  type Priority,
} from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';
import { attemptsLeft, mayCloseAsUnreachable } from '../referral/attempts.ts';
import { isCoarse } from './coarse.ts';
import type { ReferralAlert } from './digest-input.ts';
import { officeUpdateOf } from './office-update.ts';
import { policyOf } from './policy-versions.ts';
import { isSensitive, SENSITIVE_SPECIALTY } from './sensitive-specialty.ts';
import { isSince } from './shown-alerts.ts';
import { isNews, type Memory } from './stood.ts';

/** From alerts to the rows of a section, one for each referral. */

/** An alert with the section that it belongs to. */
export interface InSection<S extends DigestSection> extends ReferralAlert {
  section: S;
}

/** A row before it is cut to what there is room for: the alert that leads it, then the referral's others. */
export interface RowDraft<S extends DigestSection> {
  section: S;
  lead: ReferralAlert;
  others: ReferralAlert[];
}

/**
 * One row for each referral, however many of its alerts are open. It stands in the first section that any of them
 * belongs to, is led by the most pressing alert there, and names the others.
 * @param order the sections as they are read
 */
export function draftRows<S extends DigestSection>(
  alerts: readonly InSection<S>[],
  order: readonly S[],
): RowDraft<S>[] {
  const byReferral = Map.groupBy(alerts, ({ alert }) => alert.referralId);
  return [...byReferral.values()].flatMap((own) => {
    const [lead, ...others] = own.sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section) || byDue(a, b));
    return lead ? [{ section: lead.section, lead, others }] : [];
  });
}

/** Oldest due first; among equals a clock before the other kinds. */
export function byDue(a: ReferralAlert, b: ReferralAlert): number {
  return (
    a.alert.dueAt - b.alert.dueAt ||
    byCodePoint(a.alert.referralId, b.alert.referralId) ||
    leadRank(a.alert.kind) - leadRank(b.alert.kind) ||
    a.alert.instance - b.alert.instance
  );
}

/**
 * Among a referral's alerts that are due together, what the recipient can do comes first: acceptance waits for the
 * specialty, calling the patient doesn't.
 */
const leadRank = (kind: AlertKind): number =>
  kind === 'acceptance' ? CLOCK_KINDS.length - 0.5 : ALERT_KINDS.indexOf(kind);

/** Whether a kind of alert is about a promised interval. */
export const isClockKind = (kind: AlertKind): kind is ClockKind => (CLOCK_KINDS as readonly AlertKind[]).includes(kind);

/** Stat first, then asap, urgent, unknown, routine; among equals the oldest due first. */
export function byPriority(a: ReferralAlert, b: ReferralAlert): number {
  return priorityRank(a.state.priority) - priorityRank(b.state.priority) || byDue(a, b);
}

/** Least first: stat, asap, urgent, unknown, routine. What nobody knows the priority of may be urgent. */
export function priorityRank(priority: Priority | null): number {
  return ORDER.indexOf(priority);
}

const ORDER: readonly (Priority | null)[] = [
  ...PRIORITIES.toReversed().filter((each) => each !== 'routine'),
  null,
  'routine',
];

/** What a row is made from besides its draft. */
export interface RowContext {
  config: Config;
  asOf: Instant;
  /** `asOf` of the reader's last digest; null: the mail doesn't compare itself with one. */
  since: Instant | null;
  /** What that digest remembers. Absent: nothing. */
  memory?: Memory;
  showInitials: boolean;
}

const NOTHING: Memory = new Map();

/** A section of the first rows. */
export function toSection<S extends DigestSection>(
  section: S,
  drafts: readonly RowDraft<S>[],
  limit: number,
  context: RowContext,
): SectionContent<S> {
  const rows = drafts
    .slice(0, limit)
    .map(({ lead: { alert, state }, others }) =>
      toRow(state, toNamedAlert({ alert, state }, context), [{ alert, state }, ...others], context),
    );
  return { section, rows, more: Math.max(0, drafts.length - limit) };
}

/**
 * A row.
 * @param lead the alert that leads it
 * @param shown the referral's alerts that the reader may see
 * @param over what only some mails say of a row
 */
export function toRow(
  state: ReferralState,
  lead: NamedAlert,
  shown: readonly ReferralAlert[],
  context: RowContext,
  over: { state?: RowState; coordinatorId?: string | null } = {},
): DigestRow {
  const { config, asOf, since, memory = NOTHING, showInitials } = context;
  const { attempts } = policyOf(state, config, asOf);
  const mayClose = mayCloseAsUnreachable(state, attempts, asOf);
  // What the reader is asked to do may be to tell the office, or to close the referral, of which it is told.
  const isForOffice =
    lead.kind === 'referrer_update' || lead.kind === 'reroute' || state.stage === 'to_close' || mayClose;
  const others = shown.filter(({ alert }) => alert.kind !== lead.kind || alert.instance !== lead.instance);
  return {
    ...lead,
    referralId: state.referralId,
    stage: state.stage,
    priority: state.priority,
    specialty: maskSpecialty(state.specialty, config),
    site: state.site,
    coordinatorId: over.coordinatorId ?? null,
    initials: showInitials ? state.initials : null,
    attempts: attemptsLeft(state.attempts, attempts),
    mayCloseAsUnreachable: mayClose,
    missing: shown.some(({ alert }) => alert.kind === 'incomplete') ? [...state.missing] : [],
    wrongNumber: state.lastNumberWrong,
    state: over.state ?? null,
    marks: marksOf(state, shown, context),
    newlyEscalated:
      since !== null &&
      shown.some(({ alert }) => isNews(alert.escalatedAt, alert, 'escalated', { since, asOf, memory })),
    ...(isForOffice && { officeUpdate: officeUpdateOf(state, config.directory) }),
    also: others.map((other) => toNamedAlert(other, context)),
  };
}

/** An alert as a row names it. */
export function toNamedAlert({ alert, state }: ReferralAlert, { asOf }: Pick<RowContext, 'asOf'>): NamedAlert {
  const { kind, instance, level, dueAt } = alert;
  return { kind, instance, level, dueAt, coarse: isCoarse(alert, state, asOf) };
}

/** What a row is marked with; whether a snooze has ended since, or it was reopened, only for who had a digest before. */
function marksOf(
  { reopenedAt }: ReferralState,
  shown: readonly ReferralAlert[],
  { config, since, asOf }: RowContext,
): RowMarks {
  const latest = shown
    .map(({ alert }) => alert)
    .filter(({ acknowledgedBy }) => acknowledgedBy !== null)
    .toSorted((a, b) => (b.acknowledgedAt ?? 0) - (a.acknowledgedAt ?? 0))[0];
  const person = config.directory.people.find(({ id }) => id === latest?.acknowledgedBy);
  return {
    acknowledged: latest ? { by: person?.id ?? null, at: latest.acknowledgedAt } : null,
    snoozeOver: since !== null && shown.some(({ alert }) => isSince(alert.snoozedUntil, since, asOf)),
    reopened: since !== null && isSince(reopenedAt, since, asOf),
  };
}

function maskSpecialty(specialty: string | null, { directory }: Config): string | null {
  if (specialty === null) return null;
  return isSensitive(specialty, directory) ? SENSITIVE_SPECIALTY : specialty;
}
