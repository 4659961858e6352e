import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SESClient } from '@aws-sdk/client-ses';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type * as z from 'zod';
import { type Backoff, jitteredBackoff } from './backoff.ts';
import { functionLog, type Log } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { ReferralHash } from './referral-hash.ts';
import { realSleep, type Sleep } from './sleep.ts';
import { systemTime, type TimeSource } from './time-source.ts';

/**
 * All that functions have besides their environment variables. A function takes only what it uses (`Pick`), so that its
 * bundle holds nothing else. The local run and tests bring their own.
 */
export interface Runtime {
  time: TimeSource;
  backoff: Backoff;
  sleep: Sleep;
  log: Log;
  metrics: Metrics;
  dynamodb: () => DynamoDBClient;
  sqs: () => SQSClient;
  ses: () => SESClient;
  /** Hashes referrals' ids for the log, with a key in KMS that is named by id, ARN or alias. */
  referralHash: (keyId: string) => ReferralHash;
}

/** What every function has on Lambda. Clients and metrics are in files of their own. */
export function lambdaRuntime(functionName: string): Pick<Runtime, 'time' | 'backoff' | 'sleep' | 'log'> {
  return { time: systemTime, backoff: jitteredBackoff, sleep: realSleep, log: functionLog(functionName) };
}

/** Reads a function's environment; throws naming each variable that is missing or wrong. */
export function readEnv<T>(schema: z.ZodType<T>, variables: Record<string, string | undefined>): T {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const complaints = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`environment: ${complaints.join('; ')}`);
}
