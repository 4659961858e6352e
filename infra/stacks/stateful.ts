import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ConfigurationSet, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { deadLetterQueue, WorkQueue } from '../constructs/work-queue.ts';
import { physicalName } from '../settings.ts';
import type { StageProps } from '../stage.ts';

const { STRING, NUMBER } = AttributeType;

// CloudFormation adds one index per update: these were decided together. Owners and dates are on the items themselves.
const REFERRAL_INDEXES = [
  { name: 'due', partition: 'dueShard', sort: 'wakeAt', sortType: NUMBER, projection: ProjectionType.KEYS_ONLY },
  { name: 'coordinator', partition: 'coordinatorKey', sort: 'coordinatorSort', sortType: STRING },
  { name: 'liaison', partition: 'liaisonKey', sort: 'liaisonSort', sortType: STRING },
  {
    name: 'cohort',
    partition: 'cohortKey',
    sort: 'receivedAt',
    sortType: NUMBER,
    projection: ProjectionType.KEYS_ONLY,
  },
  {
    name: 'practice',
    partition: 'practiceKey',
    sort: 'receivedAt',
    sortType: NUMBER,
    projection: ProjectionType.KEYS_ONLY,
  },
];

/** What outlives a deployment: the key, the two tables, the queues and the mail's configuration set. */
export class StatefulStack extends Stack {
  readonly referrals: Table;
  readonly operations: Table;
  readonly referralEvents: WorkQueue;
  readonly mailJobs: WorkQueue;
  readonly deliveryEvents: WorkQueue;
  readonly schedulerDeadLetters: Queue;
  readonly configurationSet: ConfigurationSet;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, { terminationProtection: true, ...props });
    const { stage } = props;
    const key = new Key(this, 'Key', {
      alias: physicalName(stage, 'data'),
      description: 'Loopwatch: referral data in tables, queues and topics',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.referrals = this.table('Referrals', physicalName(stage, 'referrals'), key);
    for (const { name, partition, sort, sortType, projection } of REFERRAL_INDEXES) {
      this.referrals.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partition, type: STRING },
        sortKey: { name: sort, type: sortType },
        projectionType: projection ?? ProjectionType.ALL,
      });
    }
    this.operations = this.table('Operations', physicalName(stage, 'operations'), key);

    this.referralEvents = new WorkQueue(this, 'ReferralEvents', { name: 'referral-events', stage, key });
    this.mailJobs = new WorkQueue(this, 'MailJobs', { name: 'mail-jobs', stage, key });
    this.deliveryEvents = new WorkQueue(this, 'DeliveryEvents', { name: 'delivery-events', stage, key });
    const schedulerName = physicalName(stage, 'scheduler-dlq');
    this.schedulerDeadLetters = deadLetterQueue(this, 'SchedulerDeadLetters', schedulerName, key);

    this.configurationSet = this.mailEvents(stage, key);
    new CfnOutput(this, 'ReferralEventsUrl', { value: this.referralEvents.queue.queueUrl });
  }

  private table(id: string, tableName: string, encryptionKey: Key): Table {
    return new Table(this, id, {
      tableName,
      partitionKey: { name: 'pk', type: STRING },
      sortKey: { name: 'sk', type: STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** What SES says about our mails goes through a topic to the delivery-events queue. */
  private mailEvents(stage: string, key: Key): ConfigurationSet {
    const topic = new Topic(this, 'MailEvents', {
      topicName: physicalName(stage, 'mail-events'),
      masterKey: key,
      enforceSSL: true,
    });
    // SES publishes as a service, which an encrypted topic only takes with the key.
    key.grant(new ServicePrincipal('ses.amazonaws.com'), 'kms:Decrypt', 'kms:GenerateDataKey*');
    topic.addSubscription(new SqsSubscription(this.deliveryEvents.queue));
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: physicalName(stage, 'mail'),
    });
    configurationSet.addEventDestination('Events', {
      destination: EventDestination.snsTopic(topic),
      events: [
        EmailSendingEvent.SEND,
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
      ],
    });
    return configurationSet;
  }
}
