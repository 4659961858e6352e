import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectReferral } from '../../../functions/detect-breaches/detect-referral.ts';
import type { Explanation } from '../../../local/explain/explanation.ts';
import type { Config } from '../../../shared/contracts/config.ts';
import { dialectsSchema } from '../../../shared/contracts/dialects.ts';
import { dynamoStores, type Stores } from '../../../shared/store/dynamo-stores.ts';
import { project } from '../../../shared/store/projection.ts';
import { Table } from '../../../shared/store/table.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { localStack } from '../stand-ins/stack.ts';
import { loopwatch } from './loopwatch.ts';

/** `loopwatch explain --stage`: the stand-ins' stage is called `local`. The tests follow a referral through its life. */

const MONDAY = at('03-02 14:00');
const LATER = at('03-10 14:00');
const backoff = async (): Promise<void> => {};

let stack: Awaited<ReturnType<typeof localStack>>;
let stores: Stores;

beforeAll(async () => {
  stack = await localStack(['dynamodb', 'sqs']);
  const { referrals = '', operations = '' } = stack.resources.tables;
  stores = dynamoStores(stack.dynamodb, { referrals, operations, shards: 4 });
});

afterAll(async () => {
  await stack.standIns.stop();
});

function explain(...args: string[]) {
  return loopwatch(['explain', ...args], undefined, { DYNAMODB_ENDPOINT: stack.standIns.endpoints.dynamodb });
}

async function explained(referralId: string): Promise<Explanation> {
  const { stdout } = await explain(referralId, '--stage', 'local', '--json');
  return JSON.parse(stdout) as Explanation;
}

const received = (subject: string) =>
  logged(
    sent('referral.received', MONDAY, receivedData({ priority: 'urgent', patient: { id: 'P-77', initials: 'XY' } }), {
      subject,
    }),
  );

/** Pushes a configuration, takes in that a referral was received, and looks at it eight days later. */
async function ingestAndDetect(referralId: string, config: Config): Promise<string> {
  const version = await stores.configs.push(config, MONDAY);
  const deps = { store: stores.referrals, config, version, now: () => MONDAY, backoff };
  await project(referralId, [received(referralId)], deps);
  await detectReferral(referralId, { config, version, run: LATER }, { ...stores, backoff });
  return version;
}

/** The sample organization in which somebody else sees to the north, and a holiday moves dues. */
function changedConfig(): Config {
  const config = sampleConfig();
  for (const site of config.directory.sites) {
    site.fallbackCoordinatorId = 'c-2';
    site.holidays = ['2026-03-03'];
  }
  return config;
}

describe('loopwatch explain --stage', () => {
  it('says what to do if the stage has no configuration', async () => {
    expect(await explain('R-1', '--stage', 'local')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'loopwatch: local: no configuration has been pushed yet: run `npx loopwatch config push DIR --stage STAGE`\n',
    });
  });

  it("explains a referral of the stage's tables, and shows what is stored of it, within 80 columns", async () => {
    await ingestAndDetect('R-1', sampleConfig());
    const { code, stdout, stderr } = await explain('R-1', '--stage', 'local', '--all');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('owners     coordinator c-1, liaison l-1');
    expect(stdout).toMatch(/^ {2}first_attempt {2}escalated, open$/m);
    expect(stdout).toMatch(/^Stored item\n {2}stage {6}to_contact; version 2, \d+ bytes$/m);
    expect(stdout).toMatch(/^ {2}folded {5}with configuration [0-9a-f]{16}, in force$/m);
    expect(stdout).toContain('the same as the fold of its log of 1 event');
    expect(stdout).toContain('in lists   of coordinator c-1, and of liaison l-1');
    expect(stdout).toContain('urgent     waits for an urgent mail to c-1');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('prints nothing that identifies the patient', async () => {
    const { stdout } = await explain('R-1', '--stage', 'local');
    expect(stdout).not.toMatch(/XY|P-77/);
  });

  it('gives the stored item as data, with its size as DynamoDB counts it', async () => {
    const { storedItem } = await explained('R-1');
    const { version } = await stores.configs.inForce();
    expect(storedItem).toMatchObject({
      foldedWith: version,
      inForce: version,
      arrivedAt: '2026-03-02T14:00:00.000Z',
      lists: {
        owners: { coordinatorId: 'c-1', liaisonId: 'l-1' },
        escalated: { site: 'north', to: null },
        urgentMailTo: ['c-1'],
      },
      differs: { foldedWith: [], inForce: [] },
      expiresAt: null,
    });
    // Keys, packed state and alerts: more than nothing, and less than the unit of a write.
    expect(storedItem?.bytes).toBeGreaterThan(300);
    expect(storedItem?.bytes).toBeLessThan(1024);
  });

  it('compares it with the configuration of then and of now, and names the owners of now', async () => {
    const before = (await stores.configs.inForce()).version;
    const inForce = await stores.configs.push(changedConfig(), LATER);
    expect((await explained('R-1')).storedItem).toMatchObject({
      foldedWith: before,
      inForce,
      lists: { owners: { coordinatorId: 'c-2', liaisonId: 'l-1' } },
      differs: { foldedWith: [], inForce: ['clocks'] },
    });
    const { stdout } = await explain('R-1', '--stage', 'local');
    expect(stdout.replace(/\n +/g, ' ')).toContain(
      `with configuration ${before}, an older one: ${inForce} is in force, and whoever reads the item folds its log again`,
    );
  });

  it('shows a referral of which only the log was written', async () => {
    await stores.referrals.append(received('R-2'));
    const { storedItem, referral } = await explained('R-2');
    expect(storedItem).toBeNull();
    expect(referral?.stage).toBe('to_contact');
    const { code, stdout } = await explain('R-2', '--stage', 'local');
    expect(code).toBe(0);
    expect(stdout).toContain('1 event in its log that no worker has folded');
  });

  it('shows what is left of a referral whose log is being removed', async () => {
    const stored = await stores.referrals.load('R-1');
    if (!stored) return expect.unreachable('the tests before stored it');
    await stores.referrals.retire(stored, LATER);
    await stores.referrals.expire({ ...stored, version: stored.version + 1 }, LATER);
    const { code, stdout } = await explain('R-1', '--stage', 'local');
    expect(code).toBe(0);
    expect(stdout).toContain('closed long ago: its log is being removed');
    expect(stdout).toContain('removal    the table may remove it from Tue 10 Mar 2026, 10:00 EDT');
  });

  it("says which fields of an item can't be read, as detection does, and not what they hold", async () => {
    const table = new Table(stack.dynamodb, stack.resources.tables.referrals ?? '');
    await table.putNew({ pk: 'referral#R-3', sk: '1#referral', version: 'secret', arrivedAt: LATER });
    const { code, stdout, stderr } = await explain('R-3', '--stage', 'local');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("loopwatch: local: an item referrals referral#<referral> 1#referral can't be read: ");
    expect(stderr).not.toContain('secret');
  });

  it('says if the stage has no such referral', async () => {
    const { code, stderr } = await explain('R-9', '--stage', 'local');
    const where = 'what was refused or waits: `npx loopwatch quarantine list --stage local`';
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `loopwatch: R-9: no such referral in stage local; ${where}\n`,
    });
  });

  it("says whose number it is that a sender's message named", async () => {
    const dialects = dialectsSchema.parse({ senders: [{ name: 'other' }, { name: 'epic' }] });
    await stores.configs.push({ ...sampleConfig(), dialects }, LATER + 1);
    await stores.aliases.name({ sender: 'epic', key: 'appointment:A-1', referralId: 'R-2' }, LATER);
    const { code, stderr } = await explain('A-1', '--stage', 'local');
    const said = 'it is an appointment of R-2: `npx loopwatch explain R-2 --stage local`';
    expect({ code, stderr }).toEqual({ code: 1, stderr: `loopwatch: A-1: no such referral in stage local; ${said}\n` });
  });

  it('says if the stage is not deployed', async () => {
    const { code, stderr } = await explain('R-1', '--stage', 'other');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'loopwatch: other: no table loopwatch-other-referrals or loopwatch-other-operations in this account and region: deploy the stage first, or set AWS_PROFILE and AWS_REGION\n',
    });
  });

  it('takes a stage together with a folder as wrong usage', async () => {
    const { code, stdout, stderr } = await explain('R-1', '--stage', 'local', '--from', 'out');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("'--stage <name>' cannot be used with option '--from <dir>'");
  });
});
