import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf } from './anchors.ts';
import { type Page, pages, ROOT, readPage } from './pages.ts';

/** Every link within the repository leads somewhere: from page to page, and from code to a page. */

const all = pages();
const anchors = new Map(all.map((page) => [page.path, anchorsOf(page)]));

/** Where `target`, as it stands in a page, leads to nothing; null if it leads somewhere. */
function brokenAt({ path }: { path: string }, target: string): string | null {
  const [file = '', anchor] = decodeURI(target).split('#');
  const to = file === '' ? path : posix.join(posix.dirname(path), file);
  if (to.startsWith('..') || !existsSync(join(ROOT, to))) return `${target}: there is no ${to}`;
  if (anchor === undefined || anchors.get(to)?.has(anchor)) return null;
  return `${target}: ${to} has no heading or id #${anchor}`;
}

/** Targets of links and images that aren't addresses on the web. */
function targetsOf({ prose }: Page): string[] {
  const text = prose.join('\n').replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '');
  const found = [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/gm),
    ...text.matchAll(/<[a-z]+ [^>]*(?:href|src|srcset)="([^"\s]+)"/g),
  ];
  return found.map(([, target]) => target as string).filter((target) => !/^(?:https?|mailto):/.test(target));
}

describe('a page', () => {
  it.each(all)('$path links only to what is there', (page) => {
    expect(targetsOf(page).flatMap((target) => brokenAt(page, target) ?? [])).toEqual([]);
  });

  it('names no path of one machine', () => {
    const machine = /(?:^|[\s`"'(=])(?:\/(?:home|Users|root|work|tmp|mnt|private)\/|[A-Z]:\\|file:\/\/\/)\S*/gm;
    const named = all.flatMap(({ path, text }) =>
      [...text.matchAll(machine)].map(([found]) => `${path}: ${found.trim()}`),
    );
    expect(named).toEqual([]);
  });

  it('is linked from some other page', () => {
    const linked = all.flatMap((page) =>
      targetsOf(page).map((target) => posix.join(dirname(page.path), target.split('#')[0] || page.path)),
    );
    const roots = ['README.md', '.github/pull_request_template.md'];
    expect(all.map(({ path }) => path).filter((path) => !linked.includes(path) && !roots.includes(path))).toEqual([]);
  });
});

describe('code', () => {
  const files = globSync('{bench,functions,infra,local,shared,test}/**/*.{ts,tsx,mjs,json}', {
    cwd: ROOT,
    exclude: ['**/node_modules', 'test/local/docs/links.test.ts'],
  });
  const references = files.flatMap((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const targets = [...text.matchAll(/\bdocs\/[\w./-]+\.md(?:#[\w-]+)?/g)].map(([target]) => target);
    const runbooks = [...text.matchAll(/\brunbook\('([\w-]+)'\)/g)].map(([, section]) => `docs/runbooks.md#${section}`);
    return [...targets, ...runbooks].map((target) => ({ path, target }));
  });

  it('names pages and places in them that are there', () => {
    expect(references.length).toBeGreaterThan(50);
    expect(
      references.flatMap(({ path, target }) => {
        const broken = brokenAt({ path: 'README.md' }, target);
        return broken ? `${path}: ${broken}` : [];
      }),
    ).toEqual([]);
  });
});

describe('the reading of links', () => {
  const page = readPage(
    'docs/x.md',
    '# A & B: `c`\n## A & B: `c`\n<a id="1-2"></a>\n[a](y.md) `[b](no)` [r]: no\n![i](i.png "t") [s](#a--b-c)\n\n[ref]: z.md\n```\n[n](no)\n```\n',
  );

  it('finds links, images and references, and none in code', () => {
    expect(targetsOf(page)).toEqual(['y.md', 'i.png', '#a--b-c', 'z.md']);
  });

  it('names headings as GitHub does', () => {
    expect([...anchorsOf(page)]).toEqual(['a--b-c', 'a--b-c-1', '1-2']);
  });
});
