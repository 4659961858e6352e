import type { ReferralState } from '../../contracts/state.ts';
import { byCodePoint } from '../code-point.ts';
import type { ReferralAlert } from './digest-input.ts';

/** What mails are made from, as far as it is of referrals. */
export interface OfReferrals {
  alerts: readonly ReferralAlert[];
  escalated?: readonly ReferralAlert[];
  toRebook?: readonly ReferralState[];
  unshown?: readonly string[];
}

/** The ids of the referrals that a mail would be made from. */
export function referralsOf({ alerts, escalated = [], toRebook = [] }: OfReferrals): string[] {
  const states = [...alerts, ...escalated].map(({ state }) => state);
  return [...new Set([...states, ...toRebook].map(({ referralId }) => referralId))];
}

/** The same input without some referrals, which are noted as not shown. */
export function withoutReferrals<I extends OfReferrals>(input: I, referralIds: ReadonlySet<string>): I {
  const isKept = ({ state }: { state: Pick<ReferralState, 'referralId'> }) => !referralIds.has(state.referralId);
  const { alerts, escalated, toRebook, unshown = [] } = input;
  return {
    ...input,
    alerts: alerts.filter(isKept),
    ...(escalated && { escalated: escalated.filter(isKept) }),
    ...(toRebook && { toRebook: toRebook.filter((state) => isKept({ state })) }),
    unshown: [...new Set([...unshown, ...referralIds])].sort(byCodePoint),
  };
}

/** For a mail's content: which referrals it doesn't show. */
export const unshownIn = ({ unshown = [] }: Pick<OfReferrals, 'unshown'>): { unshown?: string[] } =>
  unshown.length === 0 ? {} : { unshown: [...unshown] };
