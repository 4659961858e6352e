import type { Alert, ReferralState } from '../../contracts/state.ts';
import type { AlertKind } from '../../contracts/vocabulary.ts';

const URGENT_KINDS: readonly AlertKind[] = ['acceptance', 'first_attempt', 'reached', 'rebook'];

/** Whether an open alert can't wait for tomorrow's digest: a breach on the way to the visit of a stat or urgent referral. */
export function isForUrgentMail(alert: Alert, state: ReferralState): boolean {
  const { priority } = state;
  if (priority !== 'urgent' && priority !== 'stat') return false;
  return alert.resolvedAt === null && alert.level !== 'at_risk' && URGENT_KINDS.includes(alert.kind);
}
