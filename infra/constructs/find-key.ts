import { RemovalPolicy } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { physicalName } from '../settings.ts';

/**
 * The key by which `loopwatch find` gets from a line of a log to its referral: logs name referrals by a hash that only
 * KMS can make. It encrypts nothing. It outlives its stack, because the logs do; without it their hashes say nothing.
 */
export class FindKey extends Key {
  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id, {
      alias: physicalName(stage, 'find'),
      description: 'Loopwatch: hashes by which logs name referrals',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
