import type { MiddlewareObj, Request } from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { SQSEvent } from 'aws-lambda';
import { logFailure } from './failure.ts';
import { errorName, failingIn, type Log, ReferralError } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Writes an invocation's metrics out once, whether it succeeded or failed. */
export function publishMetrics(metrics: Metrics): MiddlewareObj {
  // A middleware must return nothing: what it returns is the invocation's answer, and a failed run would be a success.
  const publish = (): void => {
    metrics.publish();
  };
  return { after: publish, onError: publish };
}

interface Idle {
  /** Whether there was nothing to do yet, which is no failure. By default there always is. */
  isIdle?: (error: unknown) => boolean;
}

/** The error itself, or what is behind the error of a referral. */
const withoutReferral = (error: unknown): unknown => (error instanceof ReferralError ? error.cause : error);

/**
 * Answers SQS with the records that failed, from a handler's settled results; if the handler throws, with all of them.
 * Each failure is logged with its message's id, and with the hash of its referral if the result says whose it is. What is
 * idle goes back without being one: its batch has one line.
 */
export function reportItemFailures(log: Log, { isIdle = () => false }: Idle = {}): MiddlewareObj<SQSEvent> {
  const answer = sqsPartialBatchFailure({ logger: () => {} }) as MiddlewareObj<SQSEvent>;
  const logEach = async ({ event, context }: Request<SQSEvent>, reasonOf: (index: number) => [unknown] | null) => {
    let idle = 0;
    for (const [index, { messageId }] of event.Records.entries()) {
      const reason = reasonOf(index);
      if (reason !== null && isIdle(withoutReferral(reason[0]))) {
        idle += 1;
        continue;
      }
      const failing = failingIn(log, { requestId: context.awsRequestId, messageId });
      if (reason !== null) await logFailure(failing, 'RECORD_FAILED', reason[0]);
    }
    if (idle > 0) log.warn('RUN_IDLE', { records: idle });
  };
  return {
    after: async (request) => {
      const results = request.response as unknown as PromiseSettledResult<unknown>[];
      await logEach(request, (index) => {
        const result = results[index];
        return result?.status === 'rejected' ? [result.reason] : null;
      });
      await answer.after?.(request);
    },
    onError: async (request) => {
      await logEach(request, () => [request.error]);
      await answer.onError?.(request);
    },
  };
}

/** What Lambda may log of a failed run: which errors there were, and nothing of what was read. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
}

/**
 * Fails a scheduled run with an error that says only what went wrong, as `errorName` gives it. Lambda logs whatever
 * leaves a handler, and the message of a parser's or a client's error can quote what was read. A run that is idle ends
 * quietly: it isn't tried again.
 */
export function failWithoutDetail(log: Log, { isIdle = () => false }: Idle = {}): MiddlewareObj {
  return {
    onError: async (request) => {
      if (isIdle(request.error)) {
        log.info('RUN_IDLE');
        // What isn't undefined is the invocation's answer, and no failure.
        request.response = null;
        return;
      }
      const failing = failingIn(log, { requestId: request.context.awsRequestId });
      await logFailure(failing, 'RUN_FAILED', request.error);
      request.error = new RunFailedError(errorName(request.error));
    },
  };
}
