import { physicalName } from '../../infra/settings.ts';
import { type Aws, AwsError } from './aws.ts';
import type { Checks } from './checks.ts';
import type { Endpoint } from './endpoint.ts';

/** The role of the rehearsal's operator before they take on the stage's operator's role. */
const ON_CALL = 'rehearsal-on-call';

/** What a stage's file is given in a rehearsal: somebody to operate it, and a sender in another account. */
export function rehearsalPeople(account: string) {
  return {
    operators: [`arn:aws:iam::${account}:role/${ON_CALL}`],
    senders: ['111122223333'],
  };
}

/**
 * Makes the role that the stage's file names as its operator, because AWS refuses a policy that names nobody. It may
 * assume roles; which ones, their own policies say.
 */
export async function makeOperator(aws: Aws, account: string): Promise<void> {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${account}:root` } };
  await aws.call('iam', 'CreateRole', {
    RoleName: ON_CALL,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  });
  const assuming = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
  await aws.call('iam', 'PutRolePolicy', {
    RoleName: ON_CALL,
    PolicyName: 'assume',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [assuming] }),
  });
}

/** Takes on the operator's role by way of the role that may, and returns the environment with its credentials. */
export async function asOperator(
  { as, env }: { as: (env: NodeJS.ProcessEnv) => Aws; env: NodeJS.ProcessEnv },
  { account, region }: Endpoint,
  stage: string,
): Promise<NodeJS.ProcessEnv> {
  const onCall = await assume(as(env), account, ON_CALL, env);
  return assume(as(onCall), account, `${physicalName(stage, 'operator')}-${region}`, onCall);
}

async function assume(aws: Aws, account: string, role: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { Credentials } = await aws.call('sts', 'AssumeRole', {
    RoleArn: `arn:aws:iam::${account}:role/${role}`,
    RoleSessionName: 'rehearsal',
  });
  return {
    ...env,
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials.SessionToken,
  };
}

/** What an operator may and may not do, asked under the deployed role. */
export async function checkOperator(aws: Aws, stage: string, checks: Checks): Promise<void> {
  const TableName = physicalName(stage, 'operations');
  const QueueName = physicalName(stage, 'mail-jobs-dlq');
  const { QueueUrl } = await aws.call('sqs', 'GetQueueUrl', { QueueName });
  const inQuarantine = { pk: { S: 'quarantine#invalid' }, sk: { S: 'none' } };
  const may: [string, Promise<unknown>][] = [
    ['read a table', aws.call('dynamodb', 'GetItem', { TableName, Key: inQuarantine })],
    ['discard what lies in quarantine', aws.call('dynamodb', 'DeleteItem', { TableName, Key: inQuarantine })],
    ['receive dead letters', aws.call('sqs', 'ReceiveMessage', { QueueUrl })],
    ['look at a schedule', aws.call('scheduler', 'GetSchedule', { Name: physicalName(stage, 'plan-mail') })],
  ];
  for (const [what, call] of may) checks.note(`an operator may ${what}`, await errorOf(call));
  const mayNot: [string, Promise<unknown>][] = [
    ['delete a table', aws.call('dynamodb', 'DeleteTable', { TableName })],
    ['delete a queue', aws.call('sqs', 'DeleteQueue', { QueueUrl })],
    ['delete a function', aws.call('lambda', 'DeleteFunction', { FunctionName: physicalName(stage, 'send-mail') })],
    ['make a user', aws.call('iam', 'CreateUser', { UserName: 'other' })],
  ];
  for (const [what, call] of mayNot) {
    const error = await errorOf(call);
    const denied = error !== null && /AccessDenied|not authorized/i.test(error);
    checks.note(`an operator may not ${what}`, denied ? null : (error ?? 'it was done'));
  }
}

/** What a call failed with; null if it didn't. */
async function errorOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    return error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
  }
}
