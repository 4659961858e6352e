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
 * What intake would refuse of a translated event. Null: nothing.
 * @param referralId null: whosever it is
 */
export function faultOf(event: Unaddressed, referralId: string | null, arrivedAt: Instant): Refusal | null {
  const read = addressed(event, referralId ?? 'any', arrivedAt);
  return 'refusal' in read ? read.refusal : null;
}
