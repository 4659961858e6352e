// Oracle, part 5a: which events only say again what their entity said before (docs/domain.md#2-12).

import { canonical, type Ev, knownData } from './intake.ts';

const ofAppointment = (e: Ev): boolean => e.type.startsWith('appointment.');

/** "among the events of the same `source` and `entity` at the latest earlier `time`" */
function saidLastBefore(e: Ev, all: Ev[]): Ev[] {
  const earlier = all.filter((x) => x.source === e.source && x.entity === e.entity && x.time < e.time);
  const latest = Math.max(...earlier.map((x) => x.time));
  const there = earlier.filter((x) => x.time === latest);
  // "of several `appointment.` events at that time only the last in the order counts"
  const last = there.findLast(ofAppointment);
  return there.filter((x) => !ofAppointment(x) || x === last);
}

/** @param all in the fold's order, without retracted ones; what is dropped is among them, it "still counts" */
export function isRestated(e: Ev, all: Ev[]): boolean {
  if (e.entity === null || e.type === 'contact.attempted') return false;
  const said = (x: Ev) => canonical([x.type, knownData(x.type, x.data)]);
  return saidLastBefore(e, all).some((x) => said(x) === said(e));
}
