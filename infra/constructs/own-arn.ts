import { Aws } from 'aws-cdk-lib';

/** The ARN of a resource of this account, region and partition, such as `ownArn('sqs', name)`. */
export function ownArn(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** Condition of a right on a key: it holds only for calls that a service of this region makes in the caller's name. */
export function viaService(service: string): Record<string, Record<string, string>> {
  // Service endpoints end the same in GovCloud.
  return { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` } };
}
