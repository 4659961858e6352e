import { FILL_IN } from '../../shared/contracts/fill-in.ts';
import { changedAt } from '../draft/drafting.ts';
import { timeOfStatus, typeIn } from '../draft/emits-of-status.ts';
import type { Column } from '../draft/profile.ts';
import { reasonData } from '../draft/reasons.ts';
import type { Roles } from '../draft/roles.ts';
import { eventTypeOf, meaningOf } from '../draft/status-words.ts';

/** An `emit` that would read a value. */
export interface EmitEntry {
  type: string;
  time: string;
  when: Record<string, string[]>;
  data?: Record<string, string>;
}

/** An entry of `type.values` that would read a value. */
export interface TypeEntry {
  values: Record<string, string>;
}

interface Value {
  column: string;
  value: string;
}

/**
 * Whether a status needs no emit: by its word nothing happened, or in each of its rows another emit says the same.
 * @param types of the events of each of its rows
 */
export function needsNone({ column, value }: Value, types: readonly ReadonlySet<string>[], roles: Roles): boolean {
  const meaning = meaningOf(value);
  if (!meaning) return meaning === null;
  const type = typeIn(columnNamed(column), meaning, roles.roles);
  return types.every((own) => own.has(type));
}

/** The emit by which a status would count; where its word says nothing, a person has to say of which type. */
export function emitEntry({ column, value }: Value, { roles, reasons }: Roles): EmitEntry {
  const meaning = meaningOf(value);
  const when = { [column]: [value] };
  if (!meaning) return { type: FILL_IN, time: changedAt(roles), when };
  const type = typeIn(columnNamed(column), meaning, roles);
  const data = reasonData(type, reasons);
  return { type, time: timeOfStatus(type, roles), when, ...(Object.keys(data).length > 0 && { data }) };
}

export const typeEntry = (value: string): TypeEntry => ({ values: { [value]: eventTypeOf(value) ?? FILL_IN } });

/** Only its name counts. */
const columnNamed = (name: string): Pick<Column, 'name'> => ({ name });
