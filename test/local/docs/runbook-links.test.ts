import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Sections of the runbooks that commands and alarms send people to. */

const headings = new Set(
  [...readFileSync('docs/runbooks.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  ),
);
const named = globSync('{functions,infra,local,shared}/**/*.{ts,tsx}').flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/runbooks\.md#([a-z0-9-]+)/g)].map(
    ([, anchor = '']) => [anchor, file] as const,
  ),
);

it('is named by some code', () => expect(named.length).toBeGreaterThan(3));

it.each(named)('runbooks.md#%s, which %s names, is there', (anchor) => {
  expect(headings).toContain(anchor);
});
