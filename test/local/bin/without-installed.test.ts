import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** A checkout before `npm ci`. */
const bare = realpathSync(temporaryFolder());

beforeAll(() => {
  mkdirSync(join(bare, 'local'));
  cpSync(join(ROOT, 'local', 'bin'), join(bare, 'local', 'bin'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(bare, 'package.json'));
});

const run = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: bare,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return { status, stdout, stderr };
};

describe('a checkout where nothing is installed', () => {
  it('says what to do', () => {
    expect(run(process.execPath, join('local', 'bin', 'loopwatch.mjs'), '--version')).toEqual({
      status: 1,
      stdout: '',
      stderr: `What Loopwatch needs isn't installed. Run this in ${bare}: npm ci\n`,
    });
  });

  it('is not packed: a package would not work', () => {
    const { status, stderr } = run('npm', 'pack', '--offline');
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("Loopwatch isn't packed") });
  });
});

it('sets variables that stand before the command', () => {
  const launcher = join(ROOT, 'local', 'bin', 'lambda-node.mjs');
  const { stdout } = run(process.execPath, launcher, 'ONE=1', 'TWO=a=b', '-p', 'process.env.ONE + process.env.TWO');
  expect(stdout.trim()).toBe('1a=b');
});
