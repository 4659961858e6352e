import { CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ConfigurationSet } from 'aws-cdk-lib/aws-ses';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { DataKey } from '../constructs/data-key.ts';
import { MailSending } from '../constructs/mail-sending.ts';
import { deadLetterQueue, WorkQueue } from '../constructs/work-queue.ts';
import { physicalName } from '../settings.ts';
import type { StageProps } from '../stage.ts';

const { STRING, NUMBER } = AttributeType;

// CloudFormation adds one index per update, so these were designed together. All hold keys only.
const REFERRAL_INDEXES = [
  { name: 'due', partition: 'dueShard', sort: { name: 'wakeAt', type: NUMBER } },
  { name: 'coordinator', partition: 'coordinatorKey', sort: { name: 'pk', type: STRING } },
  { name: 'liaison', partition: 'liaisonKey', sort: { name: 'pk', type: STRING } },
  { name: 'escalated', partition: 'escalatedKey', sort: { name: 'pk', type: STRING } },
  { name: 'urgent', partition: 'urgentKey', sort: { name: 'pk', type: STRING } },
  { name: 'practice', partition: 'practiceKey', sort: { name: 'receivedAt', type: NUMBER } },
];

/** Everything that outlives a deployment: the key, the two tables, the queues, the mail setup and the alarm topic. */
export class StatefulStack extends Stack {
  readonly key: Key;
  readonly referrals: Table;
  readonly operations: Table;
  readonly referralEvents: WorkQueue;
  readonly mailJobs: WorkQueue;
  readonly deliveryEvents: WorkQueue;
  readonly schedulerDeadLetters: Queue;
  readonly configurationSet: ConfigurationSet;
  readonly alarms: AlarmTopic;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, { terminationProtection: true, ...props });
    const { stage, settings } = props;
    const key = new DataKey(this, 'Key', stage);
    this.key = key;

    this.referrals = this.table('Referrals', physicalName(stage, 'referrals'), key);
    for (const { name, partition, sort } of REFERRAL_INDEXES) {
      this.referrals.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partition, type: STRING },
        sortKey: sort,
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    this.operations = this.table('Operations', physicalName(stage, 'operations'), key);

    this.referralEvents = new WorkQueue(this, 'ReferralEvents', { name: 'referral-events', stage, key });
    this.mailJobs = new WorkQueue(this, 'MailJobs', { name: 'mail-jobs', stage, key });
    this.deliveryEvents = new WorkQueue(this, 'DeliveryEvents', { name: 'delivery-events', stage, key });
    const schedulerName = physicalName(stage, 'scheduler-dlq');
    this.schedulerDeadLetters = deadLetterQueue(this, 'SchedulerDeadLetters', schedulerName, key);

    Validations.of(this.schedulerDeadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'This is a dead-letter queue: EventBridge Scheduler and failed asynchronous runs send to it, which the rule, looking at redrive policies of queues, does not see.',
    });

    const { mail, alarmEmail: email } = settings;
    this.configurationSet = new MailSending(this, 'Mail', {
      stage,
      mail,
      key,
      events: this.deliveryEvents,
    }).configurationSet;
    this.alarms = new AlarmTopic(this, 'Alarms', { stage, key, email });
    new CfnOutput(this, 'ReferralEventsUrl', { value: this.referralEvents.queue.queueUrl });
  }

  private table(id: string, tableName: string, encryptionKey: Key): Table {
    const table = new Table(this, id, {
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
    Validations.of(table).acknowledge({
      id: 'HIPAA.Security-DynamoDBInBackupPlan',
      reason:
        'Point-in-time recovery restores any second of the last 35 days, and deletion protection keeps the table from being deleted with it. Longer or off-account copies belong to the backup plan of the account, which selects tables by itself and must not depend on this stack.',
    });
    return table;
  }
}
