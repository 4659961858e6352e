import {
  LIAISON_SECTIONS,
  type LiaisonDigestContent,
  type LiaisonSection,
  type PracticeChangeContent,
} from '../../contracts/mail.ts';
import type { PracticeFacts } from '../../contracts/practice.ts';
import { mayCloseAsUnreachable } from '../referral/attempts.ts';
import { DEFAULT_CAP } from './caps.ts';
import type { DigestInput, ReferralAlert } from './digest-input.ts';
import { draftRows } from './digest-rows.ts';
import { draftPractices, toPractices } from './liaison-practices.ts';
import { policyOf, policyVersions } from './policy-versions.ts';
import { toMailRecipient } from './recipients.ts';
import { countSnoozed, resolvedSince, shownAlerts } from './shown-alerts.ts';
import { unshownIn } from './unshown.ts';
import { beginsWeek } from './working-days.ts';

export interface LiaisonDigestInput extends DigestInput {
  /** The reader has had a digest in the last weeks. */
  hasLast: boolean;
  /** What is known of the liaison's practices besides their referrals. */
  practices: readonly PracticeFacts[];
  /** Once a week: the liaison's practices whose referrals have changed, and how many more there are. */
  practiceChanges?: PracticeChangeContent[];
  morePracticeChanges?: number;
  /** Keep the rows that are left out, for a file of all rows. */
  keepsCutRows?: boolean;
}

/** What to talk about with each referring practice. Null: there is nothing to say today. */
export function liaisonDigest(input: LiaisonDigestInput): LiaisonDigestContent | null {
  const {
    recipient,
    period,
    asOf,
    since,
    alerts,
    config,
    cap = DEFAULT_CAP,
    keepsCutRows = false,
    hasLast,
    practiceChanges = [],
    morePracticeChanges = 0,
  } = input;
  const listed = shownAlerts(alerts, asOf).flatMap((shown) => {
    const section = sectionOf(shown, input);
    return section === null ? [] : [{ ...shown, section }];
  });
  const rows = draftRows(listed, LIAISON_SECTIONS);
  const drafts = draftPractices(rows, input.practices, asOf);
  const isNothing = drafts.length === 0 && practiceChanges.length === 0;
  const allClear = isNothing && (input.unshown ?? []).length === 0;
  if (allClear && !beginsWeek(recipient, hasLast ? since : null, period)) return null;
  const practices = toPractices(drafts, cap, { config, asOf, since, showInitials: false, keepsCutRows });
  return {
    kind: 'liaison_digest',
    recipient: toMailRecipient(recipient),
    period,
    asOf,
    since,
    hasLast,
    policyVersions: policyVersions(listed, config, asOf),
    referrals: rows.length,
    ...unshownIn(input),
    ...practices,
    practiceChanges,
    morePracticeChanges,
    resolvedSince: resolvedSince(alerts, since, asOf).length,
    snoozed: countSnoozed(alerts, asOf),
    allClear,
  };
}

/**
 * The section of one alert; null if it is not the liaison's. An office that waits for news and a declined referral are
 * the liaison's own work, so they show while still at risk. Late notes and waits are others' work, which the liaison
 * has to be able to explain, so they show once the promise is broken.
 */
function sectionOf({ alert, state }: ReferralAlert, { config, asOf }: LiaisonDigestInput): LiaisonSection | null {
  const late = alert.level !== 'at_risk';
  switch (alert.kind) {
    case 'referrer_update':
      return 'office_not_told';
    case 'reroute':
      return 'declined_not_rerouted';
    case 'note':
      return late ? 'late_notes' : null;
    case 'reached':
    case 'scheduled':
    case 'visit':
      if (mayCloseAsUnreachable(state, policyOf(state, config, asOf).attempts, asOf)) return 'unreachable';
      return late && alert.kind !== 'reached' ? 'long_waits' : null;
    case 'acceptance':
    case 'first_attempt':
    case 'rebook':
    case 'acknowledge':
    case 'attendance_unknown':
    case 'silence':
    case 'unassigned':
    case 'orphan':
    case 'incomplete':
    case 'booked_late':
    case 'callback':
    case 'news_after_end':
      return null;
  }
}
