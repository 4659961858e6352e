import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The two tables of an instance or a stage: their names, and a client that reaches them. */
export interface Tables {
  client: DynamoDBClient;
  names: { referrals: string; operations: string };
}
