import { nearest } from './nearest.ts';
import { writable } from './written-json.ts';

export type ConfigFile = 'policy.json' | 'directory.json' | 'dialects.json';
export type Path = readonly PropertyKey[];

/** Something in the configuration that a person has to look at. */
export interface Problem {
  file: ConfigFile;
  /** Where it is, such as `versions[0].rules[2].clocks.note.target.unit`; empty for the whole file. */
  path: string;
  /** The value there, cut if it is too deep to be written as JSON; undefined if there is none. */
  value: unknown;
  /** What would be right. */
  message: string;
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
  return { file, path: pathText(path), value: writable(value), message };
}

const LISTED = 12;
/** To look for the nearest among thousands of names takes a while for each wrong one. */
const MOST_SOUGHT = 20;

/**
 * Makes ` such as ...` for wrong names: the known names if they are few enough to read, else the nearest to what is there.
 * It is looked for only for the first 20 wrong names; nothing is said for later ones.
 * @returns takes the wrong name, and one of the known names that isn't meant
 */
export function listing(names: readonly string[]): (word: string, except?: string) => string {
  let sought = 0;
  return (word, except) => {
    if (names.length > LISTED) sought += 1;
    if (sought > MOST_SOUGHT) return '';
    const others = names.filter((name) => name !== except);
    if (others.length <= LISTED) return others.length > 0 ? ` such as ${others.join(', ')}` : '';
    const meant = nearest(word, others);
    return meant === null ? '' : ` such as ${meant}`;
  };
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

/** `4 business hours`, `1 day`. */
export function spanOf({ value, unit }: { value: number; unit: string }): string {
  const words = unit.replace('_', ' ');
  return `${value} ${value === 1 ? words.replace(/s$/, '') : words}`;
}
