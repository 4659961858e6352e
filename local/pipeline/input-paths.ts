import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { InputError } from './input-error.ts';
import { LINES } from './place.ts';

/** Files of a configuration may lie beside what it is tried on. */
const CONFIGURATION = ['dialects.json', 'directory.json', 'policy.json'];
/** What `send` notes beside what it sent. */
const NOTE = /\.sent(?:\.new)?$/;
/** Exports come under any of these names; which delimiter they have the mapping says. */
export const CSV_FILES = ['.csv', '.txt', '.tsv'];
const READ = [...LINES, '.json', '.hl7', ...CSV_FILES];

/** Takes what of a folder isn't read, or holds nothing: the ending of a file, `no ending`, `folder` or `empty`. */
export type LeaveOut = (what: string) => void;

/**
 * The files that a path names: itself, or those of a folder that have a known ending.
 * @param isAnyRead whether a file is read whatever its ending
 * @throws InputError if there is nothing to read
 */
export function filesOf(path: string, isAnyRead: boolean, leaveOut: LeaveOut): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new InputError(`${path}: no such file or folder`);
  if (!found.isDirectory()) {
    if (isRead(path) || isAnyRead) return [path];
    throw new InputError(`${path}: expected ${READ.join(', ')}, or --dialect`);
  }
  const inside = readdirSync(path).map((name) => ({
    name,
    isFolder: statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory() ?? false,
  }));
  const files = inside.filter(({ name, isFolder }) => !isFolder && isRead(name) && !CONFIGURATION.includes(name));
  if (files.length === 0) throw new InputError(`${path}: holds no file that ends in ${READ.join(', ')}`);
  for (const { name, isFolder } of inside) {
    if (name.startsWith('.') || NOTE.test(name)) continue;
    if (isFolder) leaveOut('folder');
    else if (!isRead(name)) leaveOut(extname(name).toLowerCase() || 'no ending');
  }
  return files.map(({ name }) => join(path, name)).sort();
}

const isRead = (name: string): boolean => READ.includes(extname(name).toLowerCase());
