import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(folder, 'README.md'), 'utf8');
const links = [...page.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target as string);

describe('The map of the tests', () => {
  it('names no path of the repository that is missing', () => {
    const named = [...page.matchAll(/(?:test|shared|functions|local)\/[\w./-]+/g)].map(([path]) => path);
    const known = (path: string) => existsSync(join(folder, path)) || existsSync(join(folder, '..', path));
    expect(named.filter((path) => !known(path))).toEqual([]);
  });

  it('leads to every test, by its file or a folder that it lies in', () => {
    const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.test\.tsx?$/.test(path),
    );
    const isLinked = (path: string): boolean =>
      links.includes(path) || (dirname(path) !== '.' && isLinked(dirname(path)));
    // the oracle's page lists its own tests
    const own = tests.filter((path) => !path.startsWith('oracle/'));
    expect(own.filter((path) => !isLinked(path))).toEqual([]);
    expect(links).toContain('oracle/README.md');
  });
});
