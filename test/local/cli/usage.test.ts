import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

const folder = temporaryFolder();

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout } = await loopwatch(['--help']);
    expect(code).toBe(0);
    for (const command of [
      ...['demo', 'init', 'simulate', 'replay', 'explain', 'ack', 'snooze', 'config'],
      ...['quarantine', 'dlq', 'mail', 'doctor'],
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    expect(stdout).toContain('Exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped with Ctrl-C.');
  });

  it.each([
    ['demo', ['--exit', '--like', '--referrals', '--weeks', '--seed', '--json']],
    ['simulate', ['--like', '--referrals', '--weeks', '--seed', '--out', '--until']],
    ['explain', ['--from', '--stage', '--all', '--json']],
    ['quarantine replay', ['--reason', '--since', '--until', '--dry-run', '--wait', '--stage', '--json']],
    ['dlq redrive', ['--dry-run', '--rate', '--stage', '--json']],
    ['mail resend', ['--dry-run', '--yes', '--stage', '--json']],
    ['doctor', ['--stage', '--json']],
    ['snooze', ['--until', '--by', '--instance', '--note', '--stage', '--queue-url']],
  ])('names the options of %s', async (command, options) => {
    const { code, stdout } = await loopwatch([...command.split(' '), '--help']);
    expect(code).toBe(0);
    for (const option of options) expect(stdout).toContain(option);
  });
});

describe('exit codes', () => {
  it.each([
    ['an unknown command', ['ponder'], "unknown command 'ponder'"],
    ['a missing option', ['ack', 'R-1', 'note'], "required option '--by <who>'"],
    ['an unknown kind of alert', ['ack', 'R-1', 'naps', '--by', 'me'], 'expected one of acceptance, first_attempt'],
    ['an empty name', ['dialect', 'draft', 'x.csv', '--sender', ' '], 'expected a name'],
    ['no count', ['demo', '--referrals', 'many'], 'expected a positive integer'],
    ['no known organization', ['demo', '--like', 'huge'], 'Allowed choices are swamped, calm, small'],
    [
      'no instant',
      ['snooze', 'R-1', 'note', '--by', 'me', '--until', 'soon'],
      'such as 2026-03-25T12:00:00Z or 2026-03-25T12:00:00-05:00',
    ],
  ])('is 2 for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await loopwatch(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('is 1 if no instance is running, with what to do', async () => {
    const { code, stderr } = await loopwatch(['explain', 'R-1'], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('no local instance is running: start one with `npx loopwatch demo`');
  });

  it('is 1 for a folder that replay did not write', async () => {
    const { code, stderr } = await loopwatch(['explain', 'R-1', '--from', folder]);
    expect(code).toBe(1);
    expect(stderr).toContain('holds no readable log.ndjson');
  });
});

describe('loopwatch simulate', () => {
  it('writes the same bytes for the same seed, and a valid configuration', async () => {
    const out = (name: string) => join(folder, name, 'events.ndjson');
    const options = ['simulate', '--referrals', '15', '--weeks', '4', '--seed', '7', '--out'];
    const runs = await Promise.all([loopwatch([...options, out('a')]), loopwatch([...options, out('b'), '--json'])]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(readFileSync(out('a'), 'utf8')).toBe(readFileSync(out('b'), 'utf8'));
    expect(JSON.parse(runs[1].stdout)).toMatchObject({ refused: 5, config: join(folder, 'b', 'config') });
    const { code } = await loopwatch(['config', 'validate', join(folder, 'a', 'config')]);
    expect(code).toBe(0);
  });

  it('writes another organization, of a size of its own, where that is asked for', async () => {
    const out = join(folder, 'small', 'events.ndjson');
    const { code, stdout } = await loopwatch(['simulate', '--like', 'small', '--seed', '7', '--out', out, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ referrals: 26, refused: 1 });
  });
});
