import type { Directory } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { isSeenTo } from '../../shared/domain/alert/urgent.ts';
import { urgentPeriod } from '../../shared/domain/mail/schedule.ts';
import { coordinatorOf } from '../../shared/domain/referral/owners.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { ConfigInForce } from '../../shared/store/config-store.ts';
import type { MailJob, UrgentRef } from '../../shared/store/mail-store.ts';
import type { ReferralStore, StoredReferral } from '../../shared/store/referral-store.ts';
import { type SetAsideStore, setAsideUnlessAll } from '../../shared/store/set-aside-store.ts';
import { newJob } from './new-job.ts';

interface Deps {
  referrals: ReferralStore;
  setAsides: SetAsideStore;
  log: Log;
}

const REFERRALS_AT_ONCE = 16;
/** Alerts in one urgent mail: it names all of them, and mail programs cut off what is longer than some 100 KB. */
export const MOST_URGENT = 200;

/**
 * Urgent mails for the alerts that wait and that no mail of the last days brings to their recipient: one for each
 * recipient, more if it would name too many. An alert that is nobody's any more waits until it is somebody's or detection
 * takes it off.
 * @param known the mails of the last days
 * @param unread gets what went wrong with a referral and may not the next time: it holds up no other
 */
export async function urgentJobs(
  { config: { directory }, pushedAt }: Pick<ConfigInForce, 'config' | 'pushedAt'>,
  now: Instant,
  { referrals, known, ...deps }: Deps & { known: Promise<readonly MailJob[]> },
  unread: unknown[],
): Promise<MailJob[]> {
  // An alert in a planned mail stays pending until the sender claims it: if that never comes, it is planned again.
  const referralIds = await referrals.pendingUrgent();
  const bad = new Map<string, LastingError>();
  const pending = await settleEach(referralIds, REFERRALS_AT_ONCE, async (referralId) => {
    try {
      const stored = await referrals.load(referralId);
      return stored === null ? [] : pendingRefs(stored, directory, now);
    } catch (error) {
      if (!(error instanceof LastingError)) throw error;
      bad.set(referralId, error);
      return [];
    }
  });
  const waiting = pending.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  for (const [index, referralId] of referralIds.entries()) {
    const result = pending[index];
    if (result?.status !== 'rejected') continue;
    await logFailure(deps.log, 'REFERRAL_FAILED', result.reason, { referralId });
    unread.push(result.reason);
  }
  const read = pending.filter(({ status }) => status === 'fulfilled').length - bad.size;
  // That it can't be noted holds up no mail either: the next run meets the same.
  const noted = setAsideUnlessAll(bad, read, { by: 'plan-mail', now }, deps);
  unread.push(...(await noted.catch((error: unknown) => [error])));
  if (waiting.length === 0) return [];
  const bringing = (await known).filter((mail) => bringsItsAlerts(mail, pushedAt));
  const mailed = new Set(bringing.flatMap(({ personId, urgent }) => urgent.map((ref) => refKey(personId, ref))));
  const byRecipient = Map.groupBy(
    waiting.filter(({ personId, ref }) => !mailed.has(refKey(personId, ref))),
    ({ personId }) => personId,
  );
  return [...byRecipient].flatMap(([personId, refs]) =>
    urgentMails(
      personId,
      refs.map(({ ref }) => ref),
      now,
    ),
  );
}

/**
 * Whether an urgent mail brings, or may yet bring, its alerts to its recipient. One that came to nothing doesn't; but
 * somebody whom the configuration in force gave no deliverable address is mailed again only under the next one, not at
 * every run.
 */
function bringsItsAlerts({ status, dueAt }: MailJob, pushedAt: Instant): boolean {
  switch (status) {
    case 'planned':
    case 'queued':
    case 'claimed':
    case 'sent':
      return true;
    // It has its alerts, as if it had been sent; once it is released its sender gives back those that are still open.
    case 'held':
      return true;
    case 'undeliverable':
      return dueAt >= pushedAt;
    case 'empty':
    case 'superseded':
      return false;
  }
}

/** A referral's alerts that wait for an urgent mail, and to whom it goes. */
function pendingRefs(
  stored: StoredReferral,
  directory: Directory,
  now: Instant,
): { personId: string; ref: UrgentRef }[] {
  const personId = coordinatorOf(stored.state, directory);
  if (personId === null) return [];
  return unpackAlerts(stored)
    .filter(({ alert, urgentMail }) => urgentMail?.is === 'pending' && !isSeenTo(alert, now))
    .map(({ alert: { referralId, kind, instance, since } }) => ({
      personId,
      ref: { referralId, kind, instance, since },
    }));
}

function urgentMails(personId: string, refs: readonly UrgentRef[], now: Instant): MailJob[] {
  const count = Math.ceil(refs.length / MOST_URGENT);
  return Array.from({ length: count }, (_, index) => {
    const { period, dueAt } = urgentPeriod(now);
    const part = index === 0 ? period : `${period}#${index + 1}`;
    const urgent = refs.slice(index * MOST_URGENT, (index + 1) * MOST_URGENT);
    return { ...newJob('urgent_alert', personId, { period: part, dueAt }), urgent };
  });
}

/** Identifies an alert's episode in the mail of one person. */
const refKey = (personId: string, { referralId, kind, instance, since }: UrgentRef): string =>
  JSON.stringify([personId, referralId, kind, instance, since]);
