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
    // A zombie has ended but still has its process id.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the processes of a rehearsal', () => {
  it('log to a file, and a failure shows its end', async () => {
    await children.run(shell('echo well'));
    expect(readFileSync(children.logOf('shell'), 'utf8')).toBe('well\n');
    const failing = children.run(shell('echo badly >&2; exit 4'));
    await expect(failing).rejects.toThrow(ChildError);
    await expect(failing).rejects.toThrow(/^shell ended with 4:\nwell\nbadly$/);
  });

  it('end with everything that they have started, even if it ignores SIGTERM', async () => {
    children.start(shell('trap "" TERM; sleep 600 & echo $!; wait; sleep 600'));
    const log = () => readFileSync(children.logOf('shell'), 'utf8').trim();
    await expect.poll(log).toMatch(/^\d+$/);
    const grandchild = Number(log());
    expect(isAlive(grandchild)).toBe(true);
    await children.end();
    // It is killed, but remains until its new parent reaps it.
    await expect.poll(() => isAlive(grandchild)).toBe(false);
  });

  it('are not started any more once the end has begun', async () => {
    await children.end();
    await expect(async () => children.start(shell('true'))).rejects.toThrow('the rehearsal is ending');
  });

  it('report a command that does not exist', async () => {
    await expect(children.run({ ...shell(''), command: '/nowhere/command' })).rejects.toThrow(/shell: .*ENOENT/);
  });
});
