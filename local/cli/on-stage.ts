import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../infra/settings.ts';
import { NoConfigurationError } from '../../shared/store/config-store.ts';
import type { Tables } from '../explain/tables.ts';
import { type Reach, type StageAccess, stageAccess } from './stage-access.ts';

/**
 * Calls `work` with the tables of a deployed stage, in the account and region of its file; at DYNAMODB_ENDPOINT if that is
 * set. Throws what to do instead.
 * @param needs which of the tables `work` uses; an error names them
 */
export async function onStage<T>(
  stage: string,
  needs: readonly (keyof Tables['names'])[],
  work: (tables: Tables, access: StageAccess) => Promise<T>,
  reach: Reach = {},
): Promise<T> {
  const names = { referrals: physicalName(stage, 'referrals'), operations: physicalName(stage, 'operations') };
  let client: DynamoDBClient | undefined;
  try {
    const access = await stageAccess(stage, process.env.DYNAMODB_ENDPOINT, reach);
    client = new DynamoDBClient(access.clientConfig);
    return await work({ client, names }, access);
  } catch (error) {
    if (error instanceof NoConfigurationError) throw new Error(`${stage}: ${error.message}`);
    const needed = needs.map((table) => names[table]).join(' or ');
    throw new Error(`${stage}: ${unreachableText(error as Error, stage, needed)}`, { cause: error });
  } finally {
    client?.destroy();
  }
}

/** What an error of the SDK means to the person who typed the command. */
function unreachableText({ name, message }: Error, stage: string, table: string): string {
  switch (name) {
    case 'CredentialsProviderError':
      return `no AWS credentials: set AWS_PROFILE or log in (${message})`;
    case 'ExpiredToken':
    case 'ExpiredTokenException':
      return `these AWS credentials have expired: log in again (${message})`;
    case 'ResourceNotFoundException':
      return `no table ${table} in this account and region: deploy the stage first, or set AWS_PROFILE and AWS_REGION`;
    case 'AccessDeniedException':
      return `these credentials may not use the table ${table}: ${message}`;
    default:
      if (message !== 'Region is missing') return message || name;
      return `no AWS region: set "region" in infra/stages/${stage}.json, or AWS_REGION`;
  }
}
