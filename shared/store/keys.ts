import { hash } from 'node:crypto';
import type { LoopEvent } from '../contracts/event.ts';
import type { CoordinatorFacts, LiaisonFacts } from '../domain/referral/owners.ts';

/**
 * Keys of the referral table, built here only. A referral's own item sorts before its events, so that ingest reads both
 * with one query. What a sender chooses (ids, names) goes into a key as a hash: it may be longer than a key, and a key
 * should say no more than it must.
 */

const hexHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);
/** 128 bits: enough that two keys never meet. */
export const shortHash = (parts: readonly unknown[]): string =>
  hash('sha256', JSON.stringify(parts), 'buffer').subarray(0, 16).toString('base64url');

export const referralKey = (referralId: string): string => `referral#${referralId}`;
export const referralIdOf = (pk: string): string => pk.slice('referral#'.length);

export const REFERRAL = '1#referral';
export const EVENTS = '2#event#';

export const eventSort = ({ source, id }: Pick<LoopEvent, 'source' | 'id'>): string =>
  `${EVENTS}${hexHash(JSON.stringify([source, id]))}`;

/** Stable shard of a referral. The number of shards is part of the key: see `shardCounts` of the configuration in force. */
export const dueShard = (shards: number, shard: number): string => `due#${shards}#${shard}`;
/** Closed referrals with nothing left to detect share the due index, by when they were closed: see retire-referrals. */
export const closedShard = (shards: number, shard: number): string => `closed#${shards}#${shard}`;
export const isDueShard = (key: unknown): boolean => String(key).startsWith('due#');
export const shardOf = (referralId: string, shards: number): number =>
  Number.parseInt(hexHash(referralId).slice(0, 8), 16) % shards;

/** The partition of the `urgent` index. It is nearly always empty. */
export const URGENT = 'urgent';
export const escalatedKey = (site: string | null): string => `site#${shortHash([site])}`;

/** The registry of the owner keys in use, by whose they are. */
export const OWNER_KEYS = { coordinator: 'owner-keys#coordinator', liaison: 'owner-keys#liaison' } as const;

/** Nothing is known yet of referrals that weren't received: so many keys share them, that no partition gets hot. */
const UNKNOWN_SHARDS = 4;

/** A key that combines all facts which decide who the coordinator is. */
export function coordinatorKey(facts: CoordinatorFacts, referralId: string): string {
  const { coordinatorId, site, specialty } = facts;
  const known = [coordinatorId, site, specialty];
  return shortHash(known.every((fact) => fact === null) ? [shardOf(referralId, UNKNOWN_SHARDS)] : known);
}

/** A key that combines all facts which decide who the liaison is. Undefined: nobody can be. */
export function liaisonKey({ liaisonId, practiceId }: LiaisonFacts): string | undefined {
  return liaisonId === null && practiceId === null ? undefined : shortHash([liaisonId, practiceId]);
}

export const practiceKey = (practiceId: string): string => `practice#${shortHash([practiceId])}`;
/** What was entered in error was never sent by the practice, but reports count its clocks as excluded. */
export const VOIDED = 'voided';
