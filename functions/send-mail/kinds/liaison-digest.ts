import type { LiaisonDigestContent } from '../../../shared/contracts/mail.ts';
import { rowsFor } from '../../../shared/domain/mail/caps.ts';
import { type LiaisonDigestInput, liaisonDigest } from '../../../shared/domain/mail/liaison-digest.ts';
import { referralsOf, withoutReferrals } from '../../../shared/domain/mail/unshown.ts';
import { beginsWeek } from '../../../shared/domain/mail/working-days.ts';
import { changedPractices, MOST_CHANGES, withCauses } from '../../../shared/domain/practice/changes.ts';
import { forEach } from '../../../shared/platform/concurrency.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import type { OnUnreadable } from '../../../shared/store/referral-store.ts';
import { previousMail } from '../digest-sequence.ts';
import { currentReferrals, ownAlerts } from '../referral-alerts.ts';
import type { GatherContext, Kind } from './kind.ts';

const PRACTICES_AT_ONCE = 8;

async function gather(job: MailJob, context: GatherContext): Promise<LiaisonDigestInput> {
  const { recipient, config, asOf, practices: practiceStore } = context;
  const { since, hasLast } = await previousMail('liaison_digest', job, recipient, context);
  const alerts = await ownAlerts({ role: 'liaison', id: recipient.id }, since, context);
  const own = config.directory.practices.filter(({ liaisonId }) => liaisonId === recipient.id).map(({ id }) => id);
  const named = alerts.flatMap(({ state }) => state.practiceId ?? []);
  const practices = await practiceStore.facts([...new Set([...own, ...named])], context.unread);
  const changes = beginsWeek(recipient, since, job.period) ? await changesOf(own, context) : {};
  return {
    recipient,
    period: job.period,
    asOf,
    since,
    hasLast,
    config,
    alerts,
    practices,
    ...changes,
    ...rowsFor(recipient.id, config.directory),
  };
}

/** Which of the given practices have changed, and what on our side may be why. Reads the referrals of those only. */
async function changesOf(
  practiceIds: readonly string[],
  context: GatherContext,
): Promise<Pick<LiaisonDigestContent, 'practiceChanges' | 'morePracticeChanges'>> {
  const { asOf, config, referrals, aside } = context;
  // Of one whose place in the index can't be read, the mail shows all but that it was received.
  const onUnreadable: OnUnreadable = (referralId, error) => aside(referralId, error, { isShown: true });
  const received = new Map(
    await forEach(
      practiceIds,
      PRACTICES_AT_ONCE,
      async (id) => [id, await referrals.receivedFrom(id, onUnreadable)] as const,
    ),
  );
  const changed = changedPractices({ asOf, timeZone: config.directory.organization.timeZone, received });
  const shown = changed.slice(0, MOST_CHANGES);
  const sent = await currentReferrals(
    shown.flatMap(({ lookInto }) => lookInto),
    context,
  );
  const states = new Map(sent.map(({ state }) => [state.referralId, state]));
  return {
    practiceChanges: shown.map((practice) => withCauses(practice, states, asOf)),
    morePracticeChanges: changed.length - shown.length,
  };
}

export const liaisonDigestKind: Kind<'liaison_digest', LiaisonDigestInput> = {
  gather,
  decide: liaisonDigest,
  referralsOf,
  without: withoutReferrals,
  isSupersededByNext: true,
};
