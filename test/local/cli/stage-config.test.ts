import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../local/packs/packs.ts';
import { DEFAULT_UNTIL } from '../../../local/simulate/default-until.ts';
import { directoryOf } from '../../../local/simulate/organization.ts';
import { DynamoConfigStore } from '../../../shared/store/dynamo-config-store.ts';
import { Table } from '../../../shared/store/table.ts';
import { localStack } from '../stand-ins/stack.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

let stack: Awaited<ReturnType<typeof localStack>>;
const folder = temporaryFolder();

beforeAll(async () => {
  stack = await localStack(['dynamodb', 'sqs']);
  write(directoryOf(DEFAULT_UNTIL));
});

afterAll(async () => {
  await stack.standIns.stop();
});

function write(directory: object, policy: object = defaultPolicy()): void {
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
  writeFileSync(join(folder, 'directory.json'), JSON.stringify(directory));
}

/** The command with the stand-in as DynamoDB. The stage of the stand-ins is `local`. */
function onStandIn(...args: string[]) {
  return loopwatch(['config', ...args], undefined, { DYNAMODB_ENDPOINT: stack.standIns.endpoints.dynamodb });
}

/** The environment of a machine outside AWS without an AWS profile and region. */
const NOTHING = {
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: undefined,
  AWS_PROFILE: undefined,
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
};

describe('loopwatch config push and pull', () => {
  it('pull says what to do if nothing was pushed yet', async () => {
    expect(await onStandIn('pull', '--stage', 'local', '--out', join(folder, 'none'))).toEqual({
      code: 1,
      stdout: '',
      stderr: 'loopwatch: local: no configuration has been pushed yet: run `loopwatch config push DIR --stage STAGE`\n',
    });
  });

  it('push puts a configuration in force and says what it replaced', async () => {
    const first = await onStandIn('push', folder, '--stage', 'local');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const version = /^local: version ([0-9a-f]{16}), the first one\n$/.exec(first.stdout)?.[1];
    expect(version).toBeDefined();

    const again = await onStandIn('push', folder, '--stage', 'local');
    expect(again.stdout).toBe(`local: unchanged, version ${version} is in force\n`);

    const { people, ...rest } = directoryOf(DEFAULT_UNTIL);
    write({ ...rest, people: people.map((person) => ({ ...person, name: `${person.name}, renamed` })) });
    const { stdout } = await onStandIn('push', folder, '--stage', 'local', '--json');
    const pushed = JSON.parse(stdout);
    expect(pushed).toEqual({
      stage: 'local',
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      replaced: version,
      changed: ['directory'],
    });
    const store = new DynamoConfigStore(new Table(stack.dynamodb, 'loopwatch-local-operations'));
    const stored = await store.inForce();
    expect(stored.version).toBe(pushed.version);
    expect(stored.config.directory.people[0]?.name).toBe('Coordinator One, renamed');
  });

  it('push names both versions and the files that changed', async () => {
    const policy = defaultPolicy();
    write(directoryOf(DEFAULT_UNTIL), {
      versions: policy.versions.map((version) => ({ ...version, version: 'another' })),
    });
    const { stdout } = await onStandIn('push', folder, '--stage', 'local');
    expect(stdout).toMatch(/^local: version [0-9a-f]{16} -> [0-9a-f]{16}, policy\.json and directory\.json changed\n$/);
  });

  it('pull writes a valid configuration that, pushed back, changes nothing', async () => {
    const out = join(folder, 'pulled');
    const pulled = await onStandIn('pull', '--stage', 'local', '--out', out);
    expect(pulled).toMatchObject({ code: 0, stderr: '' });
    expect(pulled.stdout).toContain(join(out, 'policy.json'));
    expect(readFileSync(join(out, 'directory.json'), 'utf8')).toContain('Example Health (fictitious)');
    expect((await onStandIn('validate', out)).code).toBe(0);
    const pushed = await onStandIn('push', out, '--stage', 'local');
    expect(pushed.stdout).toMatch(/^local: unchanged, version [0-9a-f]{16} is in force\n$/);
  });

  it('push refuses an invalid configuration with every problem, and keeps the one in force', async () => {
    const before = (await onStandIn('push', folder, '--stage', 'local', '--json')).stdout;
    write({ ...directoryOf(DEFAULT_UNTIL), sites: [] }, { versions: [] });
    const { code, stdout, stderr } = await onStandIn('push', folder, '--stage', 'local');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('in the configuration');
    expect(stderr).toContain('policy.json versions');
    const store = new DynamoConfigStore(new Table(stack.dynamodb, 'loopwatch-local-operations'));
    expect((await store.inForce()).version).toBe(JSON.parse(before).version);
    write(directoryOf(DEFAULT_UNTIL));
  });

  it.each(['push', 'pull'])('%s says if the stage is not deployed', async (command) => {
    const dir = command === 'push' ? [folder] : [];
    const { code, stderr } = await onStandIn(command, ...dir, '--stage', 'other');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'loopwatch: other: no table loopwatch-other-operations in this account and region: deploy the stage first, or set AWS_PROFILE and AWS_REGION\n',
    });
  });

  it('treats a name that no stage can have as wrong usage', async () => {
    const { code, stderr } = await onStandIn('push', folder, '--stage', 'My_Stage');
    expect(code).toBe(2);
    expect(stderr).toContain('expected 1 to 16 lower-case letters and digits');
  });

  it('says that a region is missing', async () => {
    const { code, stderr } = await loopwatch(['config', 'push', folder, '--stage', 'dev'], undefined, NOTHING);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'loopwatch: dev: no AWS region: set AWS_REGION\n' });
  });

  it('says that credentials are missing', async () => {
    const env = { ...NOTHING, AWS_REGION: 'us-east-1' };
    const { code, stderr } = await loopwatch(['config', 'push', folder, '--stage', 'dev'], undefined, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^loopwatch: dev: no AWS credentials: set AWS_PROFILE or log in \(.*\)\n$/);
  });
});
