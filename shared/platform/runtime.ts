import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { z } from 'zod';
import { type Backoff, jitteredBackoff } from './backoff.ts';
import { functionLog, type Log } from './logger.ts';
import { functionMetrics, type Metrics } from './metrics.ts';
import { systemTime, type TimeSource } from './time-source.ts';

/** Everything a function uses besides its environment variables. The local run and tests bring their own. */
export interface Runtime {
  clock: TimeSource;
  backoff: Backoff;
  log: Log;
  metrics: Metrics;
  dynamodb: () => DynamoDBClient;
  sqs: () => SQSClient;
  ses: () => SESClient;
}

/** The runtime on Lambda. Each client is made when a function asks for it. */
export function lambdaRuntime(functionName: string): Runtime {
  const endpoint = (url: string | undefined): { endpoint?: string } => (url ? { endpoint: url } : {});
  return {
    clock: systemTime,
    backoff: jitteredBackoff,
    log: functionLog(functionName),
    // Lambda's name of the function has the stage in it: an account can hold several stages.
    metrics: functionMetrics(process.env.AWS_LAMBDA_FUNCTION_NAME ?? functionName),
    dynamodb: () => new DynamoDBClient(endpoint(process.env.DYNAMODB_ENDPOINT)),
    sqs: () => new SQSClient(endpoint(process.env.SQS_ENDPOINT)),
    // SES has no idempotency token: after a lost answer, the SDK's own retry would send a second mail.
    ses: () => new SESClient({ ...endpoint(process.env.SES_ENDPOINT), maxAttempts: 1 }),
  };
}

/** Reads a function's environment; throws naming each variable that is missing or wrong. */
export function readEnv<T>(schema: z.ZodType<T>, variables: Record<string, string | undefined>): T {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const complaints = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`environment: ${complaints.join('; ')}`);
}
