import type { Report } from './config-findings.ts';
import { type ConfigFile, type Path, type Problem, pathText } from './config-problem.ts';
import { isFillIn } from './fill-in.ts';

/** No file has a text deeper than that. */
const DEEPEST = 12;

/** Reports each text that was never filled in, but for those that are `known` already. */
export function checkFilledIn(
  file: ConfigFile,
  input: unknown,
  known: readonly Problem[],
  report: Report,
  path: Path = [],
): void {
  if (isFillIn(input)) {
    const isKnown = known.some((each) => each.file === file && each.path === pathText(path));
    if (!isKnown) report(file, path, input, 'expected what only you can know, such as the name of a column or an id');
    return;
  }
  if (typeof input !== 'object' || input === null || path.length > DEEPEST) return;
  for (const [key, value] of Object.entries(input)) {
    checkFilledIn(file, value, known, report, [...path, Array.isArray(input) ? Number(key) : key]);
  }
}
