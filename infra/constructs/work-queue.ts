import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FUNCTIONS, MAX_RECEIVE_COUNT, physicalName, QUEUES, type QueueName } from '../settings.ts';

const LONGEST_RETENTION = Duration.days(14);

/** A dead-letter queue: encrypted, TLS only, with SQS's longest retention. */
export function deadLetterQueue(scope: Construct, id: string, name: string, key: IKey): Queue {
  const queue = new Queue(scope, id, {
    queueName: name,
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    retentionPeriod: LONGEST_RETENTION,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  Validations.of(queue).acknowledge({
    id: 'Serverless-SQSRedrivePolicy',
    reason:
      'This is a dead-letter queue, the end of the line: nothing receives from it but an operator, and an alarm goes off as soon as it holds a message.',
  });
  return queue;
}

/** A queue of work with its dead-letter queue and the visibility timeout that its consumer needs. */
export class WorkQueue extends Construct {
  readonly name: QueueName;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: { name: QueueName; stage: string; key: IKey }) {
    super(scope, id);
    const { name, stage, key } = props;
    const { consumer, batchWindowSeconds } = QUEUES[name];
    this.name = name;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', physicalName(stage, `${name}-dlq`), key);
    this.queue = new Queue(this, 'Queue', {
      queueName: physicalName(stage, name),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
      // AWS's rule for Lambda: six times the function's timeout, plus the batch window.
      visibilityTimeout: Duration.seconds(6 * FUNCTIONS[consumer].timeoutSeconds + batchWindowSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
