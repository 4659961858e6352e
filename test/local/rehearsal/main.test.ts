import { spawn } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Outcome, outcomeOf } from '../outcome.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MAIN = fileURLToPath(new URL('../../../local/rehearsal/main.ts', import.meta.url));
const folder = temporaryFolder();

/** A shell script that stands in for an interpreter. */
function python(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

function rehearsal(...args: string[]): Promise<Outcome> {
  const env = { ...process.env, TMPDIR: folder };
  return outcomeOf(
    spawn(process.execPath, ['--import', 'tsx', MAIN, '--logs', join(folder, 'logs'), ...args], { env }),
  );
}

const leftBehind = () => readdirSync(folder).filter((name) => name.startsWith('loopwatch-rehearsal-'));

describe('npm run deploy:rehearsal', () => {
  it('ends with 2 and says that there is no Python', async () => {
    const { code, stderr } = await rehearsal('--python', join(folder, 'none'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\nNo rehearsal on this machine: .*none can't be run: .*ENOENT/);
    expect(leftBehind()).toEqual([]);
  });

  it('ends with 2 and the message of pip if the package cannot be installed', async () => {
    const pip = 'echo "Could not find a version that satisfies the requirement" >&2; exit 1';
    // This script is the interpreter of the virtual environment too, and fails at `-m pip`.
    const script = [
      `if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit 0; fi`,
      `if [ "$2" = pip ]; then ${pip}; fi`,
    ].join('\n');
    const { code, stderr } = await rehearsal('--python', python('without-network', script));
    expect(code).toBe(2);
    expect(stderr).toContain("No rehearsal on this machine: ministack==1.5.33 can't be installed from PyPI");
    expect(stderr).toContain('Could not find a version that satisfies the requirement');
    expect(readFileSync(join(folder, 'logs', 'pip.log'), 'utf8')).toContain('Could not find a version');
    expect(leftBehind()).toEqual([]);
  });

  it('ends with 1 and says where the logs are if the emulator does not start', async () => {
    const script = `if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi
case "$1" in */emulator.py) exit 3;; esac`;
    const { code, stderr } = await rehearsal('--python', python('broken-emulator', script));
    expect(code).toBe(1);
    expect(stderr).toContain(`The rehearsal failed, logs are in ${join(folder, 'logs')}: the emulator ended with 3`);
    expect(leftBehind()).toEqual([]);
  });

  it('ends with 2 and its usage for an unknown option', async () => {
    const { code, stderr } = await rehearsal('--fast');
    expect(code).toBe(2);
    expect(stderr).toContain("Unknown option '--fast'");
    expect(stderr).toContain('npm run deploy:rehearsal [-- options]');
  });
});
