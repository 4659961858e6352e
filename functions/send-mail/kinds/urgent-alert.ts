import type { Instant } from '../../../shared/contracts/instant.ts';
import { type UrgentAlertInput, urgentAlert } from '../../../shared/domain/mail/urgent-alert.ts';
import { forEach } from '../../../shared/platform/concurrency.ts';
import { retryOnConflict } from '../../../shared/store/conditional-write.ts';
import type { MailJob, UrgentRef } from '../../../shared/store/mail-store.ts';
import type { StoredAlert, UrgentMail } from '../../../shared/store/referral-store.ts';
import { withStates } from '../referral-alerts.ts';
import type { GatherContext, Kind } from './kind.ts';

const REFERRALS_AT_ONCE = 4;

/** Unlike the other kinds this one writes: it claims each alert, so that of several mails only one reports it. */
async function gather(job: MailJob, context: GatherContext): Promise<UrgentAlertInput> {
  const { recipient, config, asOf, referrals } = context;
  const referralIds = [...new Set(job.urgent.map(({ referralId }) => referralId))];
  const claimed = await forEach(referralIds, REFERRALS_AT_ONCE, (id) => claimUrgent(id, job, context));
  return { recipient, period: job.period, asOf, config, alerts: await withStates(claimed.flat(), referrals) };
}

/**
 * The alerts of a referral that this mail reports: those that it was planned for, that are still their recipient's and
 * that no other mail has claimed. An alert that was claimed before a crash still belongs to this mail.
 */
async function claimUrgent(
  referralId: string,
  { mailId, personId, urgent }: MailJob,
  { referrals, backoff }: Pick<GatherContext, 'referrals' | 'backoff'>,
): Promise<StoredAlert[]> {
  const mark: UrgentMail = `mail:${mailId}`;
  const isPlanned = ({ alert, coordinatorId }: StoredAlert): boolean =>
    coordinatorId === personId &&
    urgent.some((ref) => ref.referralId === referralId && episodeOf(ref) === episodeOf(alert));
  const load = async (): Promise<StoredAlert[]> => (await referrals.loadAlerts(referralId)).alerts.filter(isPlanned);
  const isPending = ({ urgentMail }: StoredAlert): boolean => urgentMail === 'pending';
  const isClaimed = ({ urgentMail }: StoredAlert): boolean => urgentMail === mark;
  return retryOnConflict('an alert', backoff, async () => {
    const pending = (await load()).filter(isPending);
    await Promise.all(pending.map((stored) => referrals.settleUrgent(stored, mark)));
    // Read again, whether or not these writes succeeded: what a rival wrote meanwhile decides.
    const planned = await load();
    return planned.some(isPending) ? 'conflict' : planned.filter(isClaimed);
  });
}

/** Identifies an alert's episode within its referral: a new episode is mailed again. */
const episodeOf = ({
  kind,
  instance,
  openedAt,
}: Pick<UrgentRef, 'kind' | 'instance'> & { openedAt: Instant | null }): string => `${kind} ${instance} ${openedAt}`;

export const urgentAlertKind: Kind<'urgent_alert', UrgentAlertInput> = {
  gather,
  decide: urgentAlert,
  isSupersededByNext: false,
};
