import type { EventType } from '../../shared/contracts/event.ts';
import {
  changedAt,
  type DraftEmit,
  type Drafting,
  EXPORTED_AT,
  nameOf,
  referralData,
  saysWhen,
  statusCodesOf,
} from './drafting.ts';
import { emitsOfStatus } from './emits-of-status.ts';
import { reasonData } from './reasons.ts';
import { isOfAppointment, type Role } from './roles.ts';

/** Dates that say by themselves that something happened. */
const BY_DATE: readonly [Role, EventType][] = [
  ['accepted', 'referral.accepted'],
  ['declined', 'referral.declined'],
  ['arrived', 'visit.arrived'],
  ['seen', 'visit.completed'],
  ['cancelled', 'appointment.cancelled'],
  ['note', 'note.received'],
  ['closed', 'referral.closed'],
];

/** The events that rows of states make: by their dates, and by the words of their status columns. */
export function emitsOf(drafting: Drafting): DraftEmit[] {
  const { roles, todo } = drafting;
  const received = roles.get('received') ?? roles.get('ordered');
  const time = received?.name ?? nameOf(roles, 'received');
  const emits: DraftEmit[] = [{ type: 'referral.received', time, data: referralData(roles, time) }];
  const starts = roles.get('starts');
  const booked = roles.get('booked');
  if (starts && booked)
    emits.push({ type: 'appointment.scheduled', time: booked.name, data: { startsAt: starts.name } });
  else if (starts)
    todo.push(
      `appointment.scheduled: column ${starts.name} says when appointments are, and none when they were booked. Find out where that stands; ${changedAt(roles) === EXPORTED_AT ? 'the instant of the export' : changedAt(roles)} is taken until then.`,
    );
  if (starts && !booked)
    emits.push({
      type: 'appointment.scheduled',
      time: changedAt(roles),
      when: onlyWhen(drafting),
      data: { startsAt: starts.name },
    });
  for (const [role, type] of BY_DATE) {
    const column = roles.get(role);
    if (column) emits.push(withReason(drafting, { type, time: column.name }));
  }
  if (roles.has('contacted'))
    todo.push(
      `contact.attempted: column ${nameOf(roles, 'contacted')} may say when the patient was called. An export of states has only the last call; send calls as a file of events.`,
    );
  const byStatus = drafting.statuses.flatMap((status) => emitsOfStatus(status, drafting, emits));
  noteChanges(drafting, [...emits, ...byStatus]);
  return [...emits, ...byStatus.map((emit) => withReason(drafting, emit))].map(tidy);
}

/** Says what dates the statuses that have no date of their own. */
function noteChanges({ roles, guessed, todo }: Drafting, emits: readonly DraftEmit[]): void {
  const changed = roles.get('updated');
  if (!changed) return;
  const types = [...new Set(emits.filter(({ time }) => time === changed.name).map(({ type }) => type))];
  if (types.length > 0)
    guessed.push(
      `Column ${changed.name} is taken for when a row was last changed. It dates what has no date of its own (${types.join(', ')}): nearer to the truth than the instant of the export, though any later change of the row moves it.`,
    );
  else if (!saysWhen(changed) && emits.some(({ time }) => time === EXPORTED_AT))
    todo.push(
      `${changed.name}: says when a row was last changed, but ${changed.isFilled ? 'without a time of day' : 'not in every row'}, so it dates nothing: the instant of the export does. Ask for a date and time in every row.`,
    );
}

/** Booked appointments by the first status column that has a word for them; an empty condition where none has. */
function onlyWhen({ statuses }: Drafting): Record<string, string[]> {
  const isBooked = (value: string): boolean => /^(booked|scheduled|confirmed)$/i.test(value);
  const found = [...statuses.filter(isOfAppointment), ...statuses].flatMap((status) => {
    const values = statusCodesOf(status).flatMap(([value]) => (isBooked(value) ? [value] : []));
    return values.length > 0 ? [{ [status.name]: values }] : [];
  });
  return found[0] ?? {};
}

const withReason = ({ reasons }: Pick<Drafting, 'reasons'>, emit: DraftEmit): DraftEmit => ({
  ...emit,
  data: { ...emit.data, ...reasonData(emit.type, reasons) },
});

function tidy({ type, time, when = {}, data = {} }: DraftEmit): DraftEmit {
  return {
    ...{ type, time },
    ...(Object.keys(when).length > 0 ? { when } : {}),
    ...(Object.keys(data).length > 0 ? { data } : {}),
  };
}
