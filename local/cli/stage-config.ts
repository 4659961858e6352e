import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../shared/contracts/config.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { type ConfigInForce, type ConfigStore, NoConfigurationError } from '../../shared/store/config-store.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { compactJson } from '../packs/compact-json.ts';
import { loadConfig } from './config.ts';
import { onStage } from './on-stage.ts';
import type { Print } from './print.ts';

export interface PushOptions {
  stage: string;
  json?: boolean;
}

export interface PullOptions extends PushOptions {
  out: string;
}

const FILES = ['policy', 'directory'] as const;

/**
 * `loopwatch config push DIR --stage S`: checks the configuration of a folder, puts it in force and prints what it
 * replaced. Throws, and pushes nothing, if it isn't valid or the stage can't be reached.
 */
export async function pushStageConfig(folder: string, { stage, json = false }: PushOptions, print: Print) {
  const config = await loadConfig(folder);
  const { before, version } = await withConfigs(stage, async (store) => ({
    before: await inForce(store),
    version: await store.push(config, systemTime.now()),
  }));
  const changed = FILES.filter((file) => JSON.stringify(before?.config[file]) !== JSON.stringify(config[file]));
  const replaced = before?.version ?? null;
  if (json) print(JSON.stringify({ stage, version, replaced, changed }));
  else print(`${stage}: ${pushText(version, replaced, changed)}`);
}

function pushText(version: string, replaced: string | null, changed: readonly string[]): string {
  if (replaced === version) return `unchanged, version ${version} is in force`;
  const files = changed.map((file) => `${file}.json`).join(' and ');
  return replaced === null
    ? `version ${version}, the first one`
    : `version ${replaced} -> ${version}, ${files} changed`;
}

/** `loopwatch config pull --stage S`: writes the configuration in force as a folder that can be pushed. */
export async function pullStageConfig({ stage, out, json = false }: PullOptions, print: Print): Promise<void> {
  const { version, config } = await withConfigs(stage, (store) => store.inForce());
  await mkdir(out, { recursive: true });
  const paths = FILES.map((file) => join(out, `${file}.json`));
  await Promise.all(FILES.map((file, index) => writeFile(paths[index] as string, compactJson(config[file]))));
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

/** Calls `work` with the configurations of a stage. */
function withConfigs<T>(stage: string, work: (store: ConfigStore) => Promise<T>): Promise<T> {
  return onStage(stage, ['operations'], ({ client, names }) => work(dynamoStores(client, names).configs));
}
