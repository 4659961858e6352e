/**
 * Reads every message of the files in a folder and those in it, and prints what came out of each:
 *
 *     npm run check:samples -- FOLDER [--config DIR]
 *
 * Ends with `N translated, N passed over, N refused, N unmatched, N crashed`, and fails if any crashed.
 */
import { readdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../cli/config.ts';
import { totalsLine } from '../cli/dialect-try.ts';
import { type ReadingOptions, readInput } from '../pipeline/input-files.ts';
import { type Tried, tryMessages } from './try-messages.ts';

const FILES = /\.(csv|hl7|json|ndjson|jsonl)$/i;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error('usage: npm run check:samples -- FOLDER [--config DIR]');
  process.exit(2);
}
/** Without a configuration: as the standards say, and in no time zone of anybody's. */
const STANDARD: ReadingOptions['config'] = { directory: { organization: { timeZone: 'UTC' } } };
const config = values.config === undefined ? STANDARD : await loadConfig(values.config);
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && FILES.test(entry.name))
  .map((entry) => `${entry.parentPath}/${entry.name}`)
  .sort();
// Files of one folder may be one sender's: an order and what comes of it.
const all: Tried[] = [];
for (const own of Map.groupBy(files, (file) => dirname(file)).values()) {
  const tried = await tryMessages(readInput(own, { config }), { config });
  all.push(...tried);
  for (const file of own) {
    console.log(relative(folder, file));
    for (const each of tried.filter((one) => one.file === file)) console.log(`  ${lineOf(each)}`);
  }
}
console.log(totalsLine(all));
process.exitCode = all.some(({ outcome }) => outcome === 'crashed') ? 1 : 0;

function lineOf({ position, kind, outcome, events, referralId, keys, why }: Tried): string {
  const said = events.map(({ type, time }) => `${type} ${time}`).join(', ');
  const about = referralId === null ? keys.join(', ') : `of ${referralId}`;
  return [position, kind, `${outcome}:`, why ?? said, about].filter((part) => part !== '').join(' ');
}
