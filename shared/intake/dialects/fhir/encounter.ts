import { isListed } from '../coding.ts';
import { type Draft, earliest, instantIn, type Reading, retraction, type Said } from './reading.ts';
import { resourceKey } from './reference.ts';
import type { Encounter } from './resources.ts';
import { idNamed, tie } from './tie.ts';
import { shownFirst } from './words.ts';

/** What a visit says: that the patient came or was seen, or that its appointment was cancelled. */
export function readEncounter(encounter: Encounter, reading: Reading): Said {
  const { status, basedOn, appointment } = encounter;
  const { classes } = reading.sender;
  const entity = resourceKey('Encounter', reading.id);
  const tied = tie(reading, {
    orders: [{ references: basedOn, type: 'ServiceRequest' }],
    through: [{ references: appointment, type: 'Appointment' }],
  });
  if (tied.isOfOther) return { passedOver: 'its order is not a referral' };
  if (status === 'entered-in-error') {
    return { entity, keys: tied.keys, facts: [retraction(reading, entity, 'Encounter entered-in-error')] };
  }
  if (!tied.isNamed) return { passedOver: 'no basedOn, no appointment' };
  if (classes && !isListed(encounter.class, classes)) {
    return { passedOver: `class ${shownFirst(encounter.class)}, not in classes` };
  }
  const fact = factOf(encounter, reading, idNamed(reading, appointment[0], 'Appointment'));
  return typeof fact === 'string' ? { passedOver: fact } : { entity, keys: tied.keys, facts: [fact] };
}

/** A text: why nothing. @param appointmentId of the first appointment that it names; null: none */
function factOf({ status, period }: Encounter, reading: Reading, appointmentId: string | null): Draft | string {
  const { now } = reading;
  const said = {
    data: appointmentId === null ? {} : { appointmentId },
    values: [status, appointmentId ?? ''],
    row: `Encounter ${status}`,
  };
  // Nothing that was observed is dated after the record that says so.
  const observed = (at: typeof now) => (at === null ? now : earliest(at, now));
  switch (status) {
    case 'planned':
    case 'unknown':
    case 'entered-in-error':
      return `status ${status}`;
    case 'arrived':
    case 'triaged':
    case 'in-progress':
    case 'onleave':
      return {
        type: 'visit.arrived',
        time: observed(instantIn(reading, period?.start)),
        ...said,
      };
    case 'finished':
      return {
        type: 'visit.completed',
        time: observed(instantIn(reading, period?.end)),
        ...said,
      };
    case 'cancelled':
      if (appointmentId === null) return 'status cancelled, no appointment';
      return { type: 'appointment.cancelled', time: now, ...said, data: { appointmentId, by: 'system' } };
  }
}
