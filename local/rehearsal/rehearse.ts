import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStage } from '../../infra/stage.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { compactJson } from '../packs/compact-json.ts';
import { Aws } from './aws.ts';
import { Checks } from './checks.ts';
import type { Children } from './children.ts';
import { startEmulator } from './emulator.ts';
import { environmentFor, withoutAws } from './endpoint.ts';
import { failAndGetOut } from './first-deployment.ts';
import { keepFunctionLogs } from './function-logs.ts';
import { holdAndLift } from './hold.ts';
import { readInbox } from './inbox.ts';
import { installEmulator } from './install.ts';
import { emptyQueues, ingestEvents, type Journey, readMails, runSchedules, writeReports } from './journey.ts';
import { asOperator, checkOperator, makeOperator, rehearsalPeople } from './operator.ts';
import { rehearsalData } from './organization.ts';
import { deployedResources, verifyResources } from './resources.ts';
import { resourceTable } from './table.ts';
import { type Right, takeRight } from './without-right.ts';
import { allowBatches, mailOnAnyResource, verifyIdentity } from './workarounds.ts';
import { World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
const SEED = 1;

export interface RehearsalOptions {
  stage: string;
  python: string;
  /** A permission to take from a role after the deployment, to see the rehearsal fail. */
  without: Right | null;
  /** A folder that is removed after the rehearsal. */
  folder: string;
  env: NodeJS.ProcessEnv;
  print: (line: string) => void;
}

/**
 * Deploys a stage to an emulator on this machine and sends events through it, up to the mails.
 * @returns the checks that failed; none if all is well
 * @throws CannotInstallError if the emulator can't be installed, another error if a step can't be done
 */
export async function rehearse(children: Children, options: RehearsalOptions): Promise<string[]> {
  const { stage, python, without, folder, env, print } = options;
  const settings = readStage(stage);
  const target = { account: settings.account ?? ACCOUNT, region: settings.region ?? REGION };
  const step = stopwatch(print);
  const checks = new Checks(print);

  step('the emulator: a virtual environment, pip install');
  const installed = await installEmulator(children, { python, folder, env });
  step('the emulator: start');
  const endpoint = await startEmulator(children, installed, { folder, ...target, env: withoutAws(env) });
  print(`  ${endpoint.url}, account ${endpoint.account}, IAM enforced`);
  const there = environmentFor(endpoint, env);
  const node = (name: string, args: string[]): Promise<void> =>
    children.run({ name, command: process.execPath, args, env: there, cwd: ROOT });
  const stages = join(folder, 'stages');
  mkdirSync(stages);
  const writeStage = (hold: boolean): void => {
    const own = { ...settings, ...rehearsalPeople(endpoint.account), mail: { ...settings.mail, hold } };
    writeFileSync(join(stages, `${stage}.json`), JSON.stringify(own));
  };
  writeStage(false);
  const context = ['-c', `stage=${stage}`, '-c', `stages=${stages}`];
  const cdk = (name: string, args: string[]): Promise<void> =>
    node(name, [
      join(ROOT, 'local/bin/lambda-node.mjs'),
      'cdk',
      ...args,
      ...context,
      '--output',
      join(folder, 'cdk.out'),
    ]);
  const deploy = (name: string, stacks = ['--all']): Promise<void> =>
    cdk(name, ['deploy', ...stacks, '--require-approval', 'never']);

  step('cdk bootstrap');
  await cdk('bootstrap', ['bootstrap', `aws://${endpoint.account}/${endpoint.region}`]);
  const as = (who: NodeJS.ProcessEnv): Aws => Aws.open(children, installed, who, folder);
  const aws = as(there);
  step('a first deployment that fails, and the way out');
  await makeOperator(aws, endpoint.account);
  await failAndGetOut({
    aws,
    checks,
    stage,
    identity: settings.mail.identity,
    deploy: () => deploy('deploy-failing'),
  });
  step(`cdk deploy --all -c stage=${stage}`);
  await deploy('deploy');

  const world = new World(endpoint, stage);
  try {
    step('what was deployed, asked of each service');
    const resources = await deployedResources(aws, [`loopwatch-${stage}-state`, `loopwatch-${stage}-service`]);
    const results = await verifyResources(aws, resources);
    print(resourceTable(results));
    checks.note('every resource is there as its template says', results.flatMap(({ problems }) => problems).join('\n'));
    if (without) await takeRight(aws, stage, without);
    await allowBatches(aws, stage);
    await mailOnAnyResource(aws, stage);
    await verifyIdentity(aws, settings.mail.identity);

    step("the operator's role");
    const operator = await asOperator({ as, env: there }, endpoint, stage);
    await checkOperator(as(operator), stage, checks);

    step("config push, under the operator's role");
    const now = systemTime.now();
    const data = rehearsalData(now, SEED);
    const config = join(folder, 'config');
    mkdirSync(config);
    writeFileSync(join(config, 'policy.json'), compactJson(data.config.policy));
    writeFileSync(join(config, 'directory.json'), compactJson(data.config.directory));
    const command = (name: string, args: string[]) =>
      children.run({
        name,
        command: process.execPath,
        args: [join(ROOT, 'local/bin/loopwatch.mjs'), ...args],
        env: operator,
        cwd: ROOT,
      });
    const loopwatch = (...args: string[]) => command('config', ['config', ...args]);
    await loopwatch('push', config, '--stage', stage);

    const journey: Journey = { aws, world, checks, data, ...target };
    try {
      step(`${data.events.length} events`);
      await ingestEvents(journey);
      step('the schedules');
      await runSchedules(journey, now);
      step('the report of the week');
      const planned = await writeReports(journey, now);
      step('the mails');
      await readMails(journey, await readInbox(endpoint));
      step('mail is held, and sent again');
      await holdAndLift(journey, planned, {
        deploy: async (hold) => {
          writeStage(hold);
          await deploy(hold ? 'deploy-hold' : 'deploy-lift', [`loopwatch-${stage}-service`, '--exclusively']);
        },
        mail: async (what: string, ...args: string[]) => {
          await command(`mail-${what}`, ['mail', what, ...args, '--stage', stage]);
          return children.logOf(`mail-${what}`);
        },
        inbox: () => readInbox(endpoint),
      });
      step('what is left');
      await emptyQueues(journey);
    } catch (error) {
      await keepFunctionLogs(aws, stage, children);
      throw error;
    }
    await loopwatch('pull', '--stage', stage, '--out', join(folder, 'pulled'));
    const before = await world.stores.configs.inForce();
    await loopwatch('push', join(folder, 'pulled'), '--stage', stage);
    const after = await world.stores.configs.inForce();
    checks.note(
      'config pull, pushed back, is the same version',
      after.version === before.version ? null : after.version,
    );
    step(null);
    return checks.failed.map(({ what, problem }) => `${what}: ${problem}`);
  } finally {
    world.close();
  }
}

/** Prints each step, and how long the previous step took. */
function stopwatch(print: (line: string) => void): (name: string | null) => void {
  const begun = performance.now();
  let last = begun;
  const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(1);
  let current: string | null = null;
  return (name) => {
    if (current !== null) print(`  ${seconds(last)} s`);
    print(name === null ? `\n${seconds(begun)} s in all` : `\n== ${name}`);
    current = name;
    last = performance.now();
  };
}
