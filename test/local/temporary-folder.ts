import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Makes a folder for the tests of a file, which calls this while it loads. It is removed after the last test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loopwatch-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
