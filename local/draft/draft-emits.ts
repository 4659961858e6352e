import type { EventType } from '../../shared/contracts/event.ts';
import {
  type DraftEmit,
  type Drafting,
  EXPORTED_AT,
  FILL_IN,
  nameOf,
  referralData,
  statusCodesOf,
} from './drafting.ts';
import { emitsOfStatus } from './emits-of-status.ts';
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
  if (!received)
    todo.push(
      `referral.received: no column says when a referral came in; put its name in place of "${FILL_IN}: received".`,
    );
  const time = received?.name ?? nameOf(roles, 'received');
  const emits: DraftEmit[] = [{ type: 'referral.received', time, data: referralData(roles, time) }];
  const starts = roles.get('starts');
  const booked = roles.get('booked');
  if (starts && booked)
    emits.push({ type: 'appointment.scheduled', time: booked.name, data: { startsAt: starts.name } });
  else if (starts)
    todo.push(
      `appointment.scheduled: column ${starts.name} says when appointments are, and none when they were booked. Find out where that stands; the instant of the export is taken until then.`,
    );
  if (starts && !booked)
    emits.push({
      type: 'appointment.scheduled',
      time: EXPORTED_AT,
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
  return [...emits, ...byStatus.map((emit) => withReason(drafting, emit))].map(tidy);
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

function withReason({ roles }: Pick<Drafting, 'roles'>, emit: DraftEmit): DraftEmit {
  const reason = roles.get('reason');
  const takesReason = ['referral.closed', 'referral.declined', 'referral.paused'].includes(emit.type);
  return reason && takesReason ? { ...emit, data: { reason: reason.name } } : emit;
}

function tidy({ type, time, when = {}, data = {} }: DraftEmit): DraftEmit {
  return {
    ...{ type, time },
    ...(Object.keys(when).length > 0 ? { when } : {}),
    ...(Object.keys(data).length > 0 ? { data } : {}),
  };
}
