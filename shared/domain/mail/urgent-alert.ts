import type { UrgentAlertContent, UrgentSection } from '../../contracts/mail.ts';
import { isForUrgentMail } from '../alert/urgent.ts';
import {
  byPriority,
  DEFAULT_CAP,
  type DigestInput,
  draftRows,
  policyVersions,
  shownAlerts,
  toRecipient,
  toSection,
} from './digest-rows.ts';

const SECTION: UrgentSection = 'urgent_breached';

export type UrgentAlertInput = Omit<DigestInput, 'since'>;

/** Breaches that are not yet in an urgent mail to the recipient; the caller leaves out those that are. */
export function urgentAlert(input: UrgentAlertInput): UrgentAlertContent | null {
  const { recipient, period, asOf, alerts: items, config, cap = DEFAULT_CAP } = input;
  const shown = shownAlerts(items, asOf).filter(({ alert, state }) => isForUrgentMail(alert, state));
  if (shown.length === 0) return null;
  const groups = draftRows(
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
