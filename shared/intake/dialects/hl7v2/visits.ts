import type { EventType } from '../../../contracts/event.ts';
import type { Instant } from '../../../contracts/instant.ts';
import { isListed } from '../coding.ts';
import type { Fact } from '../member.ts';
import type { Case, Outcome } from './case.ts';
import { idAt, keysOf } from './keys.ts';

/** PV1-44 is the admission, PV1-45 the discharge. */
const TIMES = { A01: ['EVN-6', 'PV1-44'], A04: ['EVN-6', 'PV1-44'], A03: ['EVN-6', 'PV1-45'] } as const;

/** ADT^A01, ^A04, ^A03, ^A11: somebody came, left, or hadn't come after all. */
export function translateVisit(each: Case, trigger: string): Outcome {
  const { classes, visitIsAppointment, arrivalCompletes } = each.sender;
  if (classes && !isListed(each.codings('PV1-2', ['0004']), classes)) {
    return { passedOver: `PV1-2 ${each.shownCode('PV1-2')}, not in classes` };
  }
  const id = idAt(['PV1-19'], each);
  if (id === '') return { passedOver: 'no key' };
  const keys = keysOf(each, 'ADT');
  const entity = `Encounter/${id}`;
  // EVN-6 of a cancellation is when the cancelled event was: what is taken back has to come before.
  if (trigger === 'A11') return { keys, facts: [each.retraction(entity)] };
  const { time, text } = timeOf(each, trigger === 'A03' ? TIMES.A03 : TIMES.A01);
  const appointmentId = visitIsAppointment ? id : '';
  const data = appointmentId === '' ? {} : { appointmentId };
  const fact = (type: EventType): Fact =>
    each.fact(type, { entity, time, data, values: { appointmentId, time: text } });
  if (trigger === 'A03') return { keys, facts: [fact('visit.completed')] };
  const arrival = fact('visit.arrived');
  return { keys, facts: arrivalCompletes ? [arrival, fact('visit.completed')] : [arrival] };
}

function timeOf(each: Case, paths: readonly string[]): { time: Instant; text: string } {
  for (const path of paths) {
    const moment = each.moment(path);
    if (moment) return { time: each.observed(moment), text: moment.text };
  }
  return { time: each.now, text: '' };
}
