import { MINUTE_MS } from '../../../contracts/duration.ts';
import { shownCode } from '../coding.ts';
import { orderFields } from './order-fields.ts';
import { type Draft, instantIn, type Reading, type Said } from './reading.ts';
import { resourceKey } from './reference.ts';
import { hasIntent, isOfReferral } from './referral-choice.ts';
import type { ServiceRequest } from './resources.ts';
import { identifierKeys, namingIdentifier } from './tie.ts';
import { pausedFor } from './words.ts';

/** Longer after `authoredOn` than this, a version is a change. */
const SAME_AS_WRITTEN_MS = MINUTE_MS;

/** What an order says: the referral, that it has changed, and where it stands. */
export function readServiceRequest(order: ServiceRequest, reading: Reading): Said {
  if (!hasIntent(order, reading.sender)) {
    const { intent } = order;
    return { passedOver: `intent ${intent === undefined ? 'missing' : shownCode({ code: intent })}, not in intents` };
  }
  if (!isOfReferral(order, reading.sender)) return { passedOver: 'category or code not among referrals' };
  if (order.status === 'draft' || order.status === 'unknown') return { passedOver: `status ${order.status}` };
  const entity = resourceKey('ServiceRequest', reading.id);
  const keys = {
    referralId: namingIdentifier(order.identifier, reading.sender) ?? reading.id,
    others: [...new Set([...reading.ownKeys, ...identifierKeys('ServiceRequest', order.identifier)])],
  };
  if (order.status === 'entered-in-error') {
    return {
      entity,
      keys,
      facts: [{ type: 'referral.voided', time: reading.now, values: [order.status], row: rowOf(order) }],
    };
  }
  const { now } = reading;
  const writtenAt = instantIn(reading, order.authoredOn);
  const { data, values, missing } = orderFields(reading, order, writtenAt);
  const received: Draft = {
    type: 'referral.received',
    time: writtenAt ?? now,
    data,
    values,
    isSaidAgain: true,
    row: 'ServiceRequest, any status',
  };
  // Without authoredOn nothing tells the first version from a later one. What changed must not be lost; of the first one it
  // says nothing that isn't said.
  const isChange = now !== null && (writtenAt === null || now > writtenAt + SAME_AS_WRITTEN_MS);
  const updated: Draft[] = isChange
    ? [{ type: 'referral.updated', time: now, data, values, row: 'ServiceRequest, over a minute after authoredOn' }]
    : [];
  return { entity, keys, missing, facts: [received, ...updated, ...standing(order, reading, isChange)] };
}

const rowOf = ({ status }: ServiceRequest): string => `ServiceRequest ${status}`;

/** Where the order stands: paused, cancelled, or going on again. */
function standing(order: ServiceRequest, reading: Reading, isChange: boolean): Draft[] {
  const [time, values, row] = [reading.now, [order.status], rowOf(order)];
  switch (order.status) {
    case 'on-hold':
      return [{ type: 'referral.paused', time, data: { reason: pausedFor(reading, []) }, values, row }];
    case 'revoked':
      return [{ type: 'referral.cancelled', time, data: { by: 'referrer' }, values, row }];
    case 'active':
      return isChange ? [{ type: 'referral.resumed', time, values, row }] : [];
    case 'completed':
    case 'draft':
    case 'unknown':
    case 'entered-in-error':
      return [];
  }
}
