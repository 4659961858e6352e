import * as z from 'zod';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { sendPace } from '../../shared/mail/send-pace.ts';
import { sendRate } from '../../shared/mail/send-rate.ts';
import { sesMailer } from '../../shared/mail/ses-mailer.ts';
import { namingReferrals } from '../../shared/platform/logger.ts';
import { mailHoldVariable } from '../../shared/platform/mail-hold.ts';
import { referralHashVariable } from '../../shared/platform/referral-hash.ts';
import type { Runtime } from '../../shared/platform/runtime.ts';
import { DynamoConfigStore } from '../../shared/store/dynamo-config-store.ts';
import { DynamoFeedStore } from '../../shared/store/dynamo-feed-store.ts';
import { DynamoMailStore } from '../../shared/store/dynamo-mail-store.ts';
import { DynamoPracticeStore } from '../../shared/store/dynamo-practice-store.ts';
import { DynamoQuarantineStore } from '../../shared/store/dynamo-quarantine-store.ts';
import { DynamoReferralStore } from '../../shared/store/dynamo-referral-store.ts';
import { DynamoReportStore } from '../../shared/store/dynamo-report-store.ts';
import { DynamoSetAsideStore } from '../../shared/store/dynamo-set-aside-store.ts';
import { DynamoUnmappedStore } from '../../shared/store/dynamo-unmapped-store.ts';
import { DynamoUnmatchedStore } from '../../shared/store/dynamo-unmatched-store.ts';
import { Table } from '../../shared/store/table.ts';
import { tablesEnvironment } from '../../shared/store/tables-environment.ts';
import { sqsDeadLetters } from './dead-letters.ts';
import { createHandler } from './handler.ts';

export const environment = tablesEnvironment.pick({ REFERRAL_TABLE: true, OPERATIONS_TABLE: true }).extend({
  ...referralHashVariable,
  ...mailHoldVariable,
  CONFIGURATION_SET: z.string().min(1),
  /** How many instances of this function run at once: they share what SES takes in a second. */
  CONCURRENT_SENDERS: z.coerce.number().int().min(1),
  /** Separated by spaces. */
  DEAD_LETTER_QUEUE_URLS: z
    .string()
    .transform((urls) => urls.split(' '))
    .pipe(z.array(z.url()).min(1)),
});

/**
 * Five times the function's timeout; the queue's visibility timeout is six times. A sender that has held a lease this
 * long is dead, the Send event of what it sent has arrived, and the message that comes back finds the lease expired.
 */
const LEASE_MS = 5 * MINUTE_MS;

export function compose(
  env: z.output<typeof environment>,
  runtime: Pick<Runtime, 'time' | 'backoff' | 'sleep' | 'log' | 'referralHash' | 'dynamodb' | 'sqs' | 'ses'>,
) {
  const dynamodb = runtime.dynamodb();
  const operations = new Table(dynamodb, env.OPERATIONS_TABLE);
  const ses = runtime.ses();
  const pace = sendPace(sendRate(ses, { ...runtime, senders: env.CONCURRENT_SENDERS }), runtime);
  return createHandler({
    ...runtime,
    log: namingReferrals(runtime.log, runtime.referralHash(env.REFERRAL_HASH_KEY)),
    referrals: new DynamoReferralStore(new Table(dynamodb, env.REFERRAL_TABLE)),
    configs: new DynamoConfigStore(operations),
    quarantine: new DynamoQuarantineStore(operations),
    feeds: new DynamoFeedStore(operations),
    practices: new DynamoPracticeStore(operations),
    mails: new DynamoMailStore(operations),
    reports: new DynamoReportStore(operations),
    setAsides: new DynamoSetAsideStore(operations),
    unmapped: new DynamoUnmappedStore(operations),
    unmatched: new DynamoUnmatchedStore(operations),
    deadLetters: sqsDeadLetters(runtime.sqs(), env.DEAD_LETTER_QUEUE_URLS),
    mailer: sesMailer(ses, { ...runtime, configurationSet: env.CONFIGURATION_SET, pace }),
    leaseMs: LEASE_MS,
    holds: env.MAIL_HOLD,
  });
}
