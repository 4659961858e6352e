import type { Page } from './pages.ts';

/** What a page can be linked to with `#...`: ids that it sets, and its headings as GitHub names them. */
export function anchorsOf({ prose }: Page): Set<string> {
  const taken = new Map<string, number>();
  const headings = prose.flatMap((line) => {
    const [, title] = /^ {0,3}#{1,6}\s+(.+?)(?:\s+#+)?\s*$/.exec(line) ?? [];
    if (title === undefined) return [];
    const slug = slugOf(title);
    const earlier = taken.get(slug) ?? 0;
    taken.set(slug, earlier + 1);
    return [earlier === 0 ? slug : `${slug}-${earlier}`];
  });
  const ids = [...prose.join('\n').matchAll(/<[a-z]+ (?:id|name)="([^"]+)"/g)].map(([, id]) => id as string);
  return new Set([...headings, ...ids]);
}

/** Lower case, without punctuation, with a hyphen for each space. */
function slugOf(title: string): string {
  return title
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]+>/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
