import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, type Directory, directorySchema } from '../../shared/contracts/config.ts';
import { type ConfigCheck, checkConfig, type Problem, problemText } from '../../shared/contracts/config-check.ts';
import { type ConfigFile, problem, schemaProblems } from '../../shared/contracts/config-problem.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { endingHolidays } from '../../shared/domain/time/holidays.ts';
import type { Print } from './print.ts';

interface ValidateOptions {
  json: boolean;
  print: Print;
  now: Instant;
}

/**
 * `loopwatch config validate DIR`: checks the files of a folder and prints problems and warnings, a line each, or as one JSON object `{valid, problems, warnings}`. Returns the exit code: 1 with problems.
 */
export async function validateConfig(folder: string, options: ValidateOptions): Promise<number> {
  const { config, problems, warnings: found } = await checkFolder(folder);
  const warnings = config ? [...found, ...holidayWarnings(config.directory, options.now)] : found;
  const { print } = options;
  if (options.json) {
    print(JSON.stringify({ valid: config !== null, problems, warnings }, null, 2));
  } else {
    for (const each of problems) print(`error    ${problemText(each)}`);
    for (const each of warnings) print(`warning  ${problemText(each)}`);
    print(`${folder}: ${config ? 'valid' : plural(problems.length, 'problem')}, ${plural(warnings.length, 'warning')}`);
  }
  return config ? 0 : 1;
}

/**
 * Reads the configuration of a folder. Throws an Error whose message lists every problem, a line each.
 * @param warn gets each warning, as a line
 */
export async function loadConfig(folder: string, warn: Print = () => {}): Promise<Config> {
  const { config, problems, warnings } = await checkFolder(folder);
  for (const each of warnings) warn(`warning  ${problemText(each)}`);
  if (config) return config;
  throw new Error(
    [`${folder}: ${plural(problems.length, 'problem')} in the configuration`, ...problems.map(problemText)].join('\n'),
  );
}

/** A list that ends and a list that isn't there; an empty one says that the site has no holidays. */
function holidayWarnings(directory: Directory, now: Instant): Problem[] {
  const ending = new Map(endingHolidays(directory, now).map(({ siteId, last }) => [siteId, last]));
  return directory.sites.flatMap(({ id, holidays }, index) => {
    const path = ['sites', index, 'holidays'];
    const last = ending.get(id);
    if (holidays === undefined) {
      const message = 'deadlines fall on holidays; expected a list of dates, or [] for a site that has none';
      return [problem('directory.json', path, undefined, message)];
    }
    if (last === undefined) return [];
    const message = `is the last one, and after it deadlines fall on holidays; add those of the coming year, as with: loopwatch config holidays FILE.ics --site ${id}`;
    return [problem('directory.json', path, last, message)];
  });
}

/** The text of a folder's `directory.json`, and its sites. Throws an Error that lists what its schema refuses. */
export async function readDirectory(folder: string): Promise<{ text: string; sites: Directory['sites'] }> {
  const file = await readJson(folder, 'directory.json');
  if ('problem' in file) throw new Error(problemText(file.problem));
  const { data, error } = directorySchema.safeParse(file.value);
  if (!data) throw new Error(schemaProblems('directory.json', error, file.value).map(problemText).join('\n'));
  return { text: file.text, sites: data.sites };
}

const plural = (count: number, noun: string) => `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;

async function checkFolder(folder: string): Promise<ConfigCheck> {
  const [policy, directory, dialects] = await Promise.all([
    readJson(folder, 'policy.json'),
    readJson(folder, 'directory.json'),
    readOptionalJson(folder, 'dialects.json'),
  ]);
  const unreadable = [policy, directory, dialects].flatMap((file) => ('problem' in file ? [file.problem] : []));
  if ('value' in policy && 'value' in directory && 'value' in dialects) {
    return checkConfig({ policy: policy.value, directory: directory.value, dialects: dialects.value });
  }
  return { config: null, problems: unreadable, warnings: [] };
}

/** A file that need not be there: then its value is undefined. */
async function readOptionalJson(folder: string, file: ConfigFile): Promise<{ value: unknown } | { problem: Problem }> {
  return existsSync(join(folder, file)) ? readJson(folder, file) : { value: undefined };
}

async function readJson(
  folder: string,
  file: ConfigFile,
): Promise<{ text: string; value: unknown } | { problem: Problem }> {
  const unreadable = (message: string) => ({ problem: { file, path: '', value: undefined, message } });
  let text: string;
  try {
    text = await readFile(join(folder, file), 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return unreadable(missing ? `expected a file ${file} in ${folder}` : `can't be read: ${messageOf(error)}`);
  }
  try {
    // Some editors on Windows put a byte order mark before the text, which JSON does not allow.
    return { text, value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch (error) {
    return unreadable(`is not JSON: ${messageOf(error).replace(/\s+/g, ' ')}`);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
