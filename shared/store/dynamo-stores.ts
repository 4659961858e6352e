import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AliasStore } from './alias-store.ts';
import type { ConfigStore } from './config-store.ts';
import type { ConfigSweepStore } from './config-sweep-store.ts';
import { DynamoAliasStore } from './dynamo-alias-store.ts';
import { DynamoConfigStore } from './dynamo-config-store.ts';
import { DynamoConfigSweepStore } from './dynamo-config-sweep-store.ts';
import { DynamoFeedStore } from './dynamo-feed-store.ts';
import { DynamoMailStore } from './dynamo-mail-store.ts';
import { DynamoPracticeStore } from './dynamo-practice-store.ts';
import { DynamoQuarantineStore } from './dynamo-quarantine-store.ts';
import { DynamoReferralStore } from './dynamo-referral-store.ts';
import { DynamoReportStore } from './dynamo-report-store.ts';
import { DynamoSetAsideStore } from './dynamo-set-aside-store.ts';
import { DynamoUnmappedStore } from './dynamo-unmapped-store.ts';
import { DynamoUnmatchedStore } from './dynamo-unmatched-store.ts';
import type { FeedStore } from './feed-store.ts';
import type { MailStore } from './mail-store.ts';
import type { PracticeStore } from './practice-store.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import type { ReferralStore } from './referral-store.ts';
import type { ReportStore } from './report-store.ts';
import type { SetAsideStore } from './set-aside-store.ts';
import { Table } from './table.ts';
import type { UnmappedStore } from './unmapped-store.ts';
import type { UnmatchedStore } from './unmatched-store.ts';

export interface Stores {
  referrals: ReferralStore;
  configs: ConfigStore;
  sweeps: ConfigSweepStore;
  quarantine: QuarantineStore;
  unmapped: UnmappedStore;
  feeds: FeedStore;
  practices: PracticeStore;
  mails: MailStore;
  reports: ReportStore;
  setAsides: SetAsideStore;
  aliases: AliasStore;
  unmatched: UnmatchedStore;
}

/** Every store over the two tables, for a caller that reads many. A function makes only the stores that it uses. */
export function dynamoStores(
  client: DynamoDBClient,
  { referrals, operations, shards = 1 }: { referrals: string; operations: string; shards?: number },
): Stores {
  const table = new Table(client, operations);
  return {
    referrals: new DynamoReferralStore(new Table(client, referrals), { shards }),
    configs: new DynamoConfigStore(table),
    sweeps: new DynamoConfigSweepStore(table),
    quarantine: new DynamoQuarantineStore(table),
    unmapped: new DynamoUnmappedStore(table),
    feeds: new DynamoFeedStore(table),
    practices: new DynamoPracticeStore(table),
    mails: new DynamoMailStore(table),
    reports: new DynamoReportStore(table),
    setAsides: new DynamoSetAsideStore(table),
    aliases: new DynamoAliasStore(table),
    unmatched: new DynamoUnmatchedStore(table),
  };
}
