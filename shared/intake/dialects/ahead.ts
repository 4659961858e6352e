import { isAhead } from '../cloudevents.ts';
import type { Context, Translated } from './member.ts';

/**
 * Adds to a member what may be kept of it where it has to be: it doesn't have its referral's id, and some of what it says
 * is dated after its arrival. Of an event without a referral nobody could find out later whose it is.
 * @param kept asked only then
 */
export function withKept(member: Translated, { origin }: Context, kept: () => string): Translated {
  if (member.outcome !== 'translated' || member.keys.referralId !== null) return member;
  return member.facts.some(({ time }) => isAhead(time, origin.arrivedAt)) ? { ...member, kept: kept() } : member;
}
