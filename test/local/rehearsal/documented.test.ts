import { describe, expect, it } from 'vitest';
import { type Aws, AwsError } from '../../../local/rehearsal/aws.ts';
import { documentedCommands, isMissing, run } from '../../../local/rehearsal/documented.ts';

/** Answers every call, and remembers them. */
function answering(answer: object) {
  const calls: unknown[] = [];
  const call = async (...args: unknown[]) => {
    calls.push(args);
    return answer;
  };
  return { aws: { call } as unknown as Aws, calls };
}

describe('a command of a page', () => {
  it.each([
    [
      'aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name loopwatch-qa-state',
      [
        'cloudformation',
        'UpdateTerminationProtection',
        { EnableTerminationProtection: false, StackName: 'loopwatch-qa-state' },
      ],
    ],
    [
      'aws kms schedule-key-deletion --pending-window-in-days 30 --key-id k',
      ['kms', 'ScheduleKeyDeletion', { PendingWindowInDays: 30, KeyId: 'k' }],
    ],
    [
      'aws resourcegroupstaggingapi get-resources --resource-type-filters kms:key --tag-filters Key=a:b,Values=qa',
      [
        'resourcegroupstaggingapi',
        'GetResources',
        { ResourceTypeFilters: ['kms:key'], TagFilters: [{ Key: 'a:b', Values: ['qa'] }] },
      ],
    ],
  ])('calls what the CLI would: %s', async (command, call) => {
    const { aws, calls } = answering({});
    await run(aws, command);
    expect(calls).toEqual([call]);
  });

  it('takes what another one prints, by its query', async () => {
    const { aws, calls } = answering({ KeyMetadata: { KeyId: 'the-key' } });
    await run(
      aws,
      'aws kms enable-key --key-id "$(aws kms describe-key --key-id alias/a --query KeyMetadata.KeyId --output text)"',
    );
    expect(calls).toEqual([
      ['kms', 'DescribeKey', { KeyId: 'alias/a' }],
      ['kms', 'EnableKey', { KeyId: 'the-key' }],
    ]);
  });

  it('is of the stage that is rehearsed', () => {
    const commands = documentedCommands('What is left of a stage', 'qa', 'example.com').join('\n');
    expect(commands).toContain('--table-name loopwatch-qa-referrals');
    expect(commands).toContain('--email-identity example.com');
    expect(commands).not.toMatch(/loopwatch-dev|Values=dev|example\.org/);
  });

  it('of a section that is not there is an error', () => {
    expect(() => documentedCommands('No such section', 'qa', 'example.com')).toThrow('has no commands');
  });
});

describe('an answer', () => {
  it.each([
    'ResourceNotFoundException',
    'NotFoundException',
    'AWS.SimpleQueueService.NonExistentQueue',
    'QueueDoesNotExist',
  ])('says by %s that there is nothing of a name', (code) => {
    expect(isMissing(new AwsError(code, ''))).toBe(true);
  });

  it.each([new AwsError('AccessDenied', ''), new Error('NotFound')])('says nothing of the kind by %s', (error) => {
    expect(isMissing(error)).toBe(false);
  });
});
