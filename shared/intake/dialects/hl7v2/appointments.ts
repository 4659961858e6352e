import { formatInstant } from '../../../contracts/instant.ts';
import { APPOINTMENT_STATUSES } from '../../../contracts/vocabulary.ts';
import { isChosen } from '../coding.ts';
import type { Fact } from '../member.ts';
import { type Case, type Moment, type Outcome, RefusedError, shown } from './case.ts';
import { appointmentIdOf, hasKeys, keysOf } from './keys.ts';

type Word = (typeof APPOINTMENT_STATUSES)[number];
/** How systems write the same words. */
const SPELLINGS: Readonly<Record<string, Word>> = {
  canceled: 'Cancelled',
  completed: 'Complete',
  'no show': 'Noshow',
  'no-show': 'Noshow',
};
const CANCELLED_BY = ['patient', 'practice', 'system'] as const;

/** An appointment of a message. */
interface Booking {
  each: Case;
  id: string;
  entity: string;
  by: string;
}

/** SIU^S12 to ^S17 and ^S26: a scheduling system tells of an appointment. */
export function translateAppointment(each: Case, trigger: string): Outcome {
  if (!isChosen(each.codings('SCH-8'), each.sender.visitTypes)) {
    return { passedOver: `SCH-8 ${each.shownCode('SCH-8')}, left out by visitTypes` };
  }
  const keys = keysOf(each, 'SIU');
  const id = appointmentIdOf(each);
  if (id === '') {
    if (!hasKeys(keys)) return { passedOver: 'no key' };
    throw new RefusedError("SCH-2: expected the appointment's number");
  }
  const entity = `Appointment/${id}`;
  switch (trigger) {
    case 'S15':
    case 'S16':
      return { keys, facts: [cancelled({ each, id, entity, by: 'SCH-6' })] };
    case 'S17':
      return { keys, facts: [deleted({ each, id, entity, by: `s17 ${each.sender.s17 ?? 'retract'}` })] };
    // Some systems say Cancelled of what nobody came to.
    case 'S26':
      return { keys, facts: [missed({ each, id, entity, by: 'whatever SCH-25 says' })] };
    default: {
      const word = wordOf(each);
      const booking = {
        each,
        id,
        entity,
        by: `${statusPath(each)} ${word ?? shown(each.part.read(statusPath(each)))}`,
      };
      const facts = byStatus(word ?? 'Booked', booking, trigger);
      return facts.length > 0 ? { keys, facts } : { passedOver: booking.by };
    }
  }
}

const statusPath = ({ sender }: Case): string => sender.statusField ?? 'SCH-25';

/** Null: no status, or one that nobody knows. */
function wordOf(each: Case): Word | null {
  const options = { field: 'appointment.status', words: APPOINTMENT_STATUSES, standard: SPELLINGS };
  return each.crosswalks.word('status', each.codings(statusPath(each)), options);
}

function byStatus(word: Word, booking: Booking, trigger: string): Fact[] {
  switch (word) {
    case 'Booked':
    case 'Overbook':
    case 'Scheduled':
    case 'Confirmed':
      return [booked(booking, trigger)];
    case 'Pending':
      return [offered(booking)];
    case 'Waitlist':
    case 'Blocked':
      return [];
    case 'Started':
    case 'Arrived':
      return arrived(booking);
    case 'Complete':
      return [about('visit.completed', booking)];
    case 'Noshow':
      return [missed(booking)];
    case 'Cancelled':
    case 'Dc':
    case 'Deleted':
      return [cancelled(booking)];
  }
}

/** S13 moves an appointment. Without the id of the earlier booking all others of the referral would end. */
function booked({ each, id, entity, by }: Booking, trigger: string): Fact {
  const start = startOf(each);
  if (!start) throw new RefusedError('TQ1-7: expected when the appointment starts');
  const data = { appointmentId: id, startsAt: formatInstant(start.at) };
  const values = { appointmentId: id, startsAt: start.text };
  if (trigger !== 'S13') return each.fact('appointment.scheduled', { entity, data, values, by });
  const previous = each.sender.rescheduleGivesNewId ? {} : { previousAppointmentId: id };
  return each.fact('appointment.rescheduled', { entity, data: { ...data, ...previous }, values, by });
}

function offered({ each, entity, by }: Booking): Fact {
  const start = startOf(each);
  const data = start ? { startsAt: formatInstant(start.at) } : {};
  return each.fact('appointment.offered', { entity, data, values: { startsAt: start?.text ?? '' }, by });
}

/** Many clinics never check a patient out. */
function arrived(booking: Booking): Fact[] {
  const arrival = about('visit.arrived', booking);
  return booking.each.sender.arrivalCompletes ? [arrival, about('visit.completed', booking)] : [arrival];
}

const missed = (booking: Booking): Fact => about('appointment.no_show', booking);

function about(type: 'visit.arrived' | 'visit.completed' | 'appointment.no_show', { each, id, entity, by }: Booking) {
  return each.fact(type, { entity, data: { appointmentId: id }, values: { appointmentId: id }, by });
}

function cancelled({ each, id, entity, by }: Booking): Fact {
  const codes = each.codings('SCH-6');
  const field = { field: 'appointment.cancelled.by', words: CANCELLED_BY };
  const data = { appointmentId: id, by: each.crosswalks.word('cancel', codes, field) ?? 'system' };
  const values = { appointmentId: id, by: codes[0]?.code ?? '' };
  return each.fact('appointment.cancelled', { entity, data, values, by });
}

function deleted(booking: Booking): Fact {
  const { each, entity, by } = booking;
  return each.sender.s17 === 'cancel' ? cancelled(booking) : each.retraction(entity, by);
}

/** Start times of a service, general resource, location and person. */
const RESOURCES = ['AIS-4', 'AIG-8', 'AIL-6', 'AIP-6'];

/** Several TQ1 or resources are of one appointment. SCH-11 is withdrawn and often stale. Null: it says no start. */
function startOf(each: Case): Moment | null {
  return earliest(['TQ1-7'], each) ?? each.moment('SCH-11.4') ?? earliest(RESOURCES, each);
}

function earliest(paths: readonly string[], each: Case): Moment | null {
  const starts = paths.flatMap((path) =>
    each.part.repetitions(path).flatMap((field) => each.momentOf(field.read(1), path) ?? []),
  );
  return starts.reduce<Moment | null>((first, start) => (first && first.at <= start.at ? first : start), null);
}
