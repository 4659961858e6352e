import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { physicalName } from '../settings.ts';

/** The key of a stage: tables, queues, topics and logs are all encrypted with it. */
export class DataKey extends Key {
  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id, {
      alias: physicalName(stage, 'data'),
      description: 'Loopwatch: referral data in tables, queues, topics and logs',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Both publish as services, which an encrypted topic only takes with the key. Without a condition: CloudWatch's
    // calls carry no account, and the policies of the topics say already whose messages they take.
    for (const service of ['ses.amazonaws.com', 'cloudwatch.amazonaws.com']) {
      this.grant(new ServicePrincipal(service), 'kms:Decrypt', 'kms:GenerateDataKey*');
    }
    const logGroups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws/lambda/${physicalName(stage, '*')}`;
    this.grant(
      new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`, {
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      }),
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncrypt*',
      'kms:GenerateDataKey*',
      'kms:DescribeKey',
    );
  }
}
