import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../pipeline/input-error.ts';

/**
 * Whether a file may be written where none is, or an empty one.
 * @throws InputError if there is something in it, or its folder isn't there
 */
export function checkNewFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isFile()) throw new InputError(`--out ${path}: is a folder, expected a file`);
  if (found && found.size > 0) throw taken(path);
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(`--out ${path}: no such folder as ${folder}`);
}

/** Writes a file in UTF-8. @throws InputError as `checkNewFile` does; nothing is written then */
export function writeNewFile(path: string, text: string): void {
  checkNewFile(path);
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  try {
    writeFileSync(path, text, { flag: isThere ? 'w' : 'wx' });
  } catch (error) {
    // Somebody else wrote it just now.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(path);
    throw error;
  }
}

const taken = (path: string): InputError =>
  new InputError(
    `--out ${path}: there is something in it, and it is not replaced. Name another file, or move it away first`,
  );
