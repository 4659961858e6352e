import type { UrgentAlertContent, UrgentSection } from '../contracts/mail.ts';
import type { Alert, ReferralState } from '../contracts/state.ts';
import type { AlertKind } from '../contracts/vocabulary.ts';
import {
  byPriority,
  DEFAULT_CAP,
  type DigestInput,
  groupByReferral,
  policyVersions,
  shownItems,
  toRecipient,
  toSection,
} from './digest.ts';

const URGENT_KINDS: readonly AlertKind[] = ['acceptance', 'first_attempt', 'reached', 'rebook'];
const SECTION: UrgentSection = 'urgent_breached';

/** Whether an open alert can't wait for tomorrow's digest: a breach on the way to the visit of a stat or urgent referral. */
export function isForUrgentMail(alert: Alert, state: ReferralState): boolean {
  const { priority } = state;
  if (priority !== 'urgent' && priority !== 'stat') return false;
  return alert.resolvedAt === null && alert.level !== 'at_risk' && URGENT_KINDS.includes(alert.kind);
}

/** Breaches that are not yet in an urgent mail to the recipient; the caller leaves out those that are. */
export function urgentAlert(input: Omit<DigestInput, 'since'>): UrgentAlertContent | null {
  const { recipient, period, asOf, items, config, cap = DEFAULT_CAP } = input;
  const shown = shownItems(items, asOf).filter(({ alert, state }) => isForUrgentMail(alert, state));
  if (shown.length === 0) return null;
  const groups = groupByReferral(
    shown.map((item) => ({ item, section: SECTION })),
    [SECTION],
  ).sort((a, b) => byPriority(a.lead, b.lead));
  const showInitials = config.directory.organization.identifiers === 'initials';
  return {
    kind: 'urgent_alert',
    recipient: toRecipient(recipient),
    period,
    asOf,
    policyVersions: policyVersions(shown, config, asOf),
    referrals: groups.length,
    sections: [toSection(SECTION, groups, cap, cap, { config, asOf, showInitials })],
  };
}
