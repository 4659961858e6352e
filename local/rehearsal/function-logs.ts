import { appendFileSync } from 'node:fs';
import { physicalName } from '../../infra/settings.ts';
import type { Answer, Aws } from './aws.ts';
import { AwsError } from './aws.ts';
import type { Children } from './children.ts';

/** Writes the logs of a stage's functions to `functions.log`, which often has the reason why a step failed. */
export async function keepFunctionLogs(aws: Aws, stage: string, children: Children): Promise<void> {
  const logGroupNamePrefix = `/aws/lambda/${physicalName(stage, '')}`;
  const { logGroups } = await aws.call('logs', 'DescribeLogGroups', { logGroupNamePrefix });
  for (const { logGroupName } of logGroups as Answer[]) {
    const lines = await messagesOf(aws, logGroupName);
    appendFileSync(children.logOf('functions'), [`== ${logGroupName}`, ...lines, ''].join('\n'));
  }
}

async function messagesOf(aws: Aws, logGroupName: string): Promise<string[]> {
  try {
    const { events } = await aws.call('logs', 'FilterLogEvents', { logGroupName });
    return events.map(({ message }: Answer) => String(message).trimEnd());
  } catch (error) {
    if (error instanceof AwsError) return [`can't be read: ${error.message}`];
    throw error;
  }
}
