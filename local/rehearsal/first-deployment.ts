import { physicalName } from '../../infra/settings.ts';
import { type Answer, type Aws, AwsError } from './aws.ts';
import type { Checks } from './checks.ts';
import { ChildError } from './children.ts';
import { type Command, documentedCommands, isMissing, run } from './documented.ts';

export interface FirstDeployment {
  aws: Aws;
  checks: Checks;
  stage: string;
  identity: string;
  /** `cdk deploy --all` of the stage; rejects with ChildError if it fails. */
  deploy(): Promise<void>;
}

/** What an earlier stage of the same name has left: a queue, and a table that is protected from deletion. */
const LEFT = { queue: 'scheduler-dlq', table: 'referrals' };
const WAY_OUT = 'A first deployment that failed';
const LEFTOVERS = 'What is left of a stage';

/**
 * Has a first deployment fail because a queue's name is taken, looks at what is left, and follows docs/deploy.md, with
 * its own commands, until a stage of that name can be deployed.
 */
export async function failAndGetOut(first: FirstDeployment): Promise<void> {
  const { aws, checks, stage, identity } = first;
  await leaveRemains(aws, stage);
  checks.note('a first deployment fails at a name that is taken', await problemOf(first.deploy));

  const stack = physicalName(stage, 'state');
  const { StackStatus, EnableTerminationProtection } = (
    await aws.call('cloudformation', 'DescribeStacks', { StackName: stack })
  ).Stacks[0];
  checks.note('it was rolled back whole', StackStatus === 'ROLLBACK_COMPLETE' ? null : StackStatus);
  checks.note('its stack is protected from deletion', EnableTerminationProtection ? null : 'it is not');
  checks.note('and can only be deleted once that is lifted', await refused(aws, stack));
  const others = (await namesOf(aws, stage)).filter((name) => !Object.values(LEFT).includes(name));
  checks.note('no table, queue, topic or key of it is left', others.join(', '));

  const commands = documentedCommands(WAY_OUT, stage, identity);
  for (const command of commands) await run(aws, command);
  for (const command of documentedCommands(LEFTOVERS, stage, identity)) await runIfThere(aws, command);
  checks.note('the way out in docs/deploy.md leaves nothing of the name', (await namesOf(aws, stage)).join(', '));
}

async function leaveRemains(aws: Aws, stage: string): Promise<void> {
  await aws.call('sqs', 'CreateQueue', { QueueName: physicalName(stage, LEFT.queue) });
  await aws.call('dynamodb', 'CreateTable', {
    TableName: physicalName(stage, LEFT.table),
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: true,
  });
}

async function problemOf(deploy: () => Promise<void>): Promise<string | null> {
  try {
    await deploy();
    return 'it went through';
  } catch (error) {
    if (error instanceof ChildError) return null;
    throw error;
  }
}

async function refused(aws: Aws, StackName: string): Promise<string | null> {
  try {
    await aws.call('cloudformation', 'DeleteStack', { StackName });
    return 'it was deleted at once';
  } catch (error) {
    if (error instanceof AwsError && /TerminationProtection/i.test(error.message)) return null;
    throw error;
  }
}

/** Runs a command; that there is nothing of the name is as good as done, as the page says. */
async function runIfThere(aws: Aws, command: Command): Promise<void> {
  try {
    await run(aws, command);
  } catch (error) {
    if (!isMissing(error)) throw new Error(`${command}: ${(error as Error).message}`, { cause: error });
  }
}

/** Everything in the account with a name of the stage, by purpose. */
async function namesOf(aws: Aws, stage: string): Promise<string[]> {
  const prefix = physicalName(stage, '');
  const tables: string[] = (await aws.call('dynamodb', 'ListTables')).TableNames;
  const queues: string[] = (await aws.call('sqs', 'ListQueues', { QueueNamePrefix: prefix })).QueueUrls ?? [];
  const topics: string[] = (await aws.call('sns', 'ListTopics')).Topics.map(({ TopicArn }: Answer) => TopicArn);
  const aliases: string[] = (await aws.call('kms', 'ListAliases')).Aliases.map(({ AliasName }: Answer) => AliasName);
  const keys: string[] = [];
  for (const { KeyId } of (await aws.call('kms', 'ListKeys')).Keys) {
    const { KeyMetadata } = await aws.call('kms', 'DescribeKey', { KeyId });
    if (KeyMetadata.Description.startsWith('Loopwatch') && KeyMetadata.KeyState !== 'PendingDeletion') {
      keys.push(`${prefix}${KeyMetadata.Description}`);
    }
  }
  return [...tables, ...queues, ...topics, ...aliases, ...keys]
    .filter((name) => name.includes(prefix))
    .map((name) => name.slice(name.indexOf(prefix) + prefix.length));
}
