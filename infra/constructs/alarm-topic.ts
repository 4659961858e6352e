import { Aws, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import { ownArn } from './own-arn.ts';

export interface AlarmTopicProps {
  stage: string;
  key: IKey;
  /** Who gets the alarms, once that address has confirmed its subscription. */
  email?: string | undefined;
}

/** The topic of the alarms. It belongs to the stateful stack, because a person's confirmed subscription is state. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { stage, key, email }: AlarmTopicProps) {
    super(scope, id, { topicName: physicalName(stage, 'alarms'), masterKey: key, enforceSSL: true });
    // A topic policy replaces the default one, which lets the account's alarms in.
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': ownArn('cloudwatch', `alarm:${physicalName(stage, '*')}`) },
        },
      }),
    );
    if (email === undefined) return;
    const subscription = new Subscription(this, 'Email', {
      topic: this,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint: email,
    });
    Validations.of(subscription).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason:
        'An alarm stays in CloudWatch with its history whether or not its mail arrives; a queue of undelivered alarm mails would need an alarm itself.',
    });
  }

  /** Lets one EventBridge rule of this account publish. */
  allowRule(name: string): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { ArnEquals: { 'aws:SourceArn': ownArn('events', `rule/${name}`) } },
      }),
    );
  }
}
