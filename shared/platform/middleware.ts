import type { MiddlewareObj } from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import { errorName, type Log } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Writes an invocation's metrics out once, whether it succeeded or failed. */
export function publishMetrics(metrics: Metrics): MiddlewareObj {
  // A middleware must return nothing: what it returns is the invocation's answer, and a failed run would be a success.
  const publish = (): void => {
    metrics.publish();
  };
  return { after: publish, onError: publish };
}

/**
 * Answers SQS with the records that failed, from a handler's settled results; if the handler throws, with all of them.
 * Each failure is logged as `errorName` gives it.
 */
export function reportItemFailures(log: Log): MiddlewareObj {
  const logger = (reason: unknown): void => log.error('RECORD_FAILED', { error: errorName(reason) });
  return sqsPartialBatchFailure({ logger }) as MiddlewareObj;
}

/** What Lambda may log of a failed run: which errors there were, and nothing of what was read. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
}

/**
 * Fails a scheduled run with an error that says only what went wrong, as `errorName` gives it. Lambda logs whatever
 * leaves a handler, and the message of a parser's or a client's error can quote what was read.
 */
export function failWithoutDetail(log: Log): MiddlewareObj {
  return {
    onError: (request) => {
      const error = errorName(request.error);
      log.error('RUN_FAILED', { error });
      request.error = new RunFailedError(error);
    },
  };
}
