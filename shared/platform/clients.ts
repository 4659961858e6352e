import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';

/** The AWS clients of deployed functions, made when first asked for. Bundling leaves out those that nobody names. */

const endpoint = (url: string | undefined): { endpoint?: string } => (url ? { endpoint: url } : {});

export const dynamodbClient = (): DynamoDBClient => new DynamoDBClient(endpoint(process.env.DYNAMODB_ENDPOINT));

export const sqsClient = (): SQSClient => new SQSClient(endpoint(process.env.SQS_ENDPOINT));

/** SES has no idempotency token: after a lost answer the SDK's own retry would send a second mail. */
export const sesClient = (): SESClient => new SESClient({ ...endpoint(process.env.SES_ENDPOINT), maxAttempts: 1 });

/** It only serves to say in a log whose failure it was: one short attempt, as a function's time is for its work. */
export const kmsClient = (): KMSClient =>
  new KMSClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1000, requestTimeout: 2000 } });
