import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../../local/stand-ins/client-config.ts';
import { type StandIn, startStandIns } from '../../../local/stand-ins/index.ts';
import { newDynamoClient } from '../../../local/stand-ins/own-tables.ts';
import { provision } from '../../../local/stand-ins/provision.ts';
import { localTemplates } from '../../../local/stand-ins/templates.ts';

/** Stand-ins with everything provisioned, and clients for them. */
export async function localStack(only: readonly StandIn[] = ['dynamodb', 'sqs']) {
  const [standIns, templates] = await Promise.all([startStandIns({ only }), localTemplates()]);
  const resources = await provision(templates, standIns.endpoints);
  const sqs = new SQSClient(clientConfig(standIns.endpoints.sqs));
  const dynamodb = newDynamoClient(standIns.endpoints.dynamodb);
  return { standIns, templates, resources, sqs, dynamodb };
}
