import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import { ownArn } from './own-arn.ts';

const PUBLISHING = ['kms:Decrypt', 'kms:GenerateDataKey*'];

/**
 * The key of the alarm topic. It is one of its own so that the services that raise alarms can't use the data key, and so
 * that an alarm about the data key can still be sent.
 */
export class AlarmKey extends Key {
  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id, {
      alias: physicalName(stage, 'alarms'),
      description: 'Loopwatch: alarms, which hold no referral data',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const ofOurAlarms = {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': ownArn('cloudwatch', `alarm:${physicalName(stage, '*')}`) },
    };
    this.grant(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: ofOurAlarms }), ...PUBLISHING);
    // SNS's documentation: a source condition in the key's policy isn't supported for EventBridge, whose notices would be
    // dropped without an error. The topic's policy names the one rule that may publish.
    this.grant(new ServicePrincipal('events.amazonaws.com'), ...PUBLISHING);
  }
}
