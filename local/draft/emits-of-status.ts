import type { EventType } from '../../shared/contracts/event.ts';
import { changedAt, type DraftEmit, type Drafting, statusCodesOf } from './drafting.ts';
import { type Column, whyNotCoded } from './profile.ts';
import { isOfAppointment, isOfReferral, type Role } from './roles.ts';
import { isKnownWord, meaningOf } from './status-words.ts';

/**
 * The events that the words of a status column make, and what a person has to look at in it.
 * @param others what makes events without it: by a date, or by one of its words already
 */
export function emitsOfStatus(
  status: Column,
  { roles, guessed, todo }: Pick<Drafting, 'roles' | 'guessed' | 'todo'>,
  others: readonly DraftEmit[],
): DraftEmit[] {
  const why = whyNotCoded(status, isKnownWord);
  if (why !== null) {
    todo.push(`${status.name}: ${why}; none makes an event.`);
    return [];
  }
  const values = new Map<EventType, string[]>();
  const read = others.flatMap(({ when }) => when?.[status.name] ?? []);
  for (const [value] of statusCodesOf(status)) {
    const meaning = meaningOf(value);
    if (meaning === undefined)
      todo.push(`${status.name} ${JSON.stringify(value)}: say which event it means, or leave it out if none.`);
    if (!meaning) continue;
    const type = typeIn(status, meaning, roles);
    read.push(value);
    if (!others.some((other) => other.type === type)) values.set(type, [...(values.get(type) ?? []), value]);
  }
  noteUnread(status, read, todo);
  for (const [type, words] of values)
    guessed.push(`${status.name} ${words.map((word) => JSON.stringify(word)).join(', ')}: taken for ${type}.`);
  return [...values].map(([type, words]) => {
    return { type, time: timeOfStatus(type, roles), when: { [status.name]: words } };
  });
}

/** When what a status says counts: at the appointment's start, else as a change of the row. */
export const timeOfStatus = (type: EventType, roles: ReadonlyMap<Role, Column>): string =>
  (AT_START.includes(type) ? roles.get('starts')?.name : undefined) ?? changedAt(roles);

const AT_START: readonly EventType[] = ['appointment.no_show', 'visit.completed', 'visit.arrived'];

/** What is cancelled: what the column is about; else the appointment if rows have one. */
export function typeIn(status: Pick<Column, 'name'>, meaning: EventType, roles: ReadonlyMap<Role, Column>): EventType {
  if (meaning !== 'appointment.cancelled' || isOfAppointment(status)) return meaning;
  return isOfReferral(status) || !roles.has('starts') ? 'referral.cancelled' : meaning;
}

/** Says which values of a status column make no event. Cells are compared in any case, as a mapping does. */
function noteUnread(status: Column, read: readonly string[], todo: string[]): void {
  const lower = new Set(read.map((value) => value.toLowerCase()));
  const isUnread = (value: string): boolean => !lower.has(value.toLowerCase());
  const unread = [...status.counts.keys()].filter(isUnread);
  if (unread.length === 0) return;
  const shown = statusCodesOf(status).flatMap(([value]) => (isUnread(value) ? [value] : []));
  const notShown = unread.length - shown.length;
  const list = [shown.join(', '), notShown === 0 ? '' : `${notShown} not shown`].filter(Boolean).join(', and ');
  const make = unread.length === 1 ? 'value of' : 'values of';
  todo.push(`${unread.length} ${make} ${status.name} ${unread.length === 1 ? 'makes' : 'make'} no event: ${list}.`);
}
