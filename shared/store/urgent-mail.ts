import type { Backoff } from '../platform/backoff.ts';
import { packAlerts, unpackAlerts } from './alert-record.ts';
import { retryOnConflict } from './conditional-write.ts';
import type { ReferralStore, StoredAlert, StoredReferral } from './referral-store.ts';

/**
 * Settles where the pending alerts of a referral stand with urgent mail.
 * @param settle what becomes of an alert that is pending; null: it stays pending
 * @param deps `to`: whose mail it is, if that is another than detection had in mind
 * @returns the referral as it is stored after that. Null: there is none
 * @throws ConflictError if others wrote the referral too many times
 */
export function settleUrgent(
  referralId: string,
  settle: (alert: StoredAlert, stored: StoredReferral) => `mail:${string}` | null,
  { referrals, backoff, to }: { referrals: ReferralStore; backoff: Backoff; to?: string },
): Promise<StoredReferral | null> {
  const settled = (item: StoredAlert, stored: StoredReferral): StoredAlert => {
    const { urgentMail } = item;
    const is = urgentMail?.is === 'pending' ? settle(item, stored) : null;
    return urgentMail === null || is === null
      ? item
      : { ...item, urgentMail: { ...urgentMail, to: to ?? urgentMail.to, is } };
  };
  return changeAlerts(referralId, settled, { referrals, backoff });
}

/**
 * Gives back the alerts of a referral that a mail has claimed, because it came to nothing: they wait for an urgent mail
 * again. What was resolved meanwhile stays as it is.
 * @throws ConflictError if others wrote the referral too many times
 */
export async function giveBackUrgent(
  referralId: string,
  mailId: string,
  deps: { referrals: ReferralStore; backoff: Backoff },
): Promise<void> {
  const given = (item: StoredAlert): StoredAlert => {
    const { alert, urgentMail } = item;
    if (urgentMail?.is !== `mail:${mailId}` || alert.resolvedAt !== null) return item;
    return { ...item, urgentMail: { ...urgentMail, is: 'pending' } };
  };
  await changeAlerts(referralId, given, deps);
}

/**
 * Changes where the alerts of a referral stand with urgent mail. What `change` returns as it was isn't written.
 * @returns the referral as it is stored after that. Null: there is none
 * @throws ConflictError if others wrote the referral too many times
 */
export function changeAlerts(
  referralId: string,
  change: (alert: StoredAlert, stored: StoredReferral) => StoredAlert,
  { referrals, backoff }: { referrals: ReferralStore; backoff: Backoff },
): Promise<StoredReferral | null> {
  return retryOnConflict('a referral', backoff, async () => {
    const stored = await referrals.load(referralId);
    if (stored === null) return null;
    const before = unpackAlerts(stored);
    const after = before.map((item) => change(item, stored));
    const alerts = after.every((item, index) => item === before[index]) ? null : packAlerts(after);
    if (alerts === null) return stored;
    const urgent = after.some(({ urgentMail }) => urgentMail?.is === 'pending');
    const written = await referrals.settleUrgent(stored, alerts, urgent);
    if (written === 'conflict') return 'conflict';
    return { ...stored, alerts, listed: { ...stored.listed, urgent }, version: stored.version + 1 };
  });
}
