import { readdirSync } from 'node:fs';
import type { ConfigFile, Problem } from '../../shared/contracts/config-problem.ts';
import { nearest } from '../../shared/contracts/nearest.ts';

/** What of a name may be wrong: `dialect.json`, `Policy.JSON`, `directory.json.txt`, and no `people.json`. */
const WRONG_SHARE = 0.25;

/** A warning of each of some files that is missing, and of which another seems to be misnamed. */
export function misnamedFiles(folder: string, wanted: readonly ConfigFile[]): Problem[] {
  const names = namesIn(folder);
  const missing = wanted.filter((file) => !names.includes(file));
  const stems = wanted.map(stemOf);
  const others = names.filter((name) => /\.json/i.test(name) && !wanted.some((file) => file === name));
  return missing.flatMap((file) => {
    const meant = others.find((name) => nearest(stemOf(name), stems, WRONG_SHARE) === stemOf(file));
    const message = `there is none, and ${meant} isn't read; rename it to ${file} if it is meant`;
    return meant === undefined ? [] : [{ file, path: '', value: undefined, message }];
  });
}

const stemOf = (name: string): string => name.split('.')[0] ?? '';

/** Empty: there is no such folder. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
