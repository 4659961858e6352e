import { UNKNOWN } from '../../shared/contracts/dialects.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { bold, dim, field, thousands, WIDTH } from '../cli/columns.ts';
import { jsonLines } from './json-lines.ts';
import type { Tried } from './try-messages.ts';
import { type HelpConfig, wordFor } from './words-for.ts';

/** A site or practice that referrals name and the directory lacks. */
export interface Unlisted {
  id: string;
  /** As the sender writes it; null: it says none. */
  name: string | null;
  /** How many members name it. */
  count: number;
}

const MOST_SHOWN = 30;
const MOST_NAMED = 5;
const LABEL = 11;
const OF_SITES = 'without hours and a coordinator of their own. Add them to sites there, or correct what leads to them';
const OF_PRACTICES =
  'Add these to practices there, with the liaisonId of whom they are for. One that is listed under another name needs an entry in crosswalks.practice instead.';

interface Named {
  site?: unknown;
  practice?: { id?: unknown; name?: unknown };
}

/** Sites and practices of the members' events that the directory lacks, the most frequent first. */
export function unlistedPlaces(tried: readonly Tried[], config: HelpConfig): Record<'sites' | 'practices', Unlisted[]> {
  const { sites = [], practices = [] } = config.directory;
  return {
    sites: unlisted(
      // One without an entry is named with the entry that it needs.
      tried.map(({ events, unmapped }) => {
        const bare = new Set(unmapped.filter(({ field }) => field.endsWith('.site')).map(({ value }) => value));
        return events.flatMap(({ data }) => {
          const { site } = data as Named;
          return typeof site === 'string' && !bare.has(site) ? [{ id: site }] : [];
        });
      }),
      sites,
    ),
    practices: unlisted(
      tried.map(({ events }) => events.flatMap(({ data }) => (data as Named).practice ?? [])),
      practices,
    ).filter(({ id }) => wordFor('referral.received.practice', id, config) === id),
  };
}

function unlisted(
  members: readonly (readonly { id?: unknown; name?: unknown }[])[],
  known: readonly { id: string }[],
): Unlisted[] {
  const ids = new Set([UNKNOWN, ...known.map(({ id }) => id)]);
  const found = new Map<string, Unlisted>();
  for (const places of members) {
    const own = new Map(places.map((place) => [place.id, place]));
    for (const [id, { name }] of own) {
      if (typeof id !== 'string' || ids.has(id)) continue;
      const before = found.get(id);
      const said = typeof name === 'string' ? name : null;
      found.set(id, { id, name: before?.name ?? said, count: (before?.count ?? 0) + 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** What of it the directory needs, with practices to put there. */
export function unlistedLines({ sites, practices }: Record<'sites' | 'practices', Unlisted[]>): string[] {
  if (sites.length + practices.length === 0) return [];
  const shown = practices.slice(0, MOST_SHOWN).map(({ id, name }) => ({ id, name: name ?? id }));
  const more = practices.length - shown.length;
  return [
    bold('Not in directory.json'),
    ...(sites.length === 0 ? [] : field('sites', `${namesOf(sites)}: ${OF_SITES}`, WIDTH, 2, LABEL)),
    ...(practices.length === 0 ? [] : field('practices', namesOf(practices), WIDTH, 2, LABEL)),
    ...(practices.length === 0
      ? []
      : [
          '',
          ...field('', OF_PRACTICES, WIDTH, 2, 0),
          ...jsonLines(shown, 2),
          ...(more > 0 ? [dim(`  and ${more} more, with fewer`)] : []),
        ]),
  ];
}

function namesOf(places: readonly Unlisted[]): string {
  const named = places.slice(0, MOST_NAMED).map(({ id, count }) => `${id} (${thousands(count)})`);
  const more = places.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` and ${plural(more, 'other')}`}`;
}
