import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChildError, Children } from '../../../local/rehearsal/children.ts';

let logs: string;
let children: Children;

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'children-'));
  children = new Children(logs);
});

afterEach(async () => {
  await children.end();
  rmSync(logs, { recursive: true });
});

const shell = (script: string) => ({ name: 'shell', command: 'sh', args: ['-c', script], env: process.env, cwd: logs });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended and that nobody has asked for still has its number.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the processes of a rehearsal', () => {
  it('log to a file, of which a failure shows the end', async () => {
    await children.run(shell('echo well'));
    expect(readFileSync(children.logOf('shell'), 'utf8')).toBe('well\n');
    const failing = children.run(shell('echo badly >&2; exit 4'));
    await expect(failing).rejects.toThrow(ChildError);
    await expect(failing).rejects.toThrow(/^shell ended with 4:\nwell\nbadly$/);
  });

  it('end with all that they have started, even one that takes no notice', async () => {
    children.start(shell('trap "" TERM; sleep 600 & echo $!; wait; sleep 600'));
    const log = () => readFileSync(children.logOf('shell'), 'utf8').trim();
    await expect.poll(log).toMatch(/^\d+$/);
    const grandchild = Number(log());
    expect(isAlive(grandchild)).toBe(true);
    await children.end();
    // Killed it is, but its new parent still has to take note of that.
    await expect.poll(() => isAlive(grandchild)).toBe(false);
  });

  it('are no more once the end has begun', async () => {
    await children.end();
    await expect(async () => children.start(shell('true'))).rejects.toThrow('the rehearsal is ending');
  });

  it('say so where a command is not there', async () => {
    await expect(children.run({ ...shell(''), command: '/nowhere/command' })).rejects.toThrow(/shell: .*ENOENT/);
  });
});
