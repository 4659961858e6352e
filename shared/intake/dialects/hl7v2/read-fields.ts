import type { DialectSettings, Dialects } from '../../../contracts/dialects.ts';
import { readPath } from './path.ts';

/**
 * What the mapping reads of a message, field by field. Of a message that is refused nothing else is kept: no names and
 * addresses of patients, no comments, no segments of a sender's own.
 */

/** What is read of a field. */
export interface ReadComponents {
  components: readonly number[];
  /** Its text, component 2, stands for the code where there is none. */
  isCoded?: true;
}
/** By the name of a segment and the number of a field, as the standard counts: MSH-3 is 3. */
export type ReadFields = Readonly<Record<string, Readonly<Record<number, ReadComponents>>>>;

const of = (...components: number[]): ReadComponents => ({ components });
const FIRST = of(1);
/** EI and CX: a number and who assigned it; a CX's type. */
const ID = of(1, 2, 3, 4, 5);
/** XON. */
const ORGANIZATION = of(1, 3, 10);
const CODED: ReadComponents = { components: [1, 3, 4, 6], isCoded: true };

/** What is read whatever the configuration. */
export const READ_FIELDS: ReadFields = {
  MSH: {
    ...{ 3: of(1, 2, 3), 4: of(1, 2, 3), 5: of(1, 2, 3), 6: of(1, 2, 3), 7: FIRST, 9: of(1, 2, 3), 10: FIRST },
    ...{ 11: of(1, 2), 12: FIRST, 13: FIRST, 18: FIRST, 21: of(1, 2, 3) },
  },
  EVN: { 1: FIRST, 6: FIRST },
  PID: { 3: ID },
  PV1: { 2: CODED, 19: ID, 44: FIRST, 45: FIRST },
  RF1: { 1: CODED, 2: CODED, 6: ID, 9: FIRST, 10: CODED, 11: ID },
  PRD: { 1: FIRST, 2: of(1, 2), 4: of(1, 4), 7: of(1, 2), 10: ORGANIZATION },
  PR1: { 3: CODED },
  ORC: {
    ...{ 1: FIRST, 2: ID, 3: ID, 5: FIRST, 7: of(6), 9: FIRST, 12: of(1, 2, 3, 9, 13), 16: CODED },
    21: ORGANIZATION,
  },
  OBR: { 2: ID, 3: ID, 4: CODED, 25: FIRST, 27: of(6) },
  OBX: { 3: CODED, 11: FIRST },
  TQ1: { 7: FIRST, 8: FIRST, 9: CODED },
  SCH: { 1: ID, 2: ID, 6: CODED, 8: CODED, 11: of(4), 25: CODED, 26: ID },
  AIS: { 4: FIRST },
  AIG: { 8: FIRST },
  AIL: { 6: FIRST },
  AIP: { 6: FIRST },
  TXA: { 2: CODED, 12: ID, 13: ID, 14: ID, 15: ID, 17: FIRST, 19: FIRST, 22: of(15) },
};

/** What is read under a configuration: its entries name fields, too. */
export function readFields({ defaults, senders }: Dialects): ReadFields {
  const paths = [defaults, ...senders].flatMap((each) => [
    ...Object.keys('match' in each ? (each.match ?? {}) : {}).map((path) => [path, FIRST] as const),
    ...pathsOf(each),
  ]);
  const fields: Record<string, Record<number, ReadComponents>> = { ...READ_FIELDS };
  for (const [path, read] of paths) {
    const { segment, field, component } = readPath(path);
    // `endpoint` is no path of a message.
    if (segment === '') continue;
    const known = Object.hasOwn(fields, segment) ? fields[segment] : {};
    fields[segment] = { ...known, [field]: both(known?.[field], component === null ? read : of(component)) };
  }
  return fields;
}

const pathsOf = ({ keys = {}, statusField }: DialectSettings): (readonly [string, ReadComponents])[] => [
  ...Object.values(keys).flatMap((own) => own.map((path) => [path, ID] as const)),
  ...(statusField === undefined ? [] : [[statusField, CODED] as const]),
];

const both = (one: ReadComponents | undefined, other: ReadComponents): ReadComponents => ({
  components: [...new Set([...(one?.components ?? []), ...other.components])],
  ...((one?.isCoded || other.isCoded) && { isCoded: true }),
});
