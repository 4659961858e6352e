import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Policy } from '../../shared/contracts/config.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { type ConfigInForce, type ConfigStore, NoConfigurationError } from '../../shared/store/config-store.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { compactJson } from '../packs/compact-json.ts';
import { loadConfig } from './config.ts';
import { printError } from './error-text.ts';
import { onStage } from './on-stage.ts';
import type { Print } from './print.ts';
import type { Reach, StageAccess } from './stage-access.ts';
import { assertMailWorks } from './stage-mail.ts';

export interface PushOptions {
  stage: string;
  json?: boolean;
}

export interface PullOptions extends PushOptions {
  out: string;
  /** Replaces files that say something else. */
  force?: boolean;
}

const FILES = ['policy', 'directory', 'dialects'] as const;

/**
 * `loopwatch config push DIR --stage S`: checks the configuration of a folder, puts it in force and prints what it
 * replaced. Throws, and pushes nothing, if it isn't valid or the stage can't be reached.
 */
export async function pushStageConfig(
  folder: string,
  { stage, json = false }: PushOptions,
  print: Print,
  reach: Reach = {},
): Promise<void> {
  const config = await loadConfig(folder, printError);
  const { before, version, by } = await withConfigs(
    stage,
    async (store, { settings, caller }) => {
      if (settings !== null) assertMailWorks(stage, settings, config);
      const by = (await caller())?.arn ?? null;
      const before = await inForce(store);
      return { before, version: await store.push(config, systemTime.now(), by), by };
    },
    reach,
  );
  const changed = FILES.filter((file) => JSON.stringify(before?.config[file]) !== JSON.stringify(config[file]));
  const replaced = before?.version ?? null;
  const inPlace = before === null ? [] : changedInPlace(before.config.policy, config.policy);
  if (json) print(JSON.stringify({ stage, version, replaced, changed, inPlace, by }));
  else print(`${stage}: ${pushText(version, replaced, changed)}${by === null ? '' : `, pushed by ${by}`}`);
  for (const name of inPlace) printError(inPlaceText(name));
}

/** The names of versions of a policy that say something else than they did under that name. */
function changedInPlace(before: Policy, now: Policy): string[] {
  const earlier = new Map(before.versions.map((each) => [each.version, JSON.stringify(each)]));
  const others = now.versions.filter(
    (each) => (earlier.get(each.version) ?? JSON.stringify(each)) !== JSON.stringify(each),
  );
  return others.map(({ version }) => version);
}

const inPlaceText = (name: string): string =>
  `warning  policy.json: version ${name} has changed and kept its name, by which mails, reports and \`explain\` name it: give it another one. Referrals received under it have new dues`;

function pushText(version: string, replaced: string | null, changed: readonly string[]): string {
  if (replaced === version) return `unchanged, version ${version} is in force`;
  const files = changed.map((file) => `${file}.json`).join(' and ');
  return replaced === null
    ? `version ${version}, the first one`
    : `version ${replaced} -> ${version}, ${files} changed`;
}

/** `loopwatch config pull --stage S`: writes the configuration in force as a folder that can be pushed. Throws, and writes nothing, if files with another content are there. */
export async function pullStageConfig(
  { stage, out, force = false, json = false }: PullOptions,
  print: Print,
  reach: Reach = {},
): Promise<void> {
  const { version, config } = await withConfigs(stage, (store) => store.inForce(), reach);
  await mkdir(out, { recursive: true });
  const pulled = FILES.filter((file) => config[file] !== undefined);
  const files = pulled.map((file) => ({ path: join(out, `${file}.json`), text: compactJson(config[file]) }));
  const paths = files.map(({ path }) => path);
  const others = force ? [] : files.filter(({ path, text }) => existsSync(path) && readFileSync(path, 'utf8') !== text);
  if (others.length > 0) {
    const named = others.map(({ path }) => path).join(' and ');
    throw new Error(`${named}: there already, and not what is in force; nothing was written. --force replaces it`);
  }
  await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
  if (json) print(JSON.stringify({ stage, version, files: paths }));
  else print(`${stage}: version ${version} written to ${paths.join(' and ')}`);
}

/** The configuration in force. Null if none was pushed yet. */
async function inForce(store: ConfigStore): Promise<{ version: string; config: Config } | null> {
  try {
    const { version, config }: ConfigInForce = await store.inForce();
    return { version, config };
  } catch (error) {
    if (error instanceof NoConfigurationError) return null;
    throw error;
  }
}

/** Calls `work` with the configurations of a stage, and how it is reached. */
function withConfigs<T>(
  stage: string,
  work: (store: ConfigStore, access: StageAccess) => Promise<T>,
  reach: Reach,
): Promise<T> {
  return onStage(
    stage,
    ['operations'],
    ({ client, names }, access) => work(dynamoStores(client, names).configs, access),
    reach,
  );
}
