import type { ReferralRow } from '../../shared/contracts/output.ts';
import type { ReadOut } from '../pipeline/read-out.ts';

const ENDED = ['closed', 'loop_closed', 'voided', 'awaiting_referral'];

/** Whether a referral has been received and not ended. */
export const isOpen = ({ stage }: Pick<ReferralRow, 'stage'>): boolean => !ENDED.includes(stage);

/**
 * The open referral in a mail with the most to explain: an open breach counts most, then a pause, clocks and alerts.
 */
export function exampleOf(out: ReadOut): string | null {
  const mailed = new Set(out.mails.flatMap(({ rows }) => rows.map(({ referralId }) => referralId)));
  return mostToExplain(
    out.referrals.filter((row) => mailed.has(row.referralId) && isOpen(row)),
    out,
  );
}

/** The referral with the most to explain of those in a mail; for want of such, of all. Null: there is none. */
export const exampleOfAny = (out: ReadOut): string | null => exampleOf(out) ?? mostToExplain(out.referrals, out);

function mostToExplain(rows: readonly ReferralRow[], { alerts, states }: ReadOut): string | null {
  const alertsOf = Map.groupBy(alerts, ({ referralId }) => referralId);
  const interest = ({ referralId, clocks }: ReferralRow): number => {
    const own = alertsOf.get(referralId) ?? [];
    const breached = own.some(({ openedAt, resolvedAt }) => openedAt !== null && resolvedAt === null);
    const paused = (states.get(referralId)?.pauses.length ?? 0) > 0;
    return (breached ? 200 : 0) + (paused ? 100 : 0) + clocks.length + own.length;
  };
  return rows.toSorted((a, b) => interest(b) - interest(a))[0]?.referralId ?? null;
}
