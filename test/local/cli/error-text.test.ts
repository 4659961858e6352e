import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, messageOf } from '../../../local/cli/error-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { loopwatch } from './loopwatch.ts';

const folder = temporaryFolder();

describe('An error on a terminal', () => {
  it('is broken between words, within 80 columns and with nothing lost', () => {
    const word = fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'é', '.', '/', '7') });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (words) => {
        const lines = fitted(words.join(' '), 80).split('\n');
        expect(lines.filter((line) => line.length > 79)).toEqual([]);
        expect(lines.map((line) => line.trim()).join(' ')).toBe(words.join(' '));
      }),
    );
  });

  it('keeps a command whole, and each line of several', () => {
    const command = '`npx loopwatch config push my-config --stage dev`';
    const text = `loopwatch: dev: no configuration has been pushed yet: run ${command} now\n  error  one`;
    expect(fitted(text, 80).split('\n')).toEqual([
      'loopwatch: dev: no configuration has been pushed yet: run',
      `  ${command} now`,
      '  error  one',
    ]);
  });

  it('is as on the usual one where a terminal says that it has no columns', () => {
    const long = 'word '.repeat(100);
    expect(fitted(long, 0)).toBe(fitted(long, 80));
  });

  it('is as it is in a pipe', () => {
    const long = 'word '.repeat(100);
    expect(fitted(long, null)).toBe(long);
  });
});

describe('An error about a file', () => {
  const file = () => {
    const path = join(folder, 'file.json');
    writeFileSync(path, '{}');
    return path;
  };
  const said = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return messageOf(error);
    }
    throw new Error('nothing went wrong');
  };

  it('says what is there instead, without the words of Node', () => {
    const path = file();
    expect(said(() => mkdirSync(path, { recursive: true }))).toBe(`${path}: is a file; expected a folder`);
    expect(said(() => writeFileSync(join(path, 'x', 'y'), ''))).toBe(`${path}: is a file; expected a folder`);
    expect(said(() => writeFileSync(folder, ''))).toBe(`${folder}: is a folder; expected a file`);
    expect(said(() => readFileSync(join(folder, 'none')))).toBe(`${join(folder, 'none')}: no such file or folder`);
  });

  it('is said so by the commands', async () => {
    const path = file();
    expect(await loopwatch(['simulate', '--out', join(path, 'events.ndjson')])).toEqual({
      code: 1,
      stdout: '',
      stderr: `loopwatch: ${path}: is a file; expected a folder\n`,
    });
    const { code, stdout } = await loopwatch(['config', 'validate', path]);
    expect(code).toBe(1);
    expect(stdout).toContain(`expected a folder, and ${path} is a file`);
    expect(stdout).not.toContain('ENOTDIR');
  });
});
