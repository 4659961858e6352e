import type { Report } from './config-findings.ts';
import type { ConfigFile, Path } from './config-problem.ts';

/** No file has a text deeper than that. */
const DEEPEST = 8;

/** Reports each text with a space at its beginning or end: pasted, it looks right and equals nothing that is sent. */
export function checkSpaces(file: ConfigFile, input: unknown, report: Report, path: Path = []): void {
  if (typeof input === 'string') {
    if (input.trim() !== input && input.trim() !== '') {
      report(file, path, input, 'begins or ends with a space, so it equals nothing that is sent without');
    }
    return;
  }
  if (typeof input !== 'object' || input === null || path.length > DEEPEST) return;
  for (const [key, value] of Object.entries(input)) {
    checkSpaces(file, value, report, [...path, Array.isArray(input) ? Number(key) : key]);
  }
}
