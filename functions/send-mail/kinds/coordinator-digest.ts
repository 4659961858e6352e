import { visitToRebook } from '../../../shared/domain/alert/listed.ts';
import { rowsFor } from '../../../shared/domain/mail/caps.ts';
import { type CoordinatorDigestInput, coordinatorDigest } from '../../../shared/domain/mail/coordinator-digest.ts';
import { memoryOf } from '../../../shared/domain/mail/stood.ts';
import { referralsOf, withoutReferrals } from '../../../shared/domain/mail/unshown.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { previousMail } from '../digest-sequence.ts';
import { alertsSince, escalatedAlerts, ownReferrals, unlistedAsides } from '../referral-alerts.ts';
import type { GatherContext, Kind } from './kind.ts';

async function gather(job: MailJob, context: GatherContext): Promise<CoordinatorDigestInput> {
  const { recipient, config, asOf } = context;
  const { since, last, hasLast } = await previousMail('coordinator_digest', job, recipient, context);
  const own = await ownReferrals({ role: 'coordinator', id: recipient.id }, context);
  const escalated = await escalatedAlerts(recipient.id, context);
  return {
    recipient,
    period: job.period,
    asOf,
    since,
    hasLast,
    memory: last === null ? new Map() : memoryOf(last),
    config,
    alerts: alertsSince(own, since, context),
    toRebook: own.map(({ state }) => state).filter((state) => visitToRebook(state) !== null),
    escalated,
    unshown: await unlistedAsides(recipient.id, own, context),
    ...rowsFor(recipient.id, config.directory),
  };
}

export const coordinatorDigestKind: Kind<'coordinator_digest', CoordinatorDigestInput> = {
  gather,
  decide: coordinatorDigest,
  referralsOf,
  without: withoutReferrals,
  isSupersededByNext: true,
};
