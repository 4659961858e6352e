import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { LoopEvent } from '../contracts/event.ts';
import type { Instant } from '../contracts/instant.ts';
import type { Alert, ReferralState } from '../contracts/state.ts';
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
  referralKey,
  STATE,
  shardOf,
  URGENT,
} from './keys.ts';
import type { LoggedEvent, StoredAlert, StoredState, UrgentMail } from './referral-store.ts';
import { STATE_DICTIONARY } from './state-dictionary.ts';

/** Items of the referral table and what they say. The shape of an item is known here and nowhere else. */

/** Room for a projection at once: a report unpacks every one there is, and most of its time would go into buffers. */
const PACKING = { dictionary: STATE_DICTIONARY, chunkSize: 4096 };

/** A state is read and written whole. Deflated it stays well under 1 KB, where a write costs half. */
const packState = (state: ReferralState): Uint8Array => deflateRawSync(JSON.stringify(state), PACKING);
/** What was deflated without the dictionary is read with it as well. */
function unpackState(packed: unknown): ReferralState {
  const state = JSON.parse(inflateRawSync(packed as Uint8Array, PACKING).toString()) as ReferralState;
  return state.declines === undefined ? { ...NOT_ASKED_YET, ...state } : state;
}

/** What projections didn't hold before there were reports; the next event, or a new configuration, brings the facts. */
const NOT_ASKED_YET = {
  practiceName: null,
  providerNpi: null,
  hasProvider: false,
  hasEvidence: false,
  noShows: [],
  completed: [],
  declines: [],
  incompleteAtReceipt: false,
} satisfies Partial<ReferralState>;

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
    // What was entered in error was never sent by the practice.
    practiceKey:
      received === null || state.practiceId === null || state.stage === 'voided'
        ? undefined
        : practiceKey(state.practiceId),
  };
}

/** Where a referral stands in the due index: when it is next due, else since when it has been closed, else nowhere. */
export function dueKeys(state: ReferralState, wakeAt: Instant | null, shards: number): Item {
  const shard = shardOf(state.referralId, shards);
  if (wakeAt !== null) return { dueShard: dueShard(shards, shard), wakeAt };
  const closed = closedSince(state);
  return closed === null ? {} : { dueShard: closedShard(shards, shard), wakeAt: closed };
}

export function readState(item: Item): StoredState {
  return {
    state: unpackState(item.state),
    version: item.version as number,
    arrivedAt: (item.arrivedAt as number | undefined) ?? null,
    wakeAt: isDueShard(item.dueShard) ? (item.wakeAt as number) : null,
    ...(item.retiredAt !== undefined && { retiredAt: item.retiredAt as number }),
  };
}

export function eventItem({ event, arrivedAt }: LoggedEvent): Item {
  return { pk: referralKey(event.subject), sk: eventSort(event), event: JSON.stringify(event), arrivedAt };
}

export function readEvent(item: Item): LoggedEvent {
  return { event: JSON.parse(item.event as string) as LoopEvent, arrivedAt: item.arrivedAt as number };
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
  return {
    alert: JSON.parse(item.alert as string) as Alert,
    coordinatorId: (item.coordinatorId as string | null) ?? null,
    liaisonId: (item.liaisonId as string | null) ?? null,
    urgentMail: (item.urgentMail as UrgentMail | undefined) ?? null,
    revision: item.revision as number,
  };
}
