import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compactJson } from '../packs/compact-json.ts';
import type { Simulation } from './simulate.ts';

/**
 * Writes the events to `file` as NDJSON in the order of arrival, and `policy.json` and `directory.json` into the folder
 * `config` beside it. Returns both paths. Makes missing folders and replaces existing files.
 */
export function writeSimulation(simulation: Simulation, file: string): { file: string; config: string } {
  const config = join(dirname(file), 'config');
  mkdirSync(config, { recursive: true });
  writeFileSync(file, `${simulation.lines.join('\n')}\n`);
  writeFileSync(join(config, 'policy.json'), compactJson(simulation.policy));
  writeFileSync(join(config, 'directory.json'), compactJson(simulation.directory));
  return { file, config };
}
