import type { EventType } from '../../shared/contracts/event.ts';
import { FILL_IN } from '../../shared/contracts/fill-in.ts';
import type { KnownWords } from './known-words.ts';
import { type Column, codesOf } from './profile.ts';
import type { Role, Roles } from './roles.ts';
import { isKnownWord } from './status-words.ts';

/** What is known of a file while its mapping is drafted. */
export interface Drafting extends Roles {
  columns: readonly Column[];
  /** Null: no configuration was given. */
  known: KnownWords | null;
  guessed: string[];
  todo: string[];
}

/** An event that a row of states makes. */
export interface DraftEmit {
  type: EventType;
  time: string;
  when?: Record<string, string[]>;
  data?: Record<string, string>;
}

/** As `time` of an event: the instant of the export. */
export const EXPORTED_AT = 'exportedAt';

/**
 * When a status without a date of its own counts: when its row was last changed, if every row says that with a time of day,
 * else at the export.
 */
export function changedAt(roles: ReadonlyMap<Role, Column>): string {
  const changed = roles.get('updated');
  return changed && saysWhen(changed) ? changed.name : EXPORTED_AT;
}

/** Whether a column of dates has a time of day in every row: a date alone would be its midnight, before all of that day. */
export const saysWhen = ({ isFilled, isDate, cells }: Column): boolean =>
  isFilled && isDate && cells.every((cell) => cell.includes(':'));

/** The column of a role; without one a placeholder. */
export const nameOf = (roles: ReadonlyMap<Role, Column>, role: Role): string =>
  roles.get(role)?.name ?? `${FILL_IN}: ${role}`;

/** Values of a column of statuses or types of events: those that come more than once, and known words. */
export const statusCodesOf = (column: Column): [string, number][] => codesOf(column, isKnownWord);

const REFERRAL_DATA: readonly [string, Role][] = [
  ['priority', 'priority'],
  ['specialty', 'specialty'],
  ['site', 'site'],
  ['practice.id', 'practiceId'],
  ['practice.name', 'practiceName'],
  ['practice.providerNpi', 'npi'],
  ['patient.id', 'patientId'],
  ['payer', 'payer'],
  ['orderedAt', 'ordered'],
];

/** The columns of a referral's `data` by field. @param time the column that is its time already */
export function referralData(roles: ReadonlyMap<Role, Column>, time: string): Record<string, string> {
  const data = REFERRAL_DATA.flatMap(([field, role]) => {
    const column = roles.get(role);
    return column && column.name !== time ? [[field, column.name] as const] : [];
  });
  const named = Object.fromEntries(data);
  const practice = named['practice.id'] ?? named['practice.name'];
  return practice === undefined ? named : { ...named, 'practice.id': practice };
}
