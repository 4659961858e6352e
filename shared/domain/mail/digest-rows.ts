import type { Config } from '../../contracts/config.ts';
import type { Instant } from '../../contracts/instant.ts';
import type { DigestRow, DigestSection, NamedAlert, SectionContent } from '../../contracts/mail.ts';
import { ALERT_KINDS, type AlertKind, PRIORITIES, type Priority } from '../../contracts/vocabulary.ts';
import { byCodePoint } from '../code-point.ts';
import { attemptsLeft, mayCloseAsUnreachable } from '../referral/attempts.ts';
import { ownersOf } from '../referral/owners.ts';
import type { ReferralAlert } from './digest-input.ts';
import { officeUpdateOf } from './office-update.ts';
import { policyOf } from './policy-versions.ts';
import { isSensitive, SENSITIVE_SPECIALTY } from './sensitive-specialty.ts';
import { hasExpiredSnooze } from './shown-alerts.ts';

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
 * Among a referral's alerts that are due together, what the recipient can do comes first: acceptance waits for the
 * specialty, calling the patient doesn't.
 */
const leadRank = (kind: AlertKind): number => (kind === 'acceptance' ? ALERT_KINDS.length : ALERT_KINDS.indexOf(kind));

/** Stat first, then asap, urgent, routine; among equals the oldest due first. */
export function byPriority(a: ReferralAlert, b: ReferralAlert): number {
  return rank(b.state.priority) - rank(a.state.priority) || byDue(a, b);
}

const rank = (priority: Priority | null): number => (priority === null ? -1 : PRIORITIES.indexOf(priority));

/** What a row is made from besides its draft. */
export interface RowContext {
  config: Config;
  asOf: Instant;
  showInitials: boolean;
}

/**
 * The first rows as a section.
 * @param limit most rows
 * @param room how many alerts, leads included, the section may name
 */
export function toSection<S extends DigestSection>(
  section: S,
  drafts: readonly RowDraft<S>[],
  limit: number,
  room: number,
  context: RowContext,
): SectionContent<S> {
  const shown = drafts.slice(0, limit);
  let left = Math.max(0, room - shown.length);
  const rows = shown.map((draft) => {
    const named = draft.others.slice(0, left);
    left -= named.length;
    return toRow(draft, named, context);
  });
  return { section, rows, more: drafts.length - shown.length };
}

function toRow(
  { section, lead, others }: RowDraft<DigestSection>,
  named: readonly ReferralAlert[],
  { config, asOf, showInitials }: RowContext,
): DigestRow {
  const { alert, state } = lead;
  const { attempts } = policyOf(state, config, asOf);
  return {
    ...toNamedAlert(lead),
    referralId: alert.referralId,
    stage: state.stage,
    priority: state.priority,
    specialty: maskSpecialty(state.specialty, config),
    site: state.site,
    coordinatorId: section === 'escalated' ? ownersOf(state, config.directory).coordinatorId : null,
    initials: showInitials ? state.initials : null,
    attempts: attemptsLeft(state.attempts, attempts),
    mayCloseAsUnreachable: mayCloseAsUnreachable(state, attempts, asOf),
    missing: alert.kind === 'incomplete' ? [...state.missing] : [],
    ...(alert.kind === 'referrer_update' && { officeUpdate: officeUpdateOf(state, config.directory) }),
    acknowledged: alert.acknowledgedBy !== null,
    snoozeExpired: hasExpiredSnooze(alert, asOf),
    also: named.map(toNamedAlert),
    alsoMore: others.length - named.length,
  };
}

export function toNamedAlert({ alert }: ReferralAlert): NamedAlert {
  return { kind: alert.kind, instance: alert.instance, level: alert.level, dueAt: alert.dueAt };
}

function maskSpecialty(specialty: string | null, { directory }: Config): string | null {
  if (specialty === null) return null;
  return isSensitive(specialty, directory) ? SENSITIVE_SPECIALTY : specialty;
}
