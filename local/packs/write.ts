import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compactJson } from './compact-json.ts';
import { defaultPolicy, PACKS } from './packs.ts';

/** The text of every pack, by its path under `config/`. */
export function packFiles(): Map<string, string> {
  const files = new Map([['default/policy.json', compactJson(defaultPolicy())]]);
  for (const [name, pack] of Object.entries(PACKS)) files.set(`packs/${name}/policy.json`, compactJson(pack()));
  return files;
}

// Run as a script after a change to packs.ts, it writes the packs again.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'config');
  for (const [path, text] of packFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
