import { isDeepStrictEqual } from 'node:util';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { loopEvent } from '../contracts/event.ts';
import { type Instant, instant } from '../contracts/instant.ts';
import { type ReferralState, referralState } from '../contracts/state.ts';
import { closedSince } from '../domain/referral/retention.ts';
import { LastingError } from '../platform/lasting-error.ts';
import type { Item } from './dynamo.ts';
import {
  closedShard,
  coordinatorKey,
  dueShard,
  escalatedKey,
  eventSort,
  isDueShard,
  liaisonKey,
  OWNER_KEYS,
  practiceKey,
  REFERRAL,
  referralIdOf,
  referralKey,
  shardOf,
  URGENT,
  VOIDED,
} from './keys.ts';
import { STATE_DICTIONARY } from './packing-dictionaries.ts';
import { bytes, readItem, readPacked } from './read-item.ts';
import type {
  DueEntry,
  FoundReferral,
  LoggedEvent,
  OwnerFacts,
  OwnerKey,
  OwnerRole,
  StoredReferral,
} from './referral-store.ts';
import type { Key } from './table.ts';

/** Items of the referral table and what they say. The shape of an item is known here and nowhere else. */

const TABLE = 'referrals referral#<referral>';

/** Room for one projection: a report unpacks all of them, and larger buffers would take most of its time. */
const PACKING = { dictionary: STATE_DICTIONARY, chunkSize: 4096 };

const packedState = referralState.omit({ referralId: true });

/**
 * A state is read and written whole. Deflated it stays well under 1 KB, where a write costs half. The key says whose it is.
 */
const packState = (state: ReferralState): Uint8Array => deflateRawSync(JSON.stringify(withoutDefaults(state)), PACKING);

type Fields = Record<string, unknown>;

/** Makes what takes the fields of a schema from a value, without those that reading fills in. */
function stripper(schema: z.ZodObject): (value: Fields) => Fields {
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    filledIn: field instanceof z.ZodDefault ? [field.parse(undefined)] : [],
    strip: field instanceof z.ZodObject ? stripper(field) : undefined,
  }));
  return (value) => {
    const kept: Fields = {};
    for (const { name, filledIn, strip } of fields) {
      const inner = value[name];
      if (filledIn.some((other) => isDeepStrictEqual(inner, other))) continue;
      kept[name] = strip ? strip(inner as Fields) : inner;
    }
    return kept;
  };
}

const withoutDefaults = stripper(packedState);

const unpackState = (packed: Uint8Array): Uint8Array => inflateRawSync(packed, PACKING);

const key = z.string().optional();
const storedReferral = z.object({
  pk: z.string(),
  state: packedState,
  alerts: bytes.optional(),
  config: z.string(),
  version: z.number(),
  arrivedAt: instant,
  dueShard: key,
  wakeAt: instant.optional(),
  retiredAt: instant.optional(),
  coordinatorKey: key,
  escalatedKey: key,
  urgentKey: key,
});
const loggedEvent = z.object({
  event: loopEvent,
  arrivedAt: instant,
  sent: z.string().optional(),
  isTranslated: z.boolean().optional(),
});
/** Who can't be told when it is due is due now: whoever looks at it sees what is wrong. */
const dueEntry = z.object({ pk: z.string(), wakeAt: instant.catch(0) });
const receivedEntry = z.object({ pk: z.string(), receivedAt: instant });
const keys = z.object({ pk: z.string(), sk: z.string() });
const fact = z.string().nullable();
const ownerFacts = {
  coordinator: z.object({ coordinatorId: fact, site: fact, specialty: fact }),
  liaison: z.object({ liaisonId: fact, practiceId: fact }),
} satisfies { [R in OwnerRole]: z.ZodType<OwnerFacts[R]> };

export function referralItem(stored: StoredReferral, shards: number): Item {
  const { state, alerts, config, version, arrivedAt, wakeAt } = stored;
  return {
    ...referralItemKey(state.referralId),
    version,
    config,
    state: packState(state),
    alerts: alerts ?? undefined,
    arrivedAt,
    ...dueKeys(state, wakeAt, shards),
    ...listKeys(stored),
    ...reportKeys(state),
  };
}

const keyOfPractice = ({ stage, practiceId }: ReferralState): string =>
  stage === 'voided' ? VOIDED : practiceKey(practiceId ?? '');

export const referralItemKey = (referralId: string): Key => ({ pk: referralKey(referralId), sk: REFERRAL });

/** A referral's keys in the due index: when it is next due, else since when it has been closed, else nowhere. */
function dueKeys(state: ReferralState, wakeAt: Instant | null, shards: number): Item {
  const shard = shardOf(state.referralId, shards);
  if (wakeAt !== null) return { dueShard: dueShard(shards, shard), wakeAt };
  const closed = closedSince(state);
  return closed === null ? {} : { dueShard: closedShard(shards, shard), wakeAt: closed };
}

/** The keys under which whoever has to see to a referral finds it. Undefined: not in that index. */
export function listKeys({ state, listed }: Pick<StoredReferral, 'state' | 'listed'>) {
  return {
    coordinatorKey: listed.owned ? coordinatorKey(state, state.referralId) : undefined,
    liaisonKey: listed.owned ? liaisonKey(state) : undefined,
    escalatedKey: listed.escalated ? escalatedKey(state.site) : undefined,
    urgentKey: listed.urgent ? URGENT : undefined,
  };
}

/** Under which keys a referral's owners and reports find it. */
export function keysOf(stored: Pick<StoredReferral, 'state' | 'listed'>): Record<string, unknown> {
  return present({ ...listKeys(stored), ...reportKeys(stored.state) });
}

/** The same of an item as it is stored. */
export function keysIn(item: Item): Record<string, unknown> {
  const { coordinatorKey, liaisonKey, escalatedKey, urgentKey, practiceKey, receivedAt } = item;
  return present({ coordinatorKey, liaisonKey, escalatedKey, urgentKey, practiceKey, receivedAt });
}

const present = (attributes: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

function reportKeys(state: ReferralState) {
  const { receivedAt } = state;
  return { receivedAt: receivedAt ?? undefined, practiceKey: receivedAt === null ? undefined : keyOfPractice(state) };
}

export function readReferral(item: Item): StoredReferral {
  const read = readPacked(storedReferral, item, `${TABLE} ${REFERRAL}`, 'state', unpackState);
  const { pk, state, alerts, config, version, arrivedAt, wakeAt, retiredAt } = read;
  return {
    state: { referralId: referralIdOf(pk), ...state },
    alerts: alerts ?? null,
    listed: {
      owned: read.coordinatorKey !== undefined,
      escalated: read.escalatedKey !== undefined,
      urgent: read.urgentKey !== undefined,
    },
    config,
    version,
    arrivedAt,
    wakeAt: isDueShard(read.dueShard) ? (wakeAt ?? null) : null,
    ...(retiredAt !== undefined && { retiredAt }),
  };
}

/** An item of a referral, whether or not it can be read. */
export function inspectReferral(item: Item): FoundReferral {
  const { version, alerts, retiredAt, expiresAt } = item;
  const found = {
    alerts: alertsIn(alerts),
    version,
    isRetired: retiredAt !== undefined || expiresAt !== undefined,
    keys: keysIn(item),
  };
  try {
    return { ...found, stored: readReferral(item) };
  } catch (error) {
    if (error instanceof LastingError) return { ...found, stored: null };
    throw error;
  }
}

/** Bytes that can't be unpacked stand for a record that isn't one: it is lost, which is not the same as none. */
function alertsIn(alerts: unknown): Uint8Array | null {
  if (alerts === undefined || alerts === null) return null;
  return alerts instanceof Uint8Array ? alerts : new Uint8Array();
}

export function eventItem({ event, ...logged }: LoggedEvent): Item {
  return { pk: referralKey(event.subject), sk: eventSort(event), event: JSON.stringify(event), ...logged };
}

export function readEvent(item: Item): LoggedEvent {
  return readPacked(loggedEvent, item, `${TABLE} 2#event#<hash of source and id>`, 'event');
}

/** The registry's item of a referral's owner key: the facts that it stands for. */
export function ownerKeyItem(role: OwnerRole, sk: string, state: ReferralState): Item {
  return { pk: OWNER_KEYS[role], sk, ...ownerFacts[role].parse(state) };
}

export function readOwnerKey<R extends OwnerRole>(role: R, item: Item): OwnerKey<OwnerFacts[R]> {
  const { sk } = readItem(keys, item, `referrals ${OWNER_KEYS[role]} <key>`);
  const { data } = ownerFacts[role].safeParse(item);
  return { key: sk, facts: (data ?? null) as OwnerFacts[R] | null };
}

/** An entry of the `due` index. */
export function readDue(item: Item): DueEntry {
  const { pk, wakeAt } = readItem(dueEntry, item, `${TABLE}, index due`);
  return { referralId: referralIdOf(pk), wakeAt };
}

/** An entry of the `practice` index. */
export function readReceived(item: Item): { referralId: string; receivedAt: Instant } {
  const { pk, receivedAt } = readItem(receivedEntry, item, `${TABLE}, index practice`);
  return { referralId: referralIdOf(pk), receivedAt };
}

/** The key of any item or index entry. */
export const readKey = (item: Item): Key => readItem(keys, item, TABLE);
