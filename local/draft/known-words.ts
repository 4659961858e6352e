import type { Config } from '../../shared/contracts/config.ts';
import { words } from './roles.ts';

/** Turns an export's value into the configuration's word for the same. Undefined: it has none, or several. */
type WordOf = (value: string) => string | undefined;

/** What a configuration calls the things that an export names. */
export interface KnownWords {
  timeZone: string;
  /** Ids by id or name. */
  site: WordOf;
  /** Ids by id, name or alias. */
  practice: WordOf;
  specialty: WordOf;
  /** Some ids of sites, to choose from. */
  siteIds: readonly string[];
}

/** The words of a configuration. Case, spaces and punctuation don't matter. */
export function knownWords({ policy, directory }: Pick<Config, 'policy' | 'directory'>): KnownWords {
  const { organization, sites, practices, people } = directory;
  const matched = policy.versions.flatMap(({ rules, required = [] }) =>
    [...rules, ...required].map(({ match }) => match),
  );
  const specialties = [
    ...matched.flatMap(({ specialty = [] }) => specialty),
    ...organization.sensitiveSpecialties,
    ...people.flatMap(({ routes = [], scope }) => [...routes, scope]).map((each) => each?.specialty),
  ].filter((specialty) => specialty !== undefined);
  return {
    timeZone: organization.timeZone,
    site: finder(sites.map(({ id, name }) => ({ word: id, names: [id, name] }))),
    practice: finder(practices.map(({ id, name, aliases = [] }) => ({ word: id, names: [id, name, ...aliases] }))),
    specialty: finder([...new Set(specialties)].map((word) => ({ word, names: [word] }))),
    siteIds: sites.map(({ id }) => id),
  };
}

function finder(known: readonly { word: string; names: readonly string[] }[]): WordOf {
  const byName = new Map<string, Set<string>>();
  for (const { word, names } of known) {
    for (const name of names.map(words)) byName.set(name, (byName.get(name) ?? new Set()).add(word));
  }
  return (value) => {
    const [word, another] = byName.get(words(value)) ?? [];
    return another === undefined ? word : undefined;
  };
}

/** A specialty as the ready policy packs write it: `behavioral_health`. */
export const packWord = (specialty: string): string => words(specialty).replaceAll(' ', '_');
