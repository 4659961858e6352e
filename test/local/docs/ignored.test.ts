import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsOf } from './page-commands.ts';
import { pages, ROOT } from './pages.ts';

/** What pages have readers put into the checkout may be about patients: Git ignores it by its name. */

const OWN = ['bench', 'config', 'docs', 'functions', 'infra', 'local', 'shared', 'test'];
const BEFORE_A_PATH = ['--out', '--config', '--html', 'init', 'push', 'validate'];

/** The patterns of .gitignore for the checkout's root, without their slashes. */
const patterns = readFileSync(join(ROOT, '.gitignore'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('/'))
  .map((line) => new RegExp(`^${line.slice(1).replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '.*')}$`));

/** The files and folders of the root that a command of ours reads or writes and that aren't the repository's. */
function namesIn(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const isPath = /^[a-z][\w-]*\/|^[a-z][\w.-]*\.(?:csv|ndjson|html)$/.test(word);
    const isNamed = BEFORE_A_PATH.includes(words[index - 1] ?? '') && /^[a-z][\w./-]*$/.test(word);
    const [name = ''] = word.split('/');
    return (isPath || isNamed) && !OWN.includes(name) ? [name] : [];
  });
}

describe('what a page has its readers put into the checkout', () => {
  const shown = pages().flatMap((page) =>
    commandsOf(page)
      .filter(({ words }) => words.includes('loopwatch'))
      .flatMap(({ words, where }) => namesIn(words).map((name) => ({ name, where }))),
  );

  it('is ignored by Git', () => {
    expect(new Set(shown.map(({ name }) => name)).size).toBeGreaterThan(7);
    const tracked = shown.filter(({ name }) => !patterns.some((pattern) => pattern.test(name)));
    expect(tracked.map(({ name, where }) => `${name}: ${where}`)).toEqual([]);
  });

  it('is found in a command', () => {
    const words = 'npx loopwatch replay history/ a.csv --config my-config --out docs/x --stage dev'.split(' ');
    expect(namesIn(words)).toEqual(['history', 'a.csv', 'my-config']);
  });
});

describe('what is about real patients', () => {
  /** They read what senders sent. */
  const READERS = ['loopwatch replay', 'loopwatch send', 'loopwatch dialect draft', 'loopwatch dialect try'];
  /** Of the repository, or invented by another command or the page itself. */
  const INVENTED = [...OWN, 'simulated', 'csv-example'];

  /** The files that a command reads; none if it is none of the readers. */
  function filesOf(words: readonly string[]): string[] {
    const from = words.indexOf('loopwatch');
    const reader = READERS.find((each) => words.slice(from).join(' ').startsWith(`${each} `));
    if (from === -1 || reader === undefined) return [];
    const rest = words.slice(from + reader.split(' ').length);
    const end = rest.findIndex((word) => word.startsWith('-'));
    // Of a mention in a sentence only the name counts, and CAPITALS are placeholders.
    return rest.slice(0, end === -1 ? undefined : end).filter((word) => /^[a-z.]/.test(word));
  }

  it('is read outside the checkout', () => {
    const shown = pages().flatMap(commandsOf);
    const inside = shown.flatMap(({ words, where }) =>
      filesOf(words)
        .filter((file) => !file.startsWith('../') && !INVENTED.includes(file.split('/')[0] ?? ''))
        .map((file) => `${file}: ${where}`),
    );
    expect(inside).toEqual([]);
  });

  it('is found in a command', () => {
    expect(filesOf('npx loopwatch dialect try a.csv b/ --config x'.split(' '))).toEqual(['a.csv', 'b/']);
    expect(filesOf('npx loopwatch explain a.csv'.split(' '))).toEqual([]);
  });
});
