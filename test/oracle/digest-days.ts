// Oracle, digests 1: when a person's digests are planned (docs/domain.md#8-1). Naive on purpose.

import { dayText, localDay, minutesOf, toInstant, weekday } from './time.ts';

const MONDAY_TO_FRIDAY = ['mon', 'tue', 'wed', 'thu', 'fri'];
/** Days that are looked at before giving up on somebody who has no working day. */
const LIMIT = 1000;

/** The planned instant of a local date, or null if there is no digest on that day. */
function plannedOn(person: any, directory: any, day: number): number | null {
  if (!(person.workdays ?? MONDAY_TO_FRIDAY).includes(weekday(day))) return null;
  const site = (directory.sites ?? []).find((x: any) => x.id === person.holidaysOf);
  if ((site?.holidays ?? []).includes(dayText(day))) return null;
  return toInstant(person.timeZone, day, minutesOf(person.digestAt ?? '07:00'));
}

export type Planned = { period: string; asOf: number; firstOfWeek: boolean };

/** All in [from, until], in their order. */
export function plannedDigests(person: any, directory: any, from: number, until: number): Planned[] {
  const list: Planned[] = [];
  for (let day = localDay(person.timeZone, from); day <= localDay(person.timeZone, until); day++) {
    const asOf = plannedOn(person, directory, day);
    if (asOf === null || asOf < from || asOf > until) continue;
    let firstOfWeek = true;
    for (let earlier = day - 1; weekday(earlier) !== 'sun'; earlier--)
      if (plannedOn(person, directory, earlier) !== null) firstOfWeek = false;
    list.push({ period: dayText(day), asOf, firstOfWeek });
  }
  return list;
}

/** The nearest planned instant after (or before) an instant; infinitely far if there is none. */
function nearest(person: any, directory: any, instant: number, step: 1 | -1): number {
  const today = localDay(person.timeZone, instant);
  for (let day = today; Math.abs(day - today) < LIMIT; day += step) {
    const asOf = plannedOn(person, directory, day);
    if (asOf !== null && (asOf - instant) * step > 0) return asOf;
  }
  return step * Infinity;
}

export const nextPlanned = (person: any, directory: any, asOf: number): number => nearest(person, directory, asOf, 1);
export const previousPlanned = (person: any, directory: any, asOf: number): number =>
  nearest(person, directory, asOf, -1);
