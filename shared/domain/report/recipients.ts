import type { Directory, Person } from '../../contracts/config.ts';
import type { ReportKind, Scope } from '../../contracts/report.ts';

/** Leaders who get reports of this kind by mail: weekly ones unless the directory says otherwise. */
export function reportRecipients({ people }: Directory, kind: ReportKind): Person[] {
  return people.filter(({ role, reports = ['weekly'] }) => role === 'leader' && reports.includes(kind));
}

/** The scope of a leader's reports. */
export function scopeOf({ scope = {} }: Person): Scope {
  return scope;
}
