import type { Instant } from '../../../shared/contracts/instant.ts';
import { isSeenTo } from '../../../shared/domain/alert/urgent.ts';
import type { ReferralAlert } from '../../../shared/domain/mail/digest-input.ts';
import { referralsOf, withoutReferrals } from '../../../shared/domain/mail/unshown.ts';
import { type UrgentAlertInput, urgentAlert } from '../../../shared/domain/mail/urgent-alert.ts';
import { coordinatorOf } from '../../../shared/domain/referral/owners.ts';
import { forEach } from '../../../shared/platform/concurrency.ts';
import { LastingError } from '../../../shared/platform/lasting-error.ts';
import { unpackAlerts } from '../../../shared/store/alert-record.ts';
import type { MailJob, UrgentRef } from '../../../shared/store/mail-store.ts';
import type { StoredAlert, StoredReferral } from '../../../shared/store/referral-store.ts';
import { setAsideUnlessAll } from '../../../shared/store/set-aside-store.ts';
import { giveBackUrgent, settleUrgent } from '../../../shared/store/urgent-mail.ts';
import type { GatherContext, GatherDeps, Kind } from './kind.ts';

const REFERRALS_AT_ONCE = 4;

/** Unlike the other kinds this one writes: it claims each alert, so that of several mails only one reports it. */
async function gather(job: MailJob, context: GatherContext): Promise<UrgentAlertInput> {
  const { recipient, config, asOf } = context;
  const byReferral = Map.groupBy(job.urgent, ({ referralId }) => referralId);
  const claimed = await forEach(byReferral, REFERRALS_AT_ONCE, ([id, refs]) => claimUrgent(id, refs, job, context));
  return { recipient, period: job.period, asOf, config, alerts: claimed.flat() };
}

/**
 * The alerts of a referral that this mail reports: those that it was planned for, that are still their recipient's, that
 * nobody has seen to meanwhile and that no other mail has claimed. An alert that was claimed before a crash still belongs
 * to this mail.
 */
async function claimUrgent(
  referralId: string,
  refs: readonly UrgentRef[],
  { mailId, personId }: MailJob,
  { config, asOf, referrals, backoff, aside }: GatherContext,
): Promise<ReferralAlert[]> {
  const mark = `mail:${mailId}` as const;
  const planned = new Set(refs.map(episodeOf));
  const isPlanned = ({ alert }: StoredAlert, { state }: StoredReferral): boolean =>
    planned.has(episodeOf(alert)) && coordinatorOf(state, config.directory) === personId && !isSeenTo(alert, asOf);
  const claim = (alert: StoredAlert, stored: StoredReferral) => (isPlanned(alert, stored) ? mark : null);
  let stored: StoredReferral | null;
  try {
    stored = await settleUrgent(referralId, claim, { referrals, backoff, to: personId });
  } catch (error) {
    if (!(error instanceof LastingError)) throw error;
    aside(referralId, error);
    return [];
  }
  if (stored === null) return [];
  const { state } = stored;
  return unpackAlerts(stored)
    .filter((item) => item.urgentMail?.is === mark && isPlanned(item, stored))
    .map(({ alert }) => ({ alert, state }));
}

/** What this mail has claimed waits again, so that it is planned for whoever gets it then. */
async function giveBack({ mailId, urgent }: MailJob, now: Instant, deps: GatherDeps): Promise<void> {
  const referralIds = new Set(urgent.map(({ referralId }) => referralId));
  const bad = new Map<string, LastingError>();
  await forEach(referralIds, REFERRALS_AT_ONCE, async (id) => {
    try {
      await giveBackUrgent(id, mailId, deps);
    } catch (error) {
      if (!(error instanceof LastingError)) throw error;
      bad.set(id, error);
    }
  });
  const succeeded = referralIds.size - bad.size;
  const blameless = await setAsideUnlessAll(bad, succeeded, { by: 'send-mail', now }, deps);
  if (blameless.length > 0) throw new AggregateError(blameless, 'all failed');
}

/** Identifies an alert's episode within its referral: a new episode is mailed again. */
const episodeOf = ({ kind, instance, since }: Pick<UrgentRef, 'kind' | 'instance' | 'since'>): string =>
  `${kind} ${instance} ${since}`;

export const urgentAlertKind: Kind<'urgent_alert', UrgentAlertInput> = {
  gather,
  decide: urgentAlert,
  referralsOf,
  without: withoutReferrals,
  isSupersededByNext: false,
  giveBack,
};
