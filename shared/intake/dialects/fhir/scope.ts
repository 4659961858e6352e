import type { Instant } from '../../../contracts/instant.ts';
import { isJson, type Json, type Reference } from './elements.ts';
import { withoutNarrative } from './narrative.ts';
import { idInUrl, parseReference, resourceKey, resourceType } from './reference.ts';
import { parseStatedTime } from './stated-time.ts';

/** A resource that a reference names. */
export interface Target {
  type: string | null;
  id: string;
  /** Null: the body doesn't have it. */
  resource: Json | null;
  /** Contained in the resource that names it: its id means nothing elsewhere. */
  isContained: boolean;
}

interface Entry {
  resource: Json;
  fullUrl: string | null;
}

/** Bundles in Bundles beyond this depth aren't read. */
export const MOST_BUNDLES = 8;

/**
 * The resources that a Bundle, with the Bundles in it, or a single resource has: references are followed within it only,
 * so that the lines of a file may come in one message or in many.
 */
export class Scope {
  readonly #root: unknown;
  #byName: Map<string, Entry> | null = null;

  constructor(root: unknown) {
    this.#root = root;
  }

  /**
   * What a reference names.
   * @param contained the resources that the one with the reference contains
   * @param type what it names if neither it nor the Bundle says
   * @returns null: it names nothing that can be read, or has an identifier alone
   */
  find({ reference, type: said }: Reference, contained: readonly unknown[], type: string | null): Target | null {
    if (reference === undefined) return null;
    if (reference.startsWith('#')) return inContained(reference.slice(1), contained);
    const named = parseReference(reference);
    const entry =
      this.#entries.get(reference) ?? (named?.type ? this.#entries.get(resourceKey(named.type, named.id)) : undefined);
    if (entry) {
      const id = idOf(entry);
      if (id !== null) return { type: typeOf(entry.resource), id, resource: entry.resource, isContained: false };
    }
    if (!named) return null;
    const stated = named.type ?? (said === undefined ? type : resourceType(said));
    return { type: stated, id: named.id, resource: null, isContained: false };
  }

  /** By `fullUrl` and by `Type/id`; made when it is first asked. */
  get #entries(): Map<string, Entry> {
    if (this.#byName) return this.#byName;
    const byName = new Map<string, Entry>();
    for (const entry of entriesIn(this.#root, MOST_BUNDLES)) {
      const type = typeOf(entry.resource);
      const id = idOf(entry);
      for (const name of [entry.fullUrl, type !== null && id !== null ? resourceKey(type, id) : null]) {
        if (name === null) continue;
        const other = byName.get(name);
        if (!other || isLater(entry.resource, other.resource)) byName.set(name, entry);
      }
    }
    this.#byName = byName;
    return byName;
  }
}

/** The id of a resource, else its `fullUrl`'s. Null: it has neither. */
export function idOf({ resource, fullUrl }: Entry): string | null {
  const { id } = resource;
  if (typeof id === 'string' && id.trim() !== '') return id.trim();
  return fullUrl === null ? null : idInUrl(fullUrl);
}

const typeOf = ({ resourceType: type }: Json): string | null => (typeof type === 'string' ? type : null);

function inContained(id: string, contained: readonly unknown[]): Target | null {
  const resource = contained.find((each): each is Json => isJson(each) && each.id === id);
  return resource ? { type: typeOf(resource), id, resource, isContained: true } : null;
}

function entriesIn(value: unknown, levels: number): Entry[] {
  if (!isJson(value) || value.resourceType !== 'Bundle') return [];
  if (levels === 0) return [];
  return entryList(value).flatMap((entry) => {
    const { resource, fullUrl } = entry;
    if (!resource) return [];
    if (resource.resourceType === 'Bundle') return entriesIn(resource, levels - 1);
    return [{ resource, fullUrl }];
  });
}

/** The entries of a Bundle, a single one too. An entry may be the resource itself, as some servers send it. */
export function entryList({ entry }: Json): { entry: unknown; resource: Json | null; fullUrl: string | null }[] {
  const entries = entry === undefined || entry === null ? [] : [entry].flat();
  return entries.map((each: unknown) => {
    if (!isJson(each)) return { entry: each, resource: null, fullUrl: null };
    const { resource = typeof each.resourceType === 'string' ? each : undefined, fullUrl } = each;
    return {
      entry: each,
      resource: isJson(resource) ? resource : null,
      fullUrl: typeof fullUrl === 'string' && fullUrl !== '' ? fullUrl : null,
    };
  });
}

/** Of several versions of a resource the last counts, in whatever order the Bundle has them. */
function isLater(a: Json, b: Json): boolean {
  const [atA, atB] = [updatedAt(a), updatedAt(b)];
  if (atA !== atB) return atA > atB;
  return JSON.stringify(withoutNarrative(a)) > JSON.stringify(withoutNarrative(b));
}

function updatedAt({ meta }: Json): Instant {
  const text = isJson(meta) && typeof meta.lastUpdated === 'string' ? meta.lastUpdated : '';
  const stated = parseStatedTime(text);
  return stated ? stated.local.toZonedDateTime(stated.offset ?? 'UTC').epochMilliseconds : Number.NEGATIVE_INFINITY;
}
