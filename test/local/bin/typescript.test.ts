import { expect, it } from 'vitest';
import { loopwatch } from '../cli/loopwatch.ts';

it('runs on a Node that does not strip types', async () => {
  const version = await loopwatch(['--version']);
  expect(version).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  const told = { NODE_OPTIONS: '--no-experimental-strip-types' };
  expect(await loopwatch(['--version'], undefined, told)).toEqual(version);
});
