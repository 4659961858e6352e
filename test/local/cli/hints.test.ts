import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { loopwatchProgram } from '../../../local/cli/program.ts';
import { pages, ROOT } from '../docs/pages.ts';

/** A command that is printed, mailed or written on a page can be pasted as it stands. */

const { commands } = loopwatchProgram(() => {});
const NAMES = commands.map((command) => command.name()).join('|');
const PAIRS = commands.flatMap((group) => group.commands.map((sub) => `${group.name()} ${sub.name()}`)).join('|');
/** `loopwatch explain`, and `config push` within a text: a text that begins with it may be completed by `commandOn`. */
const BARE = new RegExp(
  `(?<!npx )\\bloopwatch (?:${NAMES})\\b.*|(?<!^)(?<!npx loopwatch )(?<![\\w-])(?:${PAIRS})(?!\\w).*`,
  'gu',
);
const ON_A_PAGE = new RegExp(`\`loopwatch (?:${NAMES})\\b.*|^ *(?:\\$ )?loopwatch (?:${NAMES})\\b.*`, 'gmu');

/** The commands in a text that lack their `npx`. */
const bareIn = (text: string): string[] => [...text.matchAll(BARE)].map(([found]) => found);

/** What a file of code says to people: its texts, and those of its templates. */
function textsOf(path: string, code: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true));
  return texts;
}

describe('a command that somebody may paste', () => {
  it('begins with npx wherever it is printed or mailed', () => {
    const files = globSync('{bench,functions,infra,local,shared}/**/*.{ts,tsx}', { cwd: ROOT });
    expect(files.length).toBeGreaterThan(300);
    const found = files.flatMap((path) =>
      textsOf(path, readFileSync(join(ROOT, path), 'utf8')).flatMap((text) =>
        bareIn(text).map((command) => `${path}: ${command}`),
      ),
    );
    expect(found).toEqual([]);
  });

  it('begins with npx on every page but the history', () => {
    const found = pages()
      .filter(({ path }) => path !== 'CHANGELOG.md')
      .flatMap(({ path, text }) => [...text.matchAll(ON_A_PAGE)].map(([command]) => `${path}: ${command}`));
    expect(found).toEqual([]);
  });

  it.each([
    ['start one with `loopwatch demo`', 1],
    ['more; config validate --all shows them', 1],
    ['`dlq list` says since when, then "npx loopwatch dlq redrive"', 1],
    ['npx loopwatch explain R-1 --stage dev', 0],
    ['config push DIR', 0],
    ['the mail lists what it knows', 0],
  ])('is found in: %s', (text, count) => {
    expect(bareIn(text)).toHaveLength(count);
  });
});
