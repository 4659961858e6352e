import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
const section = page.split('\n## Where a rule lives\n')[1]?.split('\n## ')[0] ?? '';
/** Question, code and tests of each row. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split('|').slice(1, -1) as [question: string, code: string, tests: string]);

const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

describe('the table of rules', () => {
  it('answers the questions that people ask', () => {
    expect(rows.length).toBeGreaterThanOrEqual(30);
  });

  it.each(rows)('names code and tests that exist:%s', (_question, code, tests) => {
    const files = [...codes(code).filter((name) => name.includes('/')), ...codes(tests)];
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(codes(tests)).not.toEqual([]);
  });

  it.each(rows)('names functions that are in the file beside them:%s', (_question, code) => {
    for (const place of code.split('<br>')) {
      const [path = '', name = ''] = codes(place);
      expect(readFileSync(join(root, path), 'utf8')).toContain(name);
    }
  });

  it.each([
    ["Who uses Newcombe's interval?", /\bnewcombe\(/],
    ['Where does `now` come from?', /\bDate\.now\(|new Date\(\)|Temporal\.Now|class \w+ implements TimeSource/],
  ])('names every such file: %s', (question, pattern) => {
    const places = rows.find(([asked]) => asked.trim() === question)?.[1].split('<br>') ?? [];
    const sources = globSync('{functions,local,shared}/**/*.{ts,tsx}', { cwd: root, exclude: ['**/node_modules'] });
    const users = sources.filter((path) => pattern.test(readFileSync(join(root, path), 'utf8')));
    expect(places.map((place) => codes(place)[0])).toEqual(expect.arrayContaining(users));
  });
});
