import type { Directory } from '../../contracts/config.ts';
import type { Scope } from '../../contracts/report.ts';

/** The dimensions by which reports are made, in the order in which a scope's key names them. */
export const SCOPE_FIELDS = ['site', 'specialty', 'segment', 'region'] as const;
type ScopeField = (typeof SCOPE_FIELDS)[number];
export const ORGANIZATION = 'organization';

/** A scope as one string: `organization`, `site=north`, of several fields `site=north,specialty=cardiology`. */
export function scopeKey(scope: Scope): string {
  const fields = SCOPE_FIELDS.flatMap((dimension) =>
    scope[dimension] === undefined ? [] : `${dimension}=${scope[dimension]}`,
  );
  return fields.length === 0 ? ORGANIZATION : fields.join(',');
}

/** Whether a place, by its values of the dimensions, belongs to a scope. */
export function isIn(scope: Scope, place: Record<ScopeField, string | null>): boolean {
  return SCOPE_FIELDS.every((dimension) => scope[dimension] === undefined || scope[dimension] === place[dimension]);
}

/**
 * Scopes of which there is a report even where no referral belongs to them: the organization, and all that the directory
 * names. Scopes of several fields are made where a leader's is one.
 */
export function directoryScopes({ sites, practices, people }: Directory): Scope[] {
  const named = <D extends ScopeField>(dimension: D, values: readonly (string | undefined)[]): Scope[] =>
    [...new Set(values)].filter((value) => value !== undefined).map((value): Scope => ({ [dimension]: value }));
  return [
    {},
    ...named(
      'site',
      sites.map(({ id }) => id),
    ),
    ...named(
      'segment',
      practices.map(({ segment }) => segment),
    ),
    ...named(
      'region',
      practices.map(({ region }) => region),
    ),
    ...people.filter(({ role }) => role === 'leader').map(({ scope = {} }) => scope),
  ];
}
