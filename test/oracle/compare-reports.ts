/** Where two reports, or two maps of reports by scope, differ. */

/** These count by the names that occur, so a further name is a difference and not an addition to the report. */
export const COUNTS = [
  'excludedBy',
  'byReason',
  'bySpecialty',
  'byPractice',
  'declined',
  'declinedBySpecialty',
  'declinedByPractice',
  'refused',
  'unmapped',
];
/** Lists of which the expected report has only what can't be missing. */
const AT_LEAST = ['nearDuplicates'];
const RELATIVE = 1e-9;

/**
 * Lists the differences, each with its path. Numbers agree within 1e-9 of the larger one; fields that only the actual
 * report has are ignored.
 */
export function compareReports(expected: unknown, actual: unknown, path: string[] = []): string[] {
  if (expected instanceof Map && actual instanceof Map) return compareEntries(expected, actual, path, true);
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (AT_LEAST.includes(path.at(-1) ?? '')) return compareAtLeast(expected, actual, path);
    if (expected.length !== actual.length) return [difference(path, expected, actual)];
    return expected.flatMap((one, index) => compareReports(one, actual[index], [...path, String(index)]));
  }
  if (isRecord(expected) && isRecord(actual)) {
    const entries = [new Map(Object.entries(expected)), new Map(Object.entries(actual))] as const;
    return compareEntries(...entries, path, COUNTS.includes(path.at(-1) ?? ''));
  }
  return agree(expected, actual) ? [] : [difference(path, expected, actual)];
}

/** Each expected entry is the same as one of the actual ones. */
function compareAtLeast(expected: readonly unknown[], actual: readonly unknown[], path: string[]): string[] {
  const missing = expected.filter((one) => actual.every((other) => compareReports(one, other).length > 0));
  return missing.map((one) => difference(path, one, undefined));
}

type Entries = ReadonlyMap<string, unknown>;

function compareEntries(expected: Entries, actual: Entries, path: string[], closed: boolean): string[] {
  const differences = [...expected].flatMap(([key, value]) => compareReports(value, actual.get(key), [...path, key]));
  if (!closed) return differences;
  const more = [...actual].filter(([key]) => !expected.has(key));
  return [...differences, ...more.map(([key, value]) => difference([...path, key], undefined, value))];
}

function agree(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'number' || typeof actual !== 'number') return expected === actual;
  return Math.abs(expected - actual) <= RELATIVE * Math.max(Math.abs(expected), Math.abs(actual));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);

function difference(path: string[], expected: unknown, actual: unknown): string {
  return `${path.join(' / ') || 'all'}: expected ${brief(expected)}, got ${brief(actual)}`;
}

/** A value as text, cut at 200 characters. */
function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
