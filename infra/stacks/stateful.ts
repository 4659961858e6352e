import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ConfigurationSet } from 'aws-cdk-lib/aws-ses';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmKey } from '../constructs/alarm-key.ts';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { DataKey } from '../constructs/data-key.ts';
import { DataKeyRule } from '../constructs/data-key-rule.ts';
import { DataTable } from '../constructs/data-table.ts';
import { FindKey } from '../constructs/find-key.ts';
import { MailSending } from '../constructs/mail-sending.ts';
import { allowSenders } from '../constructs/senders.ts';
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

/** Everything that outlives a deployment: the keys, the queues, the mail setup, the alarm topic and the two tables. */
export class StatefulStack extends Stack {
  readonly key: Key;
  readonly findKey: FindKey;
  readonly referrals: DataTable;
  readonly operations: DataTable;
  readonly referralEvents: WorkQueue;
  readonly mailJobs: WorkQueue;
  readonly deliveryEvents: WorkQueue;
  readonly schedulerDeadLetters: Queue;
  readonly configurationSet: ConfigurationSet;
  readonly alarms: AlarmTopic;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, { terminationProtection: true, ...props });
    const { stage, settings } = props;
    const key = new DataKey(this, 'Key', stage, settings.senders);
    this.key = key;
    this.findKey = new FindKey(this, 'FindKey', stage);

    this.referralEvents = new WorkQueue(this, 'ReferralEvents', { name: 'referral-events', stage, key });
    allowSenders(this.referralEvents.queue, settings.senders);
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
    this.alarms = new AlarmTopic(this, 'Alarms', { stage, key: new AlarmKey(this, 'AlarmKey', stage), email });
    new DataKeyRule(this, 'DataKeyChanged', { stage, key, topic: this.alarms });
    new CfnOutput(this, 'ReferralEventsUrl', { value: this.referralEvents.queue.queueUrl });

    // Last, one after the other: their deletion protection also keeps them from being rolled back, so whatever else can
    // fail in a first deployment has to fail before there is a table.
    const before = this.node.children.filter(Construct.isConstruct);
    this.referrals = new DataTable(this, 'Referrals', {
      name: physicalName(stage, 'referrals'),
      key,
      globalSecondaryIndexes: REFERRAL_INDEXES.map(({ name, partition, sort }) => ({
        indexName: name,
        partitionKey: { name: partition, type: STRING },
        sortKey: sort,
        projectionType: ProjectionType.KEYS_ONLY,
      })),
    });
    this.operations = new DataTable(this, 'Operations', {
      name: physicalName(stage, 'operations'),
      key,
      // Refused bodies, in items and in pieces: patients' data that only the operator reads.
      sealed: ['quarantine*'],
    });
    this.operations.node.addDependency(...before);
    this.referrals.node.addDependency(this.operations);
  }
}
