import { type Config, type Directory, directorySchema } from '../../shared/contracts/config.ts';
import { type ConfigCheck, checkConfig, type Problem, problemText } from '../../shared/contracts/config-check.ts';
import { readWithSchema } from '../../shared/contracts/config-check-schema.ts';
import { collection } from '../../shared/contracts/config-findings.ts';
import { type ConfigFile, problem } from '../../shared/contracts/config-problem.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { endingHolidays } from '../../shared/domain/time/holidays.ts';
import { readConfigFile, readOptionalFile } from './config-file.ts';
import { counted, findingLines } from './config-text.ts';
import { misnamedFiles } from './misnamed-files.ts';
import type { Print } from './print.ts';

interface ValidateOptions {
  json: boolean;
  /** Prints all of a long list, not only the first 20 problems and warnings. */
  all?: boolean;
  /** Prints lines of at most 80 columns, for a terminal. */
  wrapped?: boolean;
  print: Print;
  now: Instant;
}

/**
 * `loopwatch config validate DIR`: checks the files of a folder and prints problems and warnings, or them all as one
 * JSON object `{valid, problems, warnings}`. Returns the exit code: 1 with problems.
 */
export async function validateConfig(folder: string, options: ValidateOptions): Promise<number> {
  const { config, problems, warnings: found } = await checkFolder(folder);
  const warnings = config ? [...found, ...holidayWarnings(config.directory, options.now)] : found;
  const { print } = options;
  if (options.json) {
    print(JSON.stringify({ valid: config !== null, problems, warnings }, null, 2));
  } else {
    for (const line of findingLines(problems, warnings, options)) print(line);
    print(
      `${folder}: ${config ? 'valid' : counted(problems.length, 'problem')}, ${counted(warnings.length, 'warning')}`,
    );
  }
  return config ? 0 : 1;
}

/**
 * Reads the configuration of a folder. Throws an Error whose message lists the problems, of many the first 20.
 * @param warn gets the warnings, line by line
 * @param reading `withDialects`: false leaves `dialects.json` out
 */
export async function loadConfig(
  folder: string,
  warn: Print = () => {},
  reading: { withDialects?: boolean } = {},
): Promise<Config> {
  const { config, problems, warnings } = await checkFolder(folder, reading);
  const wrapped = process.stderr.isTTY;
  for (const line of findingLines([], warnings, { wrapped })) warn(line);
  if (config) return config;
  const heading = `${folder}: ${counted(problems.length, 'problem')} in the configuration`;
  throw new Error([heading, ...findingLines(problems, [], { wrapped })].join('\n'));
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
    const message = `is the last one, and after it deadlines fall on holidays; add those of the coming year, as with: npx loopwatch config holidays FILE.ics --site ${id}`;
    return [problem('directory.json', path, last, message)];
  });
}

/** The text of a folder's `directory.json`, and its sites. Throws an Error that lists what its schema refuses. */
export async function readDirectory(folder: string): Promise<{ text: string; sites: Directory['sites'] }> {
  const file = await readConfigFile(folder, 'directory.json');
  if ('problems' in file) throw new Error(file.problems.map(problemText).join('\n'));
  const problems = collection();
  const directory = readWithSchema('directory.json', directorySchema, file.value, problems.report);
  if (!directory) throw new Error(problems.all().map(problemText).join('\n'));
  return { text: file.text, sites: directory.sites };
}

const NEEDED: ConfigFile[] = ['policy.json', 'directory.json'];
const DIALECTS = 'dialects.json';

async function checkFolder(folder: string, { withDialects = true } = {}): Promise<ConfigCheck> {
  const [policy, directory, dialects] = await Promise.all([
    readConfigFile(folder, 'policy.json'),
    readConfigFile(folder, 'directory.json'),
    withDialects ? readOptionalFile(folder, DIALECTS) : { value: undefined },
  ]);
  const wanted: ConfigFile[] = withDialects ? [...NEEDED, DIALECTS] : NEEDED;
  const misnamed = misnamedFiles(folder, wanted);
  if ('value' in policy && 'value' in directory && 'value' in dialects) {
    const check = checkConfig({ policy: policy.value, directory: directory.value, dialects: dialects.value });
    return { ...check, warnings: [...misnamed, ...check.warnings] };
  }
  const problems = [policy, directory, dialects].flatMap((file) => ('problems' in file ? file.problems : []));
  return { config: null, problems, warnings: misnamed };
}
