import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperatedStage, operatedStage, SECRET, widest } from './operated-stage.ts';

let stage: OperatedStage;
const onStage = (...args: string[]) => stage.onStage(...args);

beforeAll(async () => {
  stage = await operatedStage();
});

afterAll(() => stage.stack.standIns.stop());

describe('loopwatch dlq', () => {
  const put = (purpose: string, MessageBody: string) =>
    stage.stack.sqs.send(new SendMessageCommand({ QueueUrl: stage.stack.resources.queues[purpose]?.url, MessageBody }));

  it('lists how many dead letters there are, and no message', async () => {
    expect((await onStage('dlq', 'list')).stdout).toMatch(/^stage local: no dead letters\n {2}referral-events +0\n/);
    await put('mail-jobs-dlq', JSON.stringify({ mailId: SECRET }));
    await put('scheduler-dlq', '{}');
    const { stdout } = await onStage('dlq', 'list');
    expect(stdout).toMatch(/^stage local: 2 dead letters\n/);
    expect(stdout).toMatch(/ {2}mail-jobs +1 {2}oldest 0 min, expires in 13 days\n/);
    expect(stdout).toContain('npx loopwatch dlq redrive mail-jobs --stage local');
    expect(stdout).not.toContain(SECRET);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it('sends them back, and nothing in a dry run', async () => {
    expect((await onStage('dlq', 'redrive', '--dry-run')).stdout).toContain('mail-jobs: would send back 1 message\n');
    expect((await onStage('dlq', 'redrive', 'mail-jobs')).stdout).toBe('mail-jobs: sent back 1 message\n');
    expect((await onStage('dlq', 'redrive', 'mail-jobs')).stdout).toBe('mail-jobs: nothing to send back\n');
  });

  it("says why the scheduler's can't be sent back, and discards only them", async () => {
    const { code, stderr } = await onStage('dlq', 'redrive', 'scheduler');
    expect(code).toBe(2);
    expect(stderr).toContain('the next run, a quarter hour later, does what it would have done');
    expect((await onStage('dlq', 'discard', 'mail-jobs', '--yes')).code).toBe(2);
    expect((await onStage('dlq', 'discard', 'scheduler')).code).toBe(2);
    expect((await onStage('dlq', 'discard', 'scheduler', '--dry-run')).stdout).toContain('would discard 1 message');
    expect((await onStage('dlq', 'discard', 'scheduler', '--yes')).stdout).toBe('scheduler: discarded 1 message\n');
  });
});
