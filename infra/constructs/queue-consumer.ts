import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BATCH_SIZE, QUEUES } from '../settings.ts';
import { AppFunction, type AppFunctionProps } from './app-function.ts';
import type { WorkQueue } from './work-queue.ts';

/** A function that consumes a queue and reports the records that failed, each for itself. */
export class QueueConsumer extends AppFunction {
  constructor(scope: Construct, id: string, props: AppFunctionProps & { from: WorkQueue }) {
    super(scope, id, props);
    const { consumer, batchWindowSeconds, maxConcurrency } = QUEUES[props.from.name];
    // The queue's visibility timeout was computed for that function.
    if (consumer !== props.name) throw new Error(`${props.from.name} is consumed by ${consumer}, not ${props.name}`);
    const { queue } = props.from;
    // What Lambda's poller does with the function's role.
    this.allowQueue(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue, ['kms:Decrypt']);
    this.function.addEventSourceMapping('Queue', {
      eventSourceArn: queue.queueArn,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      // Not reserved concurrency: that throttles the poller, and good messages end in the dead-letter queue.
      maxConcurrency,
      ...(batchWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchWindowSeconds) }),
    });
  }
}
