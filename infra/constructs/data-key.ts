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
    // SES and CloudWatch publish as services, and an encrypted topic accepts that only if they may use the key. There is
    // no condition: CloudWatch's calls carry no account, and the topics' policies already limit who may publish.
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
