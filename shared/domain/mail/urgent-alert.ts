import type { UrgentAlertContent, UrgentSection } from '../../contracts/mail.ts';
import { isForUrgentMail, isSeenTo } from '../alert/urgent.ts';
import type { DigestInput } from './digest-input.ts';
import { byPriority, draftRows, toSection } from './digest-rows.ts';
import { policyVersions } from './policy-versions.ts';
import { toMailRecipient } from './recipients.ts';
import { shownAlerts } from './shown-alerts.ts';
import { unshownIn } from './unshown.ts';

const SECTION: UrgentSection = 'urgent';

export type UrgentAlertInput = Omit<DigestInput, 'since'>;

/**
 * Alerts that can't wait for the next digest: about to be breached while something can still be done, or breached. Null:
 * there are none. The caller leaves out those that an urgent mail to the recipient has reported already.
 */
export function urgentAlert(input: UrgentAlertInput): UrgentAlertContent | null {
  const { recipient, period, asOf, alerts, config } = input;
  const shown = shownAlerts(alerts, asOf).filter(
    ({ alert, state }) => !isSeenTo(alert, asOf) && isForUrgentMail(alert, state),
  );
  if (shown.length === 0 && (input.unshown ?? []).length === 0) return null;
  const drafts = draftRows(
    shown.map((each) => ({ ...each, section: SECTION })),
    [SECTION],
  ).sort((a, b) => byPriority(a.lead, b.lead));
  const showInitials = config.directory.organization.identifiers === 'initials';
  return {
    kind: 'urgent_alert',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    policyVersions: policyVersions(shown, config, asOf),
    referrals: drafts.length,
    ...unshownIn(input),
    // Nothing is cut: what this mail doesn't name no other does.
    sections: [toSection(SECTION, drafts, drafts.length, { config, asOf, since: null, showInitials })],
  };
}
