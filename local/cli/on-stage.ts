import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../infra/settings.ts';
import { NoConfigurationError } from '../../shared/store/config-store.ts';
import type { Tables } from '../explain/tables.ts';
import { clientConfig } from '../stand-ins/client-config.ts';

/**
 * Calls `work` with the tables of a deployed stage, at DYNAMODB_ENDPOINT if set, else at AWS. Throws what to do instead.
 * @param needs which of the tables `work` uses; an error names them
 */
export async function onStage<T>(
  stage: string,
  needs: readonly (keyof Tables['names'])[],
  work: (tables: Tables) => Promise<T>,
): Promise<T> {
  const names = { referrals: physicalName(stage, 'referrals'), operations: physicalName(stage, 'operations') };
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  const client = new DynamoDBClient(endpoint ? clientConfig(endpoint) : {});
  try {
    return await work({ client, names });
  } catch (error) {
    if (error instanceof NoConfigurationError) throw new Error(`${stage}: ${error.message}`);
    const needed = needs.map((table) => names[table]).join(' or ');
    throw new Error(`${stage}: ${unreachableText(error as Error, needed)}`, { cause: error });
  } finally {
    client.destroy();
  }
}

/** What an error of the SDK means to the person who typed the command. */
function unreachableText({ name, message }: Error, table: string): string {
  switch (name) {
    case 'CredentialsProviderError':
      return `no AWS credentials: set AWS_PROFILE or log in (${message})`;
    case 'ResourceNotFoundException':
      return `no table ${table} in this account and region: deploy the stage first, or set AWS_PROFILE and AWS_REGION`;
    case 'AccessDeniedException':
      return `these credentials may not use the table ${table}: ${message}`;
    default:
      return message === 'Region is missing' ? 'no AWS region: set AWS_REGION' : message || name;
  }
}
