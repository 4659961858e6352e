import { formatInstant, type Instant } from '../../../contracts/instant.ts';
import { isChosen } from '../coding.ts';
import type { Reference } from './elements.ts';
import { type Draft, earliest, instantIn, type Reading, retraction, type Said } from './reading.ts';
import { resourceKey } from './reference.ts';
import type { Appointment } from './resources.ts';
import { idNamed, tie } from './tie.ts';
import { cancelledBy, reasonIn, sentCodes, shownFirst } from './words.ts';

/** What an appointment says: that it is offered, booked or cancelled, and whether the patient came. */
export function readAppointment(appointment: Appointment, reading: Reading): Said {
  const { status, appointmentType, basedOn, supportingInformation } = appointment;
  if (status === 'waitlist') return { passedOver: 'status waitlist' };
  const entity = resourceKey('Appointment', reading.id);
  const tied = tie(reading, {
    orders: [
      { references: basedOn, type: 'ServiceRequest' },
      { references: supportingInformation, type: null },
    ],
  });
  if (tied.isOfOther) return { passedOver: 'its order is not a referral' };
  if (status === 'entered-in-error') {
    return { entity, keys: tied.keys, facts: [retraction(reading, entity, 'Appointment entered-in-error')] };
  }
  if (!isChosen(appointmentType, reading.sender.visitTypes)) {
    return { passedOver: `appointmentType ${shownFirst(appointmentType)}, left out by visitTypes` };
  }
  const startsAt = instantIn(reading, appointment.start);
  if (status === 'booked' && startsAt === null)
    return { invalid: 'start: missing, expected the start of a booked appointment' };
  const fact = factOf({ ...appointment, status }, reading, startsAt);
  return { entity, keys: tied.keys, facts: [fact] };
}

type Saying = Appointment & { status: Exclude<Appointment['status'], 'waitlist' | 'entered-in-error'> };

function factOf(appointment: Saying, reading: Reading, startsAt: Instant | null): Draft {
  const { status } = appointment;
  const { now, id: appointmentId } = reading;
  const row = `Appointment ${status}`;
  const values = [status, appointment.start?.text ?? ''];
  const start = startsAt === null ? {} : { startsAt: formatInstant(startsAt) };
  const booking = { time: bookedAt(appointment, reading, startsAt), values, row };
  const seen = {
    time: earliest(now, instantIn(reading, appointment.end)),
    data: { appointmentId },
    values: [status],
    row,
  };
  switch (status) {
    case 'proposed':
    case 'pending':
      return { type: 'appointment.offered', data: start, ...booking };
    case 'booked': {
      const replaced = replacedBy(appointment, reading);
      const data = { appointmentId, ...start };
      if (replaced === null) return { type: 'appointment.scheduled', data, ...booking };
      return {
        type: 'appointment.rescheduled',
        ...booking,
        data: { ...data, previousAppointmentId: replaced },
        values: [...values, replaced],
        row: 'Appointment booked, with replaces',
      };
    }
    case 'arrived':
    case 'checked-in':
      return { type: 'visit.arrived', ...seen };
    case 'fulfilled':
      return { type: 'visit.completed', ...seen };
    case 'noshow':
      return { type: 'appointment.no_show', ...seen };
    case 'cancelled': {
      const reasons = [...appointment.cancelationReason, ...appointment.cancellationReason];
      const data = { appointmentId, by: cancelledBy(reading, reasons), ...reasonIn(reasons) };
      return { type: 'appointment.cancelled', time: now, data, values: [status, ...sentCodes(reasons)], row };
    }
  }
}

/** A booking that was written down after its start was made before. */
function bookedAt({ created }: Appointment, reading: Reading, startsAt: Instant | null): Instant | null {
  const createdAt = instantIn(reading, created);
  const isLate = reading.now === null || (startsAt !== null && startsAt < reading.now);
  return isLate ? (createdAt ?? reading.now) : reading.now;
}

/** R4 has `replaces` as an extension. */
const REPLACES = /Appointment\.replaces$/;

/** The id of the appointment that it replaces. Null: none but itself. */
function replacedBy({ replaces, extension }: Appointment, reading: Reading): string | null {
  const extended = extension.flatMap(({ url, valueReference }): Reference[] =>
    url !== undefined && REPLACES.test(url) && valueReference ? [valueReference] : [],
  );
  const ids = [...replaces, ...extended].map((each) => idNamed(reading, each, 'Appointment'));
  return ids.find((id) => id !== null && id !== reading.id) ?? null;
}
