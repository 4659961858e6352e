import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const OWN = ['docs/domain.md', 'test/local/docs/domain*.ts'];
const files = globSync(['*.{md,json,ts}', '{.github,.ci,bench,config,docs,functions,infra,local,shared,test}/**/*'], {
  cwd: root,
  exclude: ['**/node_modules', '**/.loopwatch', ...OWN],
}).filter((path) => /\.(md|tsx?|mjs|cjs|json|ya?ml)$/.test(path));

/** A file's text on one line: a citation may run over the lines of a comment. */
const texts = files.map((path) => {
  const text = readFileSync(join(root, path), 'utf8').replace(/\n\s*(?:\*|\/\/)?\s*/g, ' ');
  return { path, text };
});

it.each([
  ['names the domain contract without a link to it', /domain contract(?!.{0,40}domain\.md)/gi],
  ['cites a section without an anchor', /(?:contract|domain\.md)(?:'s|’s)?,? \(?sections? \d/gi],
])('nothing %s', (_what, pattern) => {
  const found = texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(({ index }) => `${path}: ${text.slice(Math.max(0, index - 40), index + 60)}`),
  );
  expect(found).toEqual([]);
});
