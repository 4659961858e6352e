import * as z from 'zod';
import type { Config } from '../../shared/contracts/config.ts';
import { SECOND_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ConfigStore } from '../../shared/store/config-store.ts';
import { toItem } from '../../shared/store/dynamo.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import { UnreadableItemError } from '../../shared/store/read-item.ts';
import { referralItemKey } from '../../shared/store/referral-items.ts';
import type { StoredReferral } from '../../shared/store/referral-store.ts';
import { Table } from '../../shared/store/table.ts';
import { itemSize } from '../cost/item-size.ts';
import type { Tables } from './tables.ts';

/** What the tables keep of a referral beside its log. */
export interface Kept {
  stored: StoredReferral;
  /** Size of its item as DynamoDB counts it for throughput. */
  bytes: number;
  /** From when on the table may remove it. Null: it isn't to be removed. */
  expiresAt: Instant | null;
  /** Version of the configuration in force. */
  inForce: string;
  /** The configuration with which it was folded. Null: it isn't there, or this release can't read it. */
  foldedWith: Config | null;
}

const expiry = z.object({ expiresAt: z.number().optional() });

/** Reads what is known of a stored referral only by looking at the items themselves. */
export async function keptOf(
  stored: StoredReferral,
  { config, version }: VersionedConfig,
  { client, names }: Tables,
  configs: ConfigStore,
): Promise<Kept> {
  const [item, foldedWith] = await Promise.all([
    new Table(client, names.referrals).get(referralItemKey(stored.state.referralId)),
    stored.config === version ? config : pushedConfig(configs, stored.config),
  ]);
  const { expiresAt } = expiry.parse(item ?? {});
  return {
    stored,
    bytes: itemSize(toItem(item ?? {})),
    expiresAt: expiresAt === undefined ? null : expiresAt * SECOND_MS,
    inForce: version,
    foldedWith,
  };
}

/** A configuration that was pushed at any time. Null: there is none of this version, or this release can't read it. */
async function pushedConfig(configs: ConfigStore, version: string): Promise<Config | null> {
  try {
    return await configs.get(version);
  } catch (error) {
    if (error instanceof UnreadableItemError) return null;
    throw error;
  }
}
