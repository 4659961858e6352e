import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusOf, statusText } from '../../../local/cli/config-status.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import type { SweptUpTo } from '../../../shared/store/config-sweep-store.ts';
import { dynamoStores, type Stores } from '../../../shared/store/dynamo-stores.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { localStack } from '../stand-ins/stack.ts';
import { loopwatch } from './loopwatch.ts';

const FIRST = at('03-02 14:00');
const PUSH = at('03-10 14:00');

interface Given {
  applied?: boolean;
  shards?: Record<string, SweptUpTo>;
  swept?: number;
  setAside?: string[];
  now?: Instant;
  verbose?: boolean;
}

/** The status of a stage that divides its due index into four, and got a second configuration. */
function status({ applied = false, shards = {}, swept = 0, setAside = [], now = PUSH, verbose = false }: Given = {}) {
  const inForce = {
    version: '0123456789abcdef',
    config: sampleConfig(),
    pushedAt: PUSH,
    since: FIRST,
    appliedPush: applied ? PUSH : FIRST,
    shardCounts: [4],
  };
  return statusOf('dev', inForce, { progress: { shards, swept }, setAside }, { now, verbose });
}

/** Its text with wrapped lines joined. */
const textOf = (given: Given = {}) => statusText(status(given)).replace(/\n {13}/g, ' ');

const HALFWAY: Record<string, SweptUpTo> = {
  '4.0': 'end',
  '4.1': { referralId: 'R-1', wakeAt: PUSH },
  '4.3': 'end',
};

describe('the status of a configuration', () => {
  it('is swept once all shards are', () => {
    expect(status({ applied: true, shards: HALFWAY, swept: 1234 }).sweep).toEqual({ is: 'swept' });
    expect(textOf({ applied: true }).split('\n')).toEqual([
      'dev: version 0123456789abcdef is in force',
      '  pushed     Tue 10 Mar 2026, 10:00 EDT [2026-03-10T14:00:00Z]',
      '  first push Mon 2 Mar 2026, 09:00 EST [2026-03-02T14:00:00Z]',
      '  sweep      swept: all referrals in the due index are folded with it',
      '  set aside  none',
    ]);
  });

  it('waits until no worker goes on with the configuration before', () => {
    expect(status().sweep).toEqual({ is: 'waiting', after: '2026-03-10T14:06:00.000Z' });
    expect(textOf()).toContain('begins with the first detection run after Tue 10 Mar 2026, 10:06 EDT');
  });

  it('says that the run that begins the sweep is about to come, and when it should have come', () => {
    const due = PUSH + 6 * MINUTE_MS;
    expect(textOf({ now: due })).toContain('begins with the first detection run after Tue 10 Mar');
    expect(textOf({ now: due })).toContain('which comes with the next quarter hour');
    expect(textOf({ now: due + HOUR_MS })).toContain('several were due since: see docs/runbooks.md#runs-failing');
  });

  it('counts the referrals and shards that are swept so far', () => {
    const given = { shards: HALFWAY, swept: 1234 };
    expect(status(given).sweep).toEqual({ is: 'sweeping', referrals: 1234, shards: 4, shardsEnded: 2 });
    expect(textOf(given)).toContain('sweeping: 1,234 referrals so far, shards 2 of 4 at their end');
  });

  it('counts the shards of every division of the index', () => {
    const { sweep } = statusOf(
      'dev',
      { ...status(), config: sampleConfig(), pushedAt: PUSH, since: FIRST, appliedPush: FIRST, shardCounts: [1, 2] },
      { progress: { shards: { '1.0': 'end' }, swept: 1 }, setAside: [] },
      { now: PUSH, verbose: false },
    );
    expect(sweep).toMatchObject({ shards: 3, shardsEnded: 1 });
  });
});

describe('referrals that were set aside', () => {
  const three = ['R-1', 'R-2', 'R-3'];
  const many = Array.from({ length: 30 }, (_, index) => `R-${index + 1}`);

  it('are counted, with what to do, and not named', () => {
    const given = { applied: true, setAside: three };
    expect(status(given).setAside).toEqual({ count: 3 });
    const text = textOf(given);
    expect(text).toContain('folded with it, but those set aside');
    expect(text).toContain('3 referrals can not be read or computed on, and every detection run tries again');
    expect(text).toContain('What to do: docs/runbooks.md#referrals-set-aside. --verbose names them.');
    expect(text).not.toContain('R-1');
  });

  it('are named if asked for', () => {
    const given = { applied: true, setAside: three, verbose: true };
    expect(status(given).setAside).toEqual({ count: 3, referralIds: three });
    expect(statusText(status(given)).split('\n').at(-1)).toBe('             R-1, R-2, R-3');
  });

  it('are named up to 20', () => {
    const given = { applied: true, setAside: many, verbose: true };
    expect(status(given).setAside).toEqual({ count: 30, referralIds: many.slice(0, 20) });
    expect(textOf(given)).toContain('The first 20: R-1, ');
  });
});

describe('loopwatch config status', () => {
  let stack: Awaited<ReturnType<typeof localStack>>;
  let stores: Stores;

  beforeAll(async () => {
    stack = await localStack(['dynamodb', 'sqs']);
    const { referrals = '', operations = '' } = stack.resources.tables;
    stores = dynamoStores(stack.dynamodb, { referrals, operations });
  });

  afterAll(async () => {
    await stack.standIns.stop();
  });

  /** The command with the stand-in as DynamoDB. The stage of the stand-ins is `local`. */
  function configStatus(...args: string[]) {
    const env = { DYNAMODB_ENDPOINT: stack.standIns.endpoints.dynamodb };
    return loopwatch(['config', 'status', ...args], undefined, env);
  }

  /** The sample configuration under another name. */
  function renamed(name: string): Config {
    const config = sampleConfig();
    config.directory.organization.name = name;
    return config;
  }

  it('says what to do if nothing was pushed yet', async () => {
    expect(await configStatus('--stage', 'local')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'loopwatch: local: no configuration has been pushed yet: run `npx loopwatch config push DIR --stage STAGE`\n',
    });
  });

  it('shows the first configuration as swept', async () => {
    const version = await stores.configs.push(sampleConfig(), FIRST);
    const { code, stdout, stderr } = await configStatus('--stage', 'local');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`local: version ${version} is in force\n`);
    expect(stdout).toContain('  first push this one\n');
    expect(stdout).toContain('swept: all referrals');
  });

  it('follows the sweep under the next one, within 80 columns, and names nobody unless asked', async () => {
    const version = await stores.configs.push(renamed('Another'), PUSH, 'arn:aws:iam::111122223333:user/sample');
    await stores.configs.noteShards(4);
    await stores.sweeps.saveProgress(PUSH, { shards: HALFWAY, swept: 1234 }, PUSH);
    await stores.setAsides.put({ referralId: 'R-77', by: 'detect-breaches', error: 'TypeError', since: PUSH });

    const { stdout } = await configStatus('--stage', 'local');
    expect(stdout).toContain('sweeping: 1,234 referrals so far, shards 2 of 4 at their');
    expect(stdout).toMatch(/by\s+arn:aws:iam::111122223333:user\/sample/);
    expect(stdout).toMatch(/^ {2}before {5}[0-9a-f]{16} Mon 2 Mar 2026, 09:00 EST/m);
    expect(stdout).toContain('1 referral can not be read');
    expect(stdout).not.toContain('R-77');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);

    const printed = async (...args: string[]) =>
      JSON.parse((await configStatus('--stage', 'local', '--json', ...args)).stdout);
    const data = {
      stage: 'local',
      version,
      pushedAt: '2026-03-10T14:00:00.000Z',
      since: '2026-03-02T14:00:00.000Z',
      timeZone: 'America/New_York',
      sweep: { is: 'sweeping', referrals: 1234, shards: 4, shardsEnded: 2 },
    };
    const pushes = [
      { version, pushedAt: '2026-03-10T14:00:00.000Z', by: 'arn:aws:iam::111122223333:user/sample' },
      { version: expect.any(String), pushedAt: '2026-03-02T14:00:00.000Z', by: null },
    ];
    expect(await printed()).toEqual({ ...data, pushes, asOf: expect.any(String), setAside: { count: 1 } });
    expect(await printed('--verbose')).toMatchObject({ ...data, setAside: { count: 1, referralIds: ['R-77'] } });
  });

  it('says if the stage is not deployed', async () => {
    const { code, stderr } = await configStatus('--stage', 'other');
    expect(code).toBe(1);
    expect(stderr).toContain('other: no table loopwatch-other-operations in this account and region');
  });

  it('treats a missing stage as wrong usage', async () => {
    expect(await configStatus()).toMatchObject({ code: 2, stderr: expect.stringContaining("'--stage <name>'") });
  });
});
