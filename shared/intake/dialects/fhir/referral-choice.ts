import { isChosen, isListed } from '../coding.ts';
import type { Sender } from '../sender.ts';
import type { ServiceRequest } from './resources.ts';

const LABORATORY_AND_IMAGING = ['http://snomed.info/sct|108252007', 'http://snomed.info/sct|363679005'];
const INTENTS = ['order', 'original-order', 'instance-order'];

/** Whether an order's intent is that of a referral. */
export const hasIntent = ({ intent = '' }: ServiceRequest, { intents = INTENTS }: Sender): boolean =>
  intents.includes(intent);

/** Whether an order's category and code are those of a referral: what `include` names, else all but laboratory and imaging. */
export function isOfReferral({ category, code }: ServiceRequest, { referrals = {} }: Sender): boolean {
  const codings = [...category, ...code];
  return (
    isChosen(codings, referrals) && (referrals.include !== undefined || !isListed(codings, LABORATORY_AND_IMAGING))
  );
}

/** Whether an order may be a referral, whatever its status. */
export const isReferral = (order: ServiceRequest, sender: Sender): boolean =>
  hasIntent(order, sender) && isOfReferral(order, sender);
