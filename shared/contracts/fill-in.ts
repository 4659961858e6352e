import type { Report } from './config-findings.ts';
import { type ConfigFile, type Path, type Problem, pathText } from './config-problem.ts';

/** Stands in a draft of `dialects.json`, alone or before what it stands for, where only a person can say what belongs there. */
export const FILL_IN = 'FILL IN';

/** No file has a text deeper than that. */
const DEEPEST = 12;

const isFillIn = (value: unknown): boolean =>
  typeof value === 'string' && (value === FILL_IN || value.startsWith(`${FILL_IN}: `));

/** What is said of a value: of one that was never filled in that first, and what to write in its place. */
export function messageOn(value: unknown, message: string): string {
  if (!isFillIn(value)) return message;
  const [, expected] = /expected (.*)$/s.exec(message) ?? [];
  return `${FILL_IN} is still there; ${expected === undefined ? message : `write ${expected}`}`;
}

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
