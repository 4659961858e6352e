import type { Case } from './case.ts';
import { idOf } from './keys.ts';
import type { Repetition, Segment } from './message.ts';

/** Who assigns NPIs. */
const NPI_OID = '2.16.840.1.113883.4.6';

/** The patient's number: PID-3, the medical record's first. Empty: there is none. */
export function patientIdOf(each: Case): string {
  const numbers = each.part.repetitions('PID-3').filter((number) => number.read(1) !== '');
  const record = numbers.find((number) => number.read(5).toUpperCase() === 'MR') ?? numbers[0];
  return record ? idOf(record, each) : '';
}

/** Given and family name of a person. @param from the component of the family name; the given one follows */
export function nameOf(person: Repetition | undefined, from: number): string {
  return [person?.read(from + 1) ?? '', person?.read(from) ?? ''].filter((part) => part !== '').join(' ');
}

/** The NPI of a person as an XCN, only if it is typed so. Empty: there is none. */
export function npiOf(people: readonly Repetition[]): string {
  const typed = people.find((person) => person.read(13).toUpperCase() === 'NPI' || person.read(9, 2) === NPI_OID);
  return typed?.read(1) ?? '';
}

/** The names of an organization as an XON, the surest first: its number, the older place of that, its name. */
export function organizationNames(organization: Repetition | undefined): string[] {
  return [10, 3, 1].flatMap((component) => organization?.read(component) || []);
}

/** The first repetition of a field that has anything in one of some components. */
export const filled = (segment: Segment | undefined, field: number, components: readonly number[]) =>
  segment?.repetitions(field).find((each) => components.some((component) => each.read(component) !== ''));
