import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxReceiveCount, physicalName, type QueueName, visibilitySeconds } from '../settings.ts';

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
    this.name = name;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', physicalName(stage, `${name}-dlq`), key);
    this.queue = new Queue(this, 'Queue', {
      queueName: physicalName(stage, name),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
      visibilityTimeout: Duration.seconds(visibilitySeconds(name)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceiveCount(name) },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
