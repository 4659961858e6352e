import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { physicalName } from '../settings.ts';
import { ownArn, viaService } from './own-arn.ts';
import { senderPrincipals } from './senders.ts';

/** The key of a stage: tables, queues, logs and the topic of mail events are all encrypted with it. */
export class DataKey extends Key {
  /** @param senders who in other accounts may send referral events, as in the stage's file */
  constructor(scope: Construct, id: string, stage: string, senders: readonly string[]) {
    super(scope, id, {
      alias: physicalName(stage, 'data'),
      description: 'Loopwatch: referral data in tables, queues, topics and logs',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // SES publishes as a service, and an encrypted topic accepts that only if it may use the key.
    this.grant(
      new ServicePrincipal('ses.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnEquals: { 'aws:SourceArn': ownArn('ses', `configuration-set/${physicalName(stage, 'mail')}`) },
        },
      }),
      'kms:Decrypt',
      'kms:GenerateDataKey*',
    );
    this.grant(
      new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`, {
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': ownArn('logs', `log-group:/aws/lambda/${physicalName(stage, '*')}`),
          },
        },
      }),
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncrypt*',
      'kms:GenerateDataKey*',
      'kms:DescribeKey',
    );
    // Decrypt, too: SQS checks with it that it can open what it is about to store.
    for (const sender of senderPrincipals(senders)) {
      this.grant(sender.withConditions(viaService('sqs')), 'kms:GenerateDataKey', 'kms:Decrypt');
    }
  }
}
