import type { MiddlewareObj } from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import { errorName, type Log } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Writes an invocation's metrics out once, whether it succeeded or failed. */
export function publishMetrics(metrics: Metrics): MiddlewareObj {
  const publish = (): void => metrics.publish();
  return { after: publish, onError: publish };
}

/**
 * Answers SQS with the records that failed, from a handler's settled results; where the handler throws, all of them.
 * Each failure is logged by the error's name alone.
 */
export function reportItemFailures(log: Log): MiddlewareObj {
  const logger = (reason: unknown): void => log.error('RECORD_FAILED', { error: errorName(reason) });
  return sqsPartialBatchFailure({ logger }) as MiddlewareObj;
}
