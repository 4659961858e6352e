import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperatedStage, operatedStage } from './operated-stage.ts';

/** `loopwatch restore`, as somebody types it. What it puts back is in test/chaos/restore.test.ts. */

let stage: OperatedStage;
beforeAll(async () => {
  stage = await operatedStage();
});
afterAll(() => stage.stack.standIns.stop());

describe('restore', () => {
  it.each(['--referrals', '--operations'])(
    'names the table that was mistyped after %s, not the stage’s',
    async (option) => {
      const { code, stdout, stderr } = await stage.onStage('restore', option, 'no-such-table', '--yes');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('no table no-such-table in this account and region');
      expect(stderr).not.toContain('deploy the stage');
    },
  );

  it('changes nothing where nothing is lacking', async () => {
    const { code, stdout } = await stage.onStage('restore', '--operations', stage.tables.operations, '--yes');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('0 items put back') });
  });
});
