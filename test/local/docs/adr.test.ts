import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'adr');
const list = readFileSync(join(folder, 'README.md'), 'utf8');
const files = readdirSync(folder)
  .filter((name) => /^\d{4}-.*\.md$/.test(name))
  .sort();

/** What fits on a page. */
const MOST_LINES = 60;
const MOST_WORDS = 600;

describe('decisions', () => {
  it('are numbered without gaps', () => {
    expect(files.map((name) => Number(name.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  });

  it.each(files)('%s has a title and four parts, on one page', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const headings = text.split('\n').filter((line) => line.startsWith('#'));
    expect(headings).toEqual([
      expect.stringMatching(`^# ${name.slice(0, 4)} \\S`),
      '## What',
      '## Why',
      '## Against',
      '## Consequences',
    ]);
    for (const part of text.split(/^## .*$/m).slice(1)) expect(part.trim()).not.toBe('');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
    expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(MOST_WORDS);
  });

  it.each(files)('%s is listed under its title', (name) => {
    const title = readFileSync(join(folder, name), 'utf8').split('\n')[0]?.slice('# 0000 '.length);
    expect(list).toContain(`| [${name.slice(0, 4)}](${name}) | ${title} |`);
  });
});
