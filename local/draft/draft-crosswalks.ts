import type { EventType } from '../../shared/contracts/event.ts';
import { type Drafting, statusCodesOf } from './drafting.ts';
import { type KnownWords, packWord } from './known-words.ts';
import { type Column, codesOf } from './profile.ts';
import { REASONS, reasonCodesOf, reasonColumn } from './reasons.ts';
import type { Role } from './roles.ts';
import { priorityOf } from './status-words.ts';

/**
 * Entries by what words commonly mean; words of the sender's own stand on both sides, for a person to change.
 * @param isRead whether the mapping fills a field of a type's `data`: no crosswalk is drafted that nothing reads
 */
export function crosswalksOf(
  drafting: Drafting,
  isRead: (type: EventType, field: string) => boolean,
): Record<string, Record<string, string>> {
  const { roles, todo, known } = drafting;
  const crosswalks: Record<string, Record<string, string>> = {};
  const add = (name: string, role: Role, wordOf: (word: string) => string | undefined): void => {
    const column = roles.get(role);
    if (!column) return;
    const entries = codesOf(column).flatMap(([value]) => {
      const word = wordOf(value);
      if (word === undefined)
        todo.push(`crosswalks.${name} ${JSON.stringify(value)}: say which word of the contract it means.`);
      return word === undefined ? [] : [[value, word] as const];
    });
    if (entries.length > 0) crosswalks[name] = Object.fromEntries(entries);
  };
  if (isRead('referral.received', 'priority')) add('priority', 'priority', priorityOf);
  if (isRead('referral.received', 'specialty'))
    add('specialty', 'specialty', (word) => known?.specialty(word) ?? packWord(word));
  if (isRead('referral.received', 'site')) add('site', 'site', (word) => known?.site(word) ?? word);
  if (isRead('referral.received', 'practice.id')) addPractices(crosswalks, drafting);
  addReasons(crosswalks, drafting, isRead);
  if (crosswalks.specialty)
    todo.push(
      'crosswalks.specialty: on the right put the words of your policy; these are written as the packs have them.',
    );
  const strange = Object.keys(crosswalks.site ?? {}).filter((value) => known?.site(value) === undefined);
  if (strange.length > 0) todo.push(`crosswalks.site: on the right of ${strange.join(', ')} put ${siteIdsOf(known)}.`);
  return crosswalks;
}

const siteIdsOf = (known: KnownWords | null): string =>
  known === null
    ? 'the ids of your sites. With --config the draft puts those of directory.json'
    : `an id of directory.json, such as ${known.siteIds.slice(0, 3).join(', ')}, or add the site there`;

/** Of practices only those that the directory has, however often they come: no other name is shown. */
function addPractices(crosswalks: Record<string, Record<string, string>>, { roles, known }: Drafting): void {
  const column = roles.get('practiceId') ?? roles.get('practiceName');
  const entries = [...(column?.counts.keys() ?? [])].flatMap((value) => {
    const id = known?.practice(value);
    return id === undefined || id === value ? [] : [[value, id] as const];
  });
  if (entries.length > 0) crosswalks.practice = Object.fromEntries(entries.sort());
}

/** A column may say the reasons of several types: a person is asked only about values that none of them knows. */
function addReasons(
  crosswalks: Record<string, Record<string, string>>,
  { reasons, todo }: Drafting,
  isRead: (type: EventType, field: string) => boolean,
): void {
  const read = REASONS.filter(({ types, field }) => types.some((type) => isRead(type, field)));
  for (const column of reasons) {
    const own = read.filter((reason) => reasonColumn(reason, reasons) === column);
    const unknown = new Set(own.length === 0 ? [] : reasonCodesOf(column).map(([value]) => value));
    for (const { crosswalk, wordOf } of own) {
      const entries = reasonCodesOf(column).flatMap(([value]) => {
        const word = wordOf(value);
        if (word !== undefined) unknown.delete(value);
        return word === undefined ? [] : [[value, word] as const];
      });
      if (entries.length > 0) crosswalks[crosswalk] = Object.fromEntries(entries);
    }
    const names = own.map(({ crosswalk }) => crosswalk).join(' or ');
    for (const value of unknown)
      todo.push(`crosswalks.${names} ${JSON.stringify(value)}: say which word of the contract it means.`);
  }
}

const CODED: readonly Role[] = ['priority', 'specialty', 'site'];

/** Values of a coded column with their counts, the commonest first. */
export interface CodeList {
  column: string;
  values: [string, number][];
  /** How many other values it has. */
  notShown: number;
}

/** The coded columns of a file and what may be shown of them. */
export function codeLists({ roles, statuses, reasons }: Drafting): CodeList[] {
  const list = (column: Column, values: [string, number][]): CodeList[] =>
    column.counts.size === 0 ? [] : [{ column: column.name, values, notShown: column.counts.size - values.length }];
  const type = roles.get('eventType');
  return [
    ...[...(type ? [type] : []), ...statuses].flatMap((column) => list(column, statusCodesOf(column))),
    ...CODED.flatMap((role) => {
      const column = roles.get(role);
      return column ? list(column, codesOf(column)) : [];
    }),
    ...reasons.flatMap((column) => list(column, reasonCodesOf(column))),
  ];
}
