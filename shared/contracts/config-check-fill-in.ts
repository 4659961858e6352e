import type { Report } from './config-findings.ts';
import { type ConfigFile, type Path, type Problem, pathText } from './config-problem.ts';
import { isFillIn } from './fill-in.ts';

/** No file has a text deeper than that. */
const DEEPEST = 12;

/** Reports each text of a file that was never filled in, but for those that were `found` already. */
export function checkFilledIn(file: ConfigFile, input: unknown, found: readonly Problem[], report: Report): void {
  const known = new Set(found.filter((each) => each.file === file).map(({ path }) => path));
  checkWithin(file, input, known, report, []);
}

function checkWithin(file: ConfigFile, input: unknown, known: ReadonlySet<string>, report: Report, path: Path): void {
  if (isFillIn(input)) {
    if (known.has(pathText(path))) return;
    report(file, path, input, 'expected what only you can know, such as the name of a column or an id');
    return;
  }
  if (typeof input !== 'object' || input === null || path.length > DEEPEST) return;
  for (const [key, value] of Object.entries(input)) {
    checkWithin(file, value, known, report, [...path, Array.isArray(input) ? Number(key) : key]);
  }
}
