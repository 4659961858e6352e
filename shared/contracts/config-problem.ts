import { nearest } from './nearest.ts';

export type ConfigFile = 'policy.json' | 'directory.json' | 'dialects.json';
export type Path = readonly PropertyKey[];

/** Something in the configuration that a person has to look at. */
export interface Problem {
  file: ConfigFile;
  /** Where it is, such as `versions[0].rules[2].clocks.note.target.unit`; empty for the whole file. */
  path: string;
  /** The value there; undefined if there is none. */
  value: unknown;
  /** What would be right. */
  message: string;
}

/** Takes one finding of a check. */
export type Report = (file: ConfigFile, path: Path, value: unknown, message: string) => void;
export interface Findings {
  problem: Report;
  warning: Report;
}

/** One line for a terminal or a log: file, path, value and what would be right. */
export function problemText({ file, path, value, message }: Problem): string {
  if (path === '' && value === undefined) return `${file}: ${message}`;
  const shown = value === undefined ? 'missing' : shorten(JSON.stringify(value));
  return `${file}${path && ` ${path}`}: ${shown} - ${message}`;
}

const SHOWN_CHARACTERS = 80;
const shorten = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 3)}...` : text);

export function problem(file: ConfigFile, path: Path, value: unknown, message: string): Problem {
  return { file, path: pathText(path), value, message };
}

const LISTED = 12;
/** ` such as ...`: the known names if they are few enough to read, else the nearest to what is there. */
export function listed(names: readonly string[], word: string): string {
  if (names.length <= LISTED) return names.length > 0 ? ` such as ${names.join(', ')}` : '';
  const meant = nearest(word, names);
  return meant === null ? '' : ` such as ${meant}`;
}

/** A path as the file has it: `versions[0].rules[2]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text ? `${text}.${name}` : name;
  }, '');
}

/** The value at a path; undefined if there is none. */
export function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** Reports each member whose `field` has the value of an earlier one. */
export function repeated<K extends string>(
  file: ConfigFile,
  members: readonly Record<K, string>[],
  field: K,
  paths: readonly Path[],
  report: Report,
): void {
  const first = new Map<string, number>();
  for (const [index, member] of members.entries()) {
    const value = member[field];
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, index);
    else
      report(
        file,
        [...(paths[index] ?? []), field],
        value,
        `expected another than ${pathText(paths[earlier] ?? [])} has`,
      );
  }
}

/** `4 business hours`, `1 day`. */
export function spanOf({ value, unit }: { value: number; unit: string }): string {
  const words = unit.replace('_', ' ');
  return `${value} ${value === 1 ? words.replace(/s$/, '') : words}`;
}
