import { CLOSE_REASON_CLASS, type EndReason } from '../../contracts/vocabulary.ts';

/** docs/domain.md#7-1 */
type EndClass = (typeof CLOSE_REASON_CLASS)[keyof typeof CLOSE_REASON_CLASS];

const EXCLUSION: readonly EndClass[] = ['other_care', 'exclusion'];
const LEAKAGE: readonly EndClass[] = ['competitive', 'patient', 'access', 'coverage', 'provider'];

/** The class of an end reason; null for a referral that hasn't ended or was cancelled. */
export function endClassOf(reason: EndReason | null): EndClass | null {
  return reason === null || reason === 'cancelled' ? null : CLOSE_REASON_CLASS[reason];
}

/** Whether the class is other care or exclusion: the referral counts in no rate, and nothing more is owed. */
export function isExclusion(reason: EndReason | null): boolean {
  const endClass = endClassOf(reason);
  return endClass !== null && EXCLUSION.includes(endClass);
}

/** Whether the end means that the patient got no care in the network. */
export function isLeakage(reason: EndReason | null): boolean {
  const endClass = endClassOf(reason);
  return endClass !== null && LEAKAGE.includes(endClass);
}
