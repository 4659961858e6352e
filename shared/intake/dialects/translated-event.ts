import { valueAt } from '../../contracts/config-problem.ts';
import { formatInstant, type Instant } from '../../contracts/instant.ts';
import type { Refusal } from '../../contracts/refusal.ts';
import { type ReadMessage, readEvent } from '../cloudevents.ts';
import { eventId } from './event-id.ts';
import type { Fact, Member } from './member.ts';

export type TranslatedMember = Extract<Member, { outcome: 'translated' }>;

/** A CloudEvent whose referral isn't known yet: it has no `subject`. */
export type Unaddressed = Readonly<Record<string, unknown>>;

/** What a member says as a CloudEvent, but for whom. */
export function eventOf({ sender, sequence, recordedAt }: TranslatedMember, fact: Fact): Unaddressed {
  return {
    specversion: '1.0',
    id: eventId(sender, sequence, fact),
    source: sender,
    type: fact.type,
    time: formatInstant(fact.time),
    ...(recordedAt !== null && { recordedtime: formatInstant(recordedAt) }),
    entity: fact.entity,
    data: fact.data,
  };
}

/** Reads a translated event as intake reads any other, now that its referral is known. */
export const addressed = (event: Unaddressed, referralId: string, arrivedAt: Instant): ReadMessage =>
  readEvent({ ...event, subject: referralId }, arrivedAt);

/**
 * What intake would refuse of a translated event, in the words of its sender. Null: nothing.
 * @param referralId null: whosever it is
 */
export function faultOf(
  event: Unaddressed,
  referralId: string | null,
  arrivedAt: Instant,
  { oddTimes = {} }: Pick<TranslatedMember, 'oddTimes'> = {},
): Refusal | null {
  const read = addressed(event, referralId ?? 'any', arrivedAt);
  if (!('refusal' in read)) return null;
  const { refusal } = read;
  const detail = refusal.detail.split('; ').map((fault) => inPlace(fault, event, oddTimes));
  return { ...refusal, detail: [...new Set(detail)].join('; ') };
}

const ODD_TIME = /^([A-Za-z.]+)(: expected a time from .*)$/;

/** A fault in a time with the place of the time in its message: its sender knows no `time` and no `recordedtime`. */
function inPlace(fault: string, event: Unaddressed, places: Readonly<Record<string, string>>): string {
  const [, field = '', expected] = ODD_TIME.exec(fault) ?? [];
  const value = valueAt(event, field.split('.'));
  return typeof value === 'string' && Object.hasOwn(places, value) ? `${places[value]}${expected}` : fault;
}
