import type { KEY_NAMES } from '../../../contracts/dialects.ts';
import type { Keys } from '../member.ts';
import type { Case } from './case.ts';
import type { Repetition } from './message.ts';
import { readPath } from './path.ts';

/** Kinds of message by what finds their referral. */
export type Family = Exclude<(typeof KEY_NAMES)[number], 'appointment'>;

/** Where the referral's own id stands, unless the sender's entry says otherwise. */
const OWN: Record<Family, readonly string[]> = {
  REF: ['RF1-6'],
  RRI: ['RF1-6'],
  // OBR-2 is ORC-2 by the standard.
  OMG: ['ORC-2', 'OBR-2'],
  ORM: ['ORC-2', 'OBR-2'],
  OSU: ['ORC-2', 'OBR-2'],
  SIU: ['SCH-26'],
  MDM: ['TXA-14', 'ORC-2'],
  ORU: ['OBR-2', 'ORC-2'],
  ADT: [],
};

/**
 * Where other numbers stand, by what they name, the surest first:
 * - `appointment:` SCH-2, the scheduling system's own; PV1-19 too where a visit has its appointment's number;
 * - `placer-appointment:` SCH-1, the number of who asked for it, which can be another's SCH-2;
 * - `visit:` PV1-19; not of orders and referrals, whose visit is the one that led to them;
 * - `referral:` RF1-11, the other side's number of the referral;
 * - `order:` ORC-3, which TXA-15 and OBR-3 are by the standard;
 * - `document:` TXA-12 and TXA-13, the document that it follows.
 */
const OTHERS: Record<Family, Readonly<Record<string, readonly string[]>>> = {
  REF: { referral: ['RF1-11'] },
  RRI: { referral: ['RF1-11'] },
  OMG: { order: ['ORC-3', 'OBR-3'] },
  ORM: { order: ['ORC-3', 'OBR-3'] },
  OSU: { order: ['ORC-3', 'OBR-3'] },
  SIU: { appointment: ['SCH-2'], 'placer-appointment': ['SCH-1'], visit: ['PV1-19'] },
  MDM: { document: ['TXA-12', 'TXA-13'], order: ['ORC-3', 'TXA-15'], visit: ['PV1-19'] },
  ORU: { order: ['ORC-3', 'OBR-3'], visit: ['PV1-19'] },
  ADT: { visit: ['PV1-19'] },
};

/** Component 4 of a CX is who assigned the number; of an EI 2 and 3. */
const AUTHORITIES: readonly (readonly [component: number, subcomponent: number])[] = [
  [2, 1],
  [3, 1],
  [4, 1],
  [4, 2],
];

/** The number in a field of identifiers, with the prefix of who assigned it. Empty: there is none. */
export function idOf(field: Repetition, { sender }: Case, component = 1): string {
  const id = field.read(component);
  if (id === '' || component !== 1) return id;
  const prefixes = Object.entries(sender.authorities ?? {});
  if (prefixes.length === 0) return id;
  const said = AUTHORITIES.map(([at, sub]) => field.read(at, sub).toLowerCase());
  const prefix = prefixes.find(([authority]) => said.includes(authority.trim().toLowerCase()))?.[1] ?? '';
  return `${prefix}${id}`;
}

/** The first number at some paths. Empty: there is none. */
export function idAt(paths: readonly string[], each: Case): string {
  for (const path of paths) {
    const { component } = readPath(path);
    for (const field of each.part.repetitions(path)) {
      const id = idOf(field, each, component ?? 1);
      if (id !== '') return id;
    }
  }
  return '';
}

/** The referral's own id. Null: the message has none. */
export function referralIdOf(each: Case, family: Family): string | null {
  return idAt(each.sender.keys?.[family] ?? OWN[family], each) || null;
}

/** The appointment's number: SCH-2, else SCH-1, unless the sender's entry says. Empty: there is none. */
export const appointmentIdOf = (each: Case): string => idAt(each.sender.keys?.appointment ?? ['SCH-2', 'SCH-1'], each);

/** By what a message finds its referral. */
export function keysOf(each: Case, family: Family): Keys {
  const said = Object.entries(OTHERS[family]).flatMap(([name, paths]) =>
    paths.map((path) => ({ name: named(name, each), id: idAt([path], each) })),
  );
  const { appointment } = each.sender.keys ?? {};
  if (family === 'SIU' && appointment) said.unshift({ name: 'appointment', id: idAt(appointment, each) });
  const others = said.flatMap(({ name, id }) => (id === '' ? [] : [`${name}:${id}`]));
  return { referralId: referralIdOf(each, family), others: [...new Set(others)] };
}

const named = (name: string, { sender }: Case): string =>
  name === 'visit' && sender.visitIsAppointment ? 'appointment' : name;

export const hasKeys = ({ referralId, others }: Keys): boolean => referralId !== null || others.length > 0;

/**
 * The entity that a message about a referral speaks of.
 * @param kind such as `Referral`
 * @param id empty: the message names none, so it is its own
 */
export const entityOf = (kind: string, id: string, { part }: Case): string =>
  `${kind}/${id || `message-${part.read('MSH-10') || part.read('MSH-7')}`}`;
