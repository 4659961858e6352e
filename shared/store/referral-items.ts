import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { loopEvent } from '../contracts/event.ts';
import { type Instant, instant } from '../contracts/instant.ts';
import { alert as alertSchema, type ReferralState, referralState } from '../contracts/state.ts';
import { closedSince } from '../domain/referral/retention.ts';
import type { Item } from './dynamo.ts';
import {
  alertSort,
  closedShard,
  cohortKey,
  dueShard,
  eventSort,
  isDueShard,
  ownerKey,
  ownerSort,
  practiceKey,
  referralIdOf,
  referralKey,
  STATE,
  shardOf,
  URGENT,
} from './keys.ts';
import { readItem, readPacked } from './read-item.ts';
import {
  type LoggedEvent,
  type StoredAlert,
  type StoredState,
  urgentMail as urgentMailSchema,
} from './referral-store.ts';
import { STATE_DICTIONARY } from './state-dictionary.ts';
import type { Key } from './table.ts';

const REFERRAL = 'referrals referral#<referral>';

/** Items of the referral table and what they say. The shape of an item is known here and nowhere else. */

/** Room for one projection: a report unpacks all of them, and larger buffers would take most of its time. */
const PACKING = { dictionary: STATE_DICTIONARY, chunkSize: 4096 };

/** A state is read and written whole. Deflated it stays well under 1 KB, where a write costs half. */
const packState = (state: ReferralState): Uint8Array => deflateRawSync(JSON.stringify(state), PACKING);
/** This also reads what was deflated without the dictionary. */
const unpackState = (packed: Uint8Array): Uint8Array => inflateRawSync(packed, PACKING);

const storedState = z.object({
  state: referralState,
  version: z.number(),
  arrivedAt: instant.optional(),
  dueShard: z.string().optional(),
  wakeAt: instant.optional(),
  retiredAt: instant.optional(),
});
const loggedEvent = z.object({ event: loopEvent, arrivedAt: instant });
const storedAlert = z.object({
  alert: alertSchema,
  coordinatorId: z.string().nullable().default(null),
  liaisonId: z.string().nullable().default(null),
  urgentMail: urgentMailSchema.default(null),
  revision: z.number(),
});
const dueEntry = z.object({ pk: z.string(), wakeAt: instant });
const receivedEntry = z.object({ pk: z.string(), receivedAt: instant });
const keys = z.object({ pk: z.string(), sk: z.string() });

export function stateItem({ state, version, wakeAt, arrivedAt }: StoredState, shards: number): Item {
  const shard = shardOf(state.referralId, shards);
  const received = state.receivedAt;
  return {
    pk: referralKey(state.referralId),
    sk: STATE,
    version,
    state: packState(state),
    arrivedAt: arrivedAt ?? undefined,
    ...dueKeys(state, wakeAt, shards),
    receivedAt: received ?? undefined,
    cohortKey: received === null ? undefined : cohortKey(received, shard),
    // The practice never sent what was entered in error.
    practiceKey:
      received === null || state.practiceId === null || state.stage === 'voided'
        ? undefined
        : practiceKey(state.practiceId),
  };
}

/** A referral's keys in the due index: when it is next due, else since when it has been closed, else nowhere. */
export function dueKeys(state: ReferralState, wakeAt: Instant | null, shards: number): Item {
  const shard = shardOf(state.referralId, shards);
  if (wakeAt !== null) return { dueShard: dueShard(shards, shard), wakeAt };
  const closed = closedSince(state);
  return closed === null ? {} : { dueShard: closedShard(shards, shard), wakeAt: closed };
}

export function readState(item: Item): StoredState {
  const shape = `${REFERRAL} 2#state`;
  const read = readPacked(storedState, item, shape, 'state', unpackState);
  const { state, version, arrivedAt, dueShard, wakeAt, retiredAt } = read;
  return {
    state,
    version,
    arrivedAt: arrivedAt ?? null,
    wakeAt: isDueShard(dueShard) ? (wakeAt ?? null) : null,
    ...(retiredAt !== undefined && { retiredAt }),
  };
}

export function eventItem({ event, arrivedAt }: LoggedEvent): Item {
  return { pk: referralKey(event.subject), sk: eventSort(event), event: JSON.stringify(event), arrivedAt };
}

export function readEvent(item: Item): LoggedEvent {
  return readPacked(loggedEvent, item, `${REFERRAL} 3#event#<hash of source and id>`, 'event');
}

export function alertItem({ alert, coordinatorId, liaisonId, urgentMail, revision }: StoredAlert): Item {
  const resolved = alert.resolvedAt !== null;
  const sort = ownerSort(alert);
  return {
    pk: referralKey(alert.referralId),
    sk: alertSort(alert),
    revision,
    alert: JSON.stringify(alert),
    coordinatorId,
    liaisonId,
    coordinatorKey: ownerKey('coordinator', coordinatorId, resolved),
    coordinatorSort: sort,
    liaisonKey: ownerKey('liaison', liaisonId, resolved),
    liaisonSort: sort,
    urgentMail,
    ...(urgentMail === 'pending' && { dueShard: URGENT, wakeAt: alert.openedAt ?? alert.since }),
  };
}

export function readAlert(item: Item): StoredAlert {
  return readPacked(storedAlert, item, `${REFERRAL} 1#alert#<kind>#<instance>`, 'alert');
}

/** An entry of the `due` index. */
export function readDue(item: Item): { referralId: string; wakeAt: Instant } {
  const { pk, wakeAt } = readItem(dueEntry, item, `${REFERRAL}, index due`);
  return { referralId: referralIdOf(pk), wakeAt };
}

/** An entry of the `practice` index. */
export function readReceived(item: Item): { referralId: string; receivedAt: Instant } {
  const { pk, receivedAt } = readItem(receivedEntry, item, `${REFERRAL}, index practice`);
  return { referralId: referralIdOf(pk), receivedAt };
}

/** The key of any item or index entry. */
export const readKey = (item: Item): Key => readItem(keys, item, REFERRAL);
