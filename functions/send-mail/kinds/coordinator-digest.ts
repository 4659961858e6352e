import { type CoordinatorDigestInput, coordinatorDigest } from '../../../shared/domain/mail/coordinator-digest.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { previousAsOf } from '../digest-sequence.ts';
import { escalatedAlerts, ownAlerts } from '../referral-alerts.ts';
import type { GatherContext, Kind } from './kind.ts';

async function gather(job: MailJob, context: GatherContext): Promise<CoordinatorDigestInput> {
  const { recipient, config, asOf, mails } = context;
  const since = await previousAsOf(job, recipient, mails);
  const alerts = await ownAlerts({ role: 'coordinator', id: recipient.id }, since, context);
  const escalated = await escalatedAlerts(recipient.id, context);
  return { recipient, period: job.period, asOf, since, config, alerts, escalated };
}

export const coordinatorDigestKind: Kind<'coordinator_digest', CoordinatorDigestInput> = {
  gather,
  decide: coordinatorDigest,
  isSupersededByNext: true,
};
