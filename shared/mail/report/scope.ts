import type { Config } from '../../contracts/config.ts';
import type { Scope } from '../../contracts/report.ts';
import { isSensitive, SENSITIVE_SPECIALTY } from '../../domain/mail/sensitive-specialty.ts';
import { clip, nameOf } from '../names.ts';

const spaced = (id: string): string => clip(id.replaceAll('_', ' '));

export function specialtyName(specialty: string, { directory }: Config): string {
  return isSensitive(specialty, directory) ? SENSITIVE_SPECIALTY : spaced(specialty);
}

/** What a report is about: the organization, or the site, specialty, segment and region that narrow it. */
export function scopeTitle({ site, specialty, segment, region }: Scope, config: Config): string {
  const { organization, sites } = config.directory;
  const parts = [
    site === undefined ? null : nameOf(sites, site),
    specialty === undefined ? null : specialtyName(specialty, config),
    segment === undefined ? null : `${spaced(segment)} practices`,
    region === undefined ? null : `practices in ${spaced(region)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? clip(organization.name) : parts.join(', ');
}

export const isWholeOrganization = (scope: Scope): boolean =>
  Object.values(scope).every((value) => value === undefined);

/** Figures by the specialty's name in a mail: those of sensitive specialties, which share a name, are added up. */
export function bySpecialtyName<T>(
  figures: Readonly<Record<string, T>>,
  add: (a: T, b: T) => T,
  config: Config,
): [string, T][] {
  const byName = new Map<string, T>();
  for (const [specialty, figure] of Object.entries(figures)) {
    const name = specialtyName(specialty, config);
    const known = byName.get(name);
    byName.set(name, known === undefined ? figure : add(known, figure));
  }
  return [...byName];
}
