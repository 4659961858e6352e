import { createHash } from 'node:crypto';
import type { LoopEvent } from '../contracts/event.ts';
import { formatInstant, type Instant } from '../contracts/instant.ts';
import type { Alert } from '../contracts/state.ts';
import { isoWeekOf, localDate } from '../domain/time/local-date.ts';
import type { OwnerRole } from './referral-store.ts';

/**
 * Keys of the referral table, built here only. Sort keys within a referral order as alerts, state, events, so that
 * detection (alerts and state) and ingest (state and log) each read theirs with one query.
 */

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

export const referralKey = (referralId: string): string => `referral#${referralId}`;
export const referralIdOf = (pk: string): string => pk.slice('referral#'.length);

export const STATE = '2#state';
export const ALERTS = '1#alert#';
export const EVENTS = '3#event#';

export const alertSort = ({ kind, instance }: Pick<Alert, 'kind' | 'instance'>): string =>
  `${ALERTS}${kind}#${instance}`;

/** Hashed: source and id may be longer than a key, and a key should say no more than it must. */
export const eventSort = ({ source, id }: Pick<LoopEvent, 'source' | 'id'>): string =>
  `${EVENTS}${hash(JSON.stringify([source, id]))}`;

/** Stable shard of a referral. The number of shards is part of the key, so that it can be changed by a rebuild. */
export const dueShard = (shards: number, shard: number): string => `due#${shards}#${shard}`;
/** Closed referrals with nothing left to detect share the due index, by when they were closed: see retire-referrals. */
export const closedShard = (shards: number, shard: number): string => `closed#${shards}#${shard}`;
export const isDueShard = (key: unknown): boolean => String(key).startsWith('due#');
export const shardOf = (referralId: string, shards: number): number =>
  Number.parseInt(hash(referralId).slice(0, 8), 16) % shards;

/** Alerts that wait for an urgent mail share the due index too, under a key of their own. */
export const URGENT = 'urgent';

export const ownerKey = (role: OwnerRole, id: string | null, resolved: boolean): string =>
  `${role}#${id ?? ''}#${resolved ? 'resolved' : 'open'}`;

/** Open alerts sort by their due, resolved ones by their resolution. */
export const ownerSort = (alert: Alert): string =>
  `${formatInstant(alert.resolvedAt ?? alert.dueAt)}#${alert.referralId}#${alert.kind}#${alert.instance}`;

export const cohortKey = (receivedAt: Instant, shard: number): string =>
  `cohort#${isoWeekOf(localDate(receivedAt, 'UTC'))}#${shard}`;
export const practiceKey = (practiceId: string): string => `practice#${practiceId}`;
