import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../shared/contracts/config.ts';
import { type ConfigCheck, checkConfig, type Problem, problemText } from '../../shared/contracts/config-check.ts';
import type { ConfigFile } from '../../shared/contracts/config-problem.ts';
import type { Print } from './print.ts';

/**
 * `loopwatch config validate DIR`: checks `policy.json` and `directory.json` of a folder and prints problems and
 * warnings, a line each, or as one JSON object `{valid, problems, warnings}`. Returns the exit code: 1 with problems.
 */
export async function validateConfig(folder: string, options: { json: boolean; print: Print }): Promise<number> {
  const { config, problems, warnings } = await checkFolder(folder);
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

/** Reads the configuration of a folder. Throws an Error whose message lists every problem, a line each. */
export async function loadConfig(folder: string): Promise<Config> {
  const { config, problems } = await checkFolder(folder);
  if (config) return config;
  throw new Error(
    [`${folder}: ${plural(problems.length, 'problem')} in the configuration`, ...problems.map(problemText)].join('\n'),
  );
}

const plural = (count: number, noun: string) => `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;

async function checkFolder(folder: string): Promise<ConfigCheck> {
  const [policy, directory] = await Promise.all([readJson(folder, 'policy.json'), readJson(folder, 'directory.json')]);
  const unreadable = [policy, directory].flatMap((file) => ('problem' in file ? [file.problem] : []));
  if ('value' in policy && 'value' in directory) {
    return checkConfig({ policy: policy.value, directory: directory.value });
  }
  return { config: null, problems: unreadable, warnings: [] };
}

async function readJson(folder: string, file: ConfigFile): Promise<{ value: unknown } | { problem: Problem }> {
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
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch (error) {
    return unreadable(`is not JSON: ${messageOf(error).replace(/\s+/g, ' ')}`);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
