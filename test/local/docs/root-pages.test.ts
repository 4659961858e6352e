import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const pages = readdirSync(root).filter((name) => name.endsWith('.md'));

it.each(pages)('%s links to nothing that is missing', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target as string);
  expect(links.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});
