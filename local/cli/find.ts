import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { findKeyAlias } from '../../infra/settings.ts';
import { referralHashKey } from '../../shared/platform/kms-referral-hash.ts';
import { hashOfReferral, LOCAL_HASH_KEY } from '../../shared/platform/referral-hash.ts';
import { Table } from '../../shared/store/table.ts';
import { referralIdPages, type Source } from '../explain/referral-ids.ts';
import type { Tables } from '../explain/tables.ts';
import { thousands } from './columns.ts';
import { onStage } from './on-stage.ts';
import type { Print } from './print.ts';
import { Progress } from './progress.ts';
import type { Reach, StageAccess } from './stage-access.ts';

export interface FindOptions {
  stage: string;
  json?: boolean;
}

/** What `find --json` prints. */
export interface Found {
  stage: string;
  hash: string;
  /** Null: it isn't stored. */
  referralId: string | null;
  /** Items and entries that were read until it was found. */
  read: number;
  /** What reading everything would have cost. */
  atMost: Cost;
}

interface Cost {
  items: number;
  readUnits: number;
  dollars: number;
}

/** Of docs/cost.md. */
const DOLLARS_A_MILLION_READ_UNITS = 0.125;
/** What a read unit reads, eventually consistent. */
const BYTES_A_UNIT = 8192;

/**
 * `loopwatch find HASH --stage S`: which referral a line of a log names by its hash. Says before it begins what it costs
 * at most, and fails if there is none.
 */
export async function findReferral(
  hash: string,
  { stage, json = false }: FindOptions,
  print: Print,
  reach: Reach & { keyOf?: (access: StageAccess) => Promise<Uint8Array> } = {},
): Promise<void> {
  const { keyOf = stageKey } = reach;
  const found = await onStage(
    stage,
    ['referrals'],
    async (tables, access): Promise<Found> => {
      const key = await keyOf(access);
      const atMost = await mostCost(tables);
      if (!json) print(costText(stage, atMost));
      return { stage, hash, ...(await search(hash, key, tables, atMost.items)), atMost };
    },
    reach,
  );
  if (json) print(JSON.stringify(found));
  else if (found.referralId !== null) {
    print(`${found.referralId}\nnpx loopwatch explain ${found.referralId} --stage ${stage}`);
  }
  if (found.referralId === null) {
    throw new Error(
      `${hash}: no referral of stage ${stage} has this hash. If nothing of it was stored, the message is still in its queue or the dead letters: look for the line's messageId`,
    );
  }
}

/** The key of the stage's hashes: one call of KMS. */
async function stageKey({ stage, settings, clientConfig }: StageAccess): Promise<Uint8Array> {
  if (settings === null) return LOCAL_HASH_KEY;
  const { endpoint: _, ...config } = clientConfig;
  const kms = new KMSClient(config);
  try {
    return await referralHashKey(kms, findKeyAlias(stage));
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'NotFoundException') {
      throw new Error(`no key ${findKeyAlias(stage)} in this account and region: deploy the stage first`);
    }
    if (name === 'AccessDeniedException') {
      throw new Error(`these credentials may not use the key ${findKeyAlias(stage)} (kms:GenerateMac): ${message}`);
    }
    throw error;
  } finally {
    kms.destroy();
  }
}

async function search(
  hash: string,
  key: Uint8Array,
  { client, names }: Tables,
  items: number,
): Promise<Pick<Found, 'referralId' | 'read'>> {
  const progress = new Progress(items, 'items');
  let read = 0;
  try {
    for await (const { source, ids, items } of referralIdPages(new Table(client, names.referrals))) {
      const referralId = ids.find((id) => hashOfReferral(key, id) === hash);
      read += items;
      if (referralId !== undefined) return { referralId, read };
      progress.show(read, LABELS[source]);
    }
    return { referralId: null, read };
  } finally {
    progress.end();
  }
}

const LABELS: Record<Source, string> = {
  due: 'open and closed referrals',
  practice: 'all that were received',
  table: 'everything that is stored',
};

/** What it costs to read all of it: DynamoDB's own count of six hours ago at most. */
async function mostCost({ client, names }: Tables): Promise<Cost> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: names.referrals }));
  const indexes = (table?.GlobalSecondaryIndexes ?? []).filter(({ IndexName = '' }) => IndexName in LABELS);
  const read = [
    { items: table?.ItemCount ?? 0, bytes: table?.TableSizeBytes ?? 0 },
    ...indexes.map(({ ItemCount = 0, IndexSizeBytes = 0 }) => ({ items: ItemCount, bytes: IndexSizeBytes })),
  ];
  const readUnits = read.reduce((sum, { bytes }) => sum + Math.ceil(bytes / BYTES_A_UNIT), 0);
  return {
    items: read.reduce((sum, { items }) => sum + items, 0),
    readUnits,
    dollars: (readUnits / 1_000_000) * DOLLARS_A_MILLION_READ_UNITS,
  };
}

function costText(stage: string, { items, readUnits, dollars }: Cost): string {
  const price = dollars < 0.01 ? 'less than 0.01' : dollars.toFixed(2);
  return `${stage}: reads up to ${thousands(items)} items, ${thousands(readUnits)} read units, ${price} US dollars`;
}
