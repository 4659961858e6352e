import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compactJson } from '../packs/compact-json.ts';
import { ORGANIZATION_NAME } from './organization.ts';
import type { Simulation } from './simulate.ts';

/**
 * Writes the events to `file` as NDJSON in the order of arrival, and `policy.json` and `directory.json` into the folder
 * `config` beside it. Returns both paths. Makes missing folders and replaces what a simulation wrote there before.
 * @throws Error, before anything is written, if `config` holds anything else: a folder of that name is often somebody's own
 */
export function writeSimulation(simulation: Simulation, file: string): { file: string; config: string } {
  const config = join(dirname(file), 'config');
  assertOwn(config);
  mkdirSync(config, { recursive: true });
  writeFileSync(file, `${simulation.lines.join('\n')}\n`);
  writeFileSync(join(config, 'policy.json'), compactJson(simulation.policy));
  writeFileSync(join(config, 'directory.json'), compactJson(simulation.directory));
  return { file, config };
}

function assertOwn(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0 || organizationIn(folder) === ORGANIZATION_NAME) return;
  throw new Error(
    `${folder}: holds something else than a simulated configuration; nothing was written. Give --out a folder of its own, such as simulated/events.ndjson`,
  );
}

/** The organization's name in a folder's `directory.json`; null if there is none to be read. */
function organizationIn(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'directory.json'), 'utf8')).organization?.name;
  } catch {
    return null;
  }
}
