import type { KnownWords } from './known-words.ts';
import type { Column } from './profile.ts';
import { isPrivate, type Role, type Roles } from './roles.ts';
import { priorityOf } from './status-words.ts';

/** A column whose name says nothing, and what its cells say that it is. */
export interface RoleByValues {
  role: Role;
  column: Column;
  /** Why, of its values. */
  because: string;
}

const SHARE = 0.9;
/** Words that nothing but a priority has: `low` and `1` may be anything. */
const TELLING = /^(rout\w*|urg\w*|stat|emer\w*|elective|asap|non.?urgent|2ww)$/i;

/**
 * Columns that no name gave a role, by their values: priorities by their words, and what the configuration has by its ids
 * and names. Only roles that no column has yet.
 */
export function rolesByValues(
  { roles, statuses, reasons }: Roles,
  columns: readonly Column[],
  known: KnownWords | null,
): RoleByValues[] {
  const taken = new Set<Column>([...roles.values(), ...statuses, ...reasons]);
  const find = (role: Role, because: string, isOne: (column: Column) => boolean): RoleByValues[] => {
    if (roles.has(role)) return [];
    const column = columns.find((each) => !taken.has(each) && !each.isDate && !isPrivate(each) && isOne(each));
    if (!column) return [];
    taken.add(column);
    return [{ role, column, because }];
  };
  const inDirectory = 'its values are in directory.json';
  return [
    ...find('priority', 'its values are words for priorities', isPriority),
    ...(known ? find('site', inDirectory, (column) => mostly(column, known.site)) : []),
    ...(known && !roles.has('practiceId')
      ? find('practiceName', inDirectory, (column) => mostly(column, known.practice))
      : []),
    ...(known
      ? find('specialty', 'its values are specialties of policy.json', (column) => mostly(column, known.specialty))
      : []),
  ];
}

/** One value alone may be chance. */
function isPriority(column: Column): boolean {
  const words = new Set([...column.counts.keys()].flatMap((value) => priorityOf(value) ?? []));
  return words.size > 1 && [...column.counts.keys()].some((value) => TELLING.test(value)) && mostly(column, priorityOf);
}

function mostly({ cells }: Column, wordOf: (value: string) => string | undefined): boolean {
  return cells.length > 0 && cells.filter((cell) => wordOf(cell) !== undefined).length >= cells.length * SHARE;
}
