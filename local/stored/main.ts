/**
 * Keeps what this release stores, so that every later release is tested on it:
 *
 *     npm run stored
 *
 * writes test/stored/<version of package.json>.ndjson.gz, once for each release that changed what is stored
 * (docs/upgrading.md). A file of a release that is out is never written again: delete it first if it isn't out yet.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeStored } from './make-stored.ts';
import { writeStored } from './stored-file.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const path = fileURLToPath(new URL(`../../test/stored/${version}.ndjson.gz`, import.meta.url));
if (existsSync(path)) {
  console.error(
    `${path} is there already: what a release has stored stays. If ${version} isn't out yet, delete it first`,
  );
  process.exit(1);
}
const stored = await makeStored(version);
const file = writeStored(stored);
writeFileSync(path, file);
console.log(
  `${path}: ${stored.items.length} items, ${stored.messages.length} messages, ${Math.ceil(file.length / 1024)} KB`,
);
