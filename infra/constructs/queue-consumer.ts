import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { BATCH_SIZE, QUEUES } from '../settings.ts';
import { AppFunction, type AppFunctionProps } from './app-function.ts';
import { viaService } from './own-arn.ts';
import type { WorkQueue } from './work-queue.ts';

/** A function that consumes a queue and reports each failed record. */
export class QueueConsumer extends AppFunction {
  constructor(scope: Construct, id: string, props: AppFunctionProps & { from: WorkQueue }) {
    super(scope, id, props);
    const { name, queue } = props.from;
    const { consumer, batchWindowSeconds, maxConcurrency } = QUEUES[name];
    // The queue's visibility timeout was computed for this function.
    if (consumer !== props.name) throw new Error(`${name} is consumed by ${consumer}, not ${props.name}`);
    // Not grantConsumeMessages: Lambda's poller needs only these.
    this.allow(['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], [queue.queueArn]);
    if (queue.encryptionMasterKey) this.allow(['kms:Decrypt'], [queue.encryptionMasterKey.keyArn], viaService('sqs'));
    const source = new EventSourceMapping(this, 'EventSource', {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      // Not reserved concurrency: it throttles the poller, and good messages end in the dead-letter queue.
      maxConcurrency,
      ...(batchWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchWindowSeconds) }),
    });
    Validations.of(source).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        "Lambda has failure destinations for streams, not for queues: a message that fails goes to the dead-letter queue by the queue's own redrive policy.",
    });
    Validations.of(this.function).acknowledge(
      ...['HIPAA.Security-LambdaDLQ', 'Serverless-LambdaDLQ'].map((id) => ({
        id,
        reason:
          "Lambda's dead-letter setting is for asynchronous calls; this function is called by its queue alone, and what fails goes to the queue's dead-letter queue, which has an alarm.",
      })),
    );
  }
}
