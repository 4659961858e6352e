import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pushStageConfig } from '../../../local/cli/stage-config.ts';
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
      stderr:
        'loopwatch: local: no configuration has been pushed yet: run `npx loopwatch config push DIR --stage STAGE`\n',
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
      inPlace: [],
      by: null,
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

  it('push warns of a version of the policy that has changed under its name', async () => {
    const directory = directoryOf(DEFAULT_UNTIL);
    const [version] = defaultPolicy().versions;
    if (version === undefined) return expect.unreachable();
    const named = (name: string, quietDays: number) => ({
      ...version,
      version: name,
      attempts: { ...version.attempts, quietDays },
    });
    write(directory, { versions: [named('one', 14)] });
    expect((await onStandIn('push', folder, '--stage', 'local')).stderr).toBe('');
    write(directory, { versions: [named('one', 15)] });
    const { code, stderr } = await onStandIn('push', folder, '--stage', 'local');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning {2}policy\.json: version one has changed and kept its name, .*: give it another one/,
    );
    // Another name, or a further version, is as it should be.
    write(directory, { versions: [named('two', 16)] });
    expect((await onStandIn('push', folder, '--stage', 'local')).stderr).toBe('');
    const further = { ...named('three', 17), effectiveFrom: '2026-04-01T00:00:00.000Z' };
    write(directory, { versions: [named('two', 16), further] });
    const { stdout } = await onStandIn('push', folder, '--stage', 'local', '--json');
    expect(JSON.parse(stdout).inPlace).toEqual([]);
    write(directory, { versions: [{ ...version, version: 'another' }] });
    await onStandIn('push', folder, '--stage', 'local');
  });

  it('pull writes a valid configuration that, pushed back, changes nothing', async () => {
    const out = join(folder, 'pulled');
    const pulled = await onStandIn('pull', '--stage', 'local', '--out', out);
    expect(pulled).toMatchObject({ code: 0, stderr: '' });
    expect(pulled.stdout).toContain(join(out, 'policy.json'));
    expect(readFileSync(join(out, 'directory.json'), 'utf8')).toContain('Example Health (fictitious)');
    expect((await onStandIn('validate', out)).code).toBe(0);

    // What is there stays, unless it is the same or somebody insists.
    expect(await onStandIn('pull', '--stage', 'local', '--out', out)).toEqual(pulled);
    const policy = join(out, 'policy.json');
    const inForce = readFileSync(policy, 'utf8');
    writeFileSync(policy, 'mine');
    const refused = await onStandIn('pull', '--stage', 'local', '--out', out);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`${policy}: there already`) });
    expect(refused.stderr).not.toContain('directory.json');
    expect(readFileSync(policy, 'utf8')).toBe('mine');
    expect(await onStandIn('pull', '--stage', 'local', '--out', out, '--force')).toEqual(pulled);
    expect(readFileSync(policy, 'utf8')).toBe(inForce);
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
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'loopwatch: dev: no AWS region: set "region" in infra/stages/dev.json, or AWS_REGION\n',
    });
  });

  it('says that credentials are missing', async () => {
    const env = { ...NOTHING, AWS_REGION: 'us-east-1' };
    const { code, stderr } = await loopwatch(['config', 'push', folder, '--stage', 'dev'], undefined, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^loopwatch: dev: no AWS credentials: set AWS_PROFILE or log in \(.*\)\n$/);
  });
});

describe('a push to a stage with a file', () => {
  const OWN = { account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/operator/sample' };
  const stages = temporaryFolder();
  const own = temporaryFolder();

  beforeAll(() => {
    const { endpoints } = stack.standIns;
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoints.dynamodb);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
    vi.stubEnv('DYNAMODB_ENDPOINT', undefined);
  });
  afterAll(() => vi.unstubAllEnvs());

  /** Pushes the sample with some settings of the organization to stage `local` by its file. @returns what was printed */
  async function push({ account = OWN.account, organization = {}, identity = 'example.org' } = {}): Promise<string> {
    const file = { account, region: 'us-east-1', mail: { identity, origin: 'new' } };
    writeFileSync(join(stages, 'local.json'), JSON.stringify(file));
    const directory = directoryOf(DEFAULT_UNTIL);
    const changed = { ...directory, organization: { ...directory.organization, ...organization } };
    writeFileSync(join(own, 'policy.json'), JSON.stringify(defaultPolicy()));
    writeFileSync(join(own, 'directory.json'), JSON.stringify(changed));
    const lines: string[] = [];
    const reach = { folder: stages, identify: async () => OWN };
    await pushStageConfig(own, { stage: 'local' }, (line) => lines.push(line), reach);
    return lines.join('\n');
  }
  const pushes = () => new DynamoConfigStore(new Table(stack.dynamodb, 'loopwatch-local-operations')).pushes();

  it('is refused to credentials of another account, and changes nothing', async () => {
    const before = await pushes();
    await expect(push({ account: '999988887777' })).rejects.toThrow('local: infra/stages/local.json is of account');
    expect(await pushes()).toEqual(before);
  });

  it('is refused if the sender isn’t of the mail identity, naming path, value and what would be right', async () => {
    const before = await pushes();
    await expect(push({ organization: { sender: 'loopwatch@other.example' } })).rejects.toThrow(
      /directory\.json organization\.sender.*"loopwatch@other\.example".*an address at example\.org/s,
    );
    expect(await pushes()).toEqual(before);
  });

  it('notes who and when', async () => {
    const from = Date.now();
    const printed = await push({ organization: { name: 'Pushed by somebody' } });
    expect(printed).toContain(`pushed by ${OWN.arn}`);
    const [last] = await pushes();
    expect(last).toMatchObject({ by: OWN.arn });
    expect(last?.pushedAt).toBeGreaterThanOrEqual(from);
    expect(await push({ organization: { name: 'Pushed by somebody' } })).toContain('unchanged');
  });
});
