import type { Directory } from '../../contracts/config.ts';
import type { Scope } from '../../contracts/report.ts';

/** The fields by which reports are made, in the order in which a scope's key names them. */
export const SCOPE_FIELDS = ['site', 'specialty', 'segment', 'region'] as const;
type ScopeField = (typeof SCOPE_FIELDS)[number];
export const ORGANIZATION = 'organization';

/** A scope as text: `organization`, `site=north`, or with several fields `site=north,specialty=cardiology`. */
export function scopeKey(scope: Scope): string {
  const fields = SCOPE_FIELDS.flatMap((field) => (scope[field] === undefined ? [] : `${field}=${scope[field]}`));
  return fields.length === 0 ? ORGANIZATION : fields.join(',');
}

/** Whether a group with these values belongs to a scope. */
export function isIn(scope: Scope, values: Record<ScopeField, string | null>): boolean {
  return SCOPE_FIELDS.every((field) => scope[field] === undefined || scope[field] === values[field]);
}

/**
 * Scopes that get a report even if no referral belongs to them: the organization, everything that the directory names,
 * and the scopes of leaders. Only a leader's scope can have several fields.
 */
export function directoryScopes({ sites, practices, people }: Directory): Scope[] {
  const named = (field: ScopeField, values: readonly (string | undefined)[]): Scope[] =>
    [...new Set(values)].filter((value) => value !== undefined).map((value): Scope => ({ [field]: value }));
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
