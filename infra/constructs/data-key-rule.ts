import { Validations } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import type { AlarmTopic } from './alarm-topic.ts';

/** Calls after which the data may be unreadable, or readable for others. */
const CALLS = ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'];
/** Name of the rule, `loopwatch-<stage>-<name>`, and of its section in docs/runbooks.md. */
const NAME = 'data-key-changed';

/**
 * Tells the alarm topic who disabled a key, scheduled its deletion or changed its policy. EventBridge learns of such calls from
 * CloudTrail: without a trail of management events in this region it is silent.
 */
export class DataKeyRule extends Construct {
  constructor(scope: Construct, id: string, { stage, key, topic }: { stage: string; key: IKey; topic: AlarmTopic }) {
    super(scope, id);
    const name = physicalName(stage, NAME);
    const called = EventField.fromPath('$.detail.eventName');
    const by = EventField.fromPath('$.detail.userIdentity.arn');
    const at = EventField.fromPath('$.detail.eventTime');
    const rule = new Rule(this, 'Rule', {
      ruleName: name,
      description: 'The key of all referral data was disabled, is to be deleted, or has another policy',
      eventPattern: {
        source: ['aws.kms'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['kms.amazonaws.com'],
          eventName: CALLS,
          // A caller may name the key by its id, ARN or alias; this is always its ARN.
          resources: { ARN: [key.keyArn] },
        },
      },
    });
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason:
        'CloudTrail keeps what was called whether or not the notice arrives, and the alarms on queues and runs go off when the key is gone; a queue for it would have to be encrypted, so EventBridge would need a right on the data key.',
    });
    topic.allowRule(name);
    // Not the target of the CDK: it lets every rule of every account publish.
    rule.addTarget({
      bind: () => ({
        arn: topic.topicArn,
        input: RuleTargetInput.fromText(
          `${called} was called on the key of all referral data of stage ${stage}, at ${at}, by ${by}. Without the key nothing can be read or taken in, and its policy says who can read it. What to do: docs/runbooks.md#${NAME}`,
        ),
      }),
    });
  }
}
