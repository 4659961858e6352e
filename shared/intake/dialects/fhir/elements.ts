import * as z from 'zod';
import type { Coding } from '../coding.ts';
import { parseStatedTime } from './stated-time.ts';

/**
 * Schemas of FHIR's types, of the fields that are read. Fields that nothing reads are left out of what they give;
 * `CodeableConcept.text`, narrative and attachments are among them.
 */

export type Json = Record<string, unknown>;
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Longest text that is read. What becomes an event is measured again there. */
const LONGEST = 1024;
const LONGEST_NAME = 200;

/** FHIR forbids null and empty text; both are taken for nothing. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), schema.optional());

/** A single value where a list belongs is a list of one. */
export const listOf = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => [value].flat().filter((each) => each !== null && each !== undefined), z.array(schema));

export const word = z
  .string({ error: 'expected text' })
  .max(LONGEST, `expected at most ${LONGEST} characters`)
  .transform((text) => text.trim());

/** A name for people to read. One that is no text or too long is none: nothing hangs on it. */
export const label = z.preprocess(
  (value) =>
    typeof value === 'string' && value.length <= LONGEST_NAME && value.trim() !== '' ? value.trim() : undefined,
  z.string().optional(),
);

export const EXPECTED_DATE = 'expected a FHIR date or dateTime';
/** A date, dateTime or instant. Null: a year or a month alone, or none. */
export const dateTime = z
  .string({ error: EXPECTED_DATE })
  .max(LONGEST, EXPECTED_DATE)
  .transform((text, context) => {
    if (text.trim() === '') return null;
    const stated = parseStatedTime(text);
    if (stated !== undefined) return stated;
    context.addIssue({ code: 'custom', message: EXPECTED_DATE });
    return z.NEVER;
  });

export const period = z.object({ start: optional(dateTime), end: optional(dateTime) });

export const identifier = z.object({ system: optional(word), value: optional(word) });
export type Identifier = z.output<typeof identifier>;
/** Other names of an appointment or a visit. What can't be read names nothing. */
export const names = listOf(identifier).catch([]);

export const reference = z.object({
  reference: optional(word),
  type: optional(word),
  identifier: optional(identifier),
  display: label,
});
export type Reference = z.output<typeof reference>;

const coding = z.object({ system: optional(word), code: optional(word) });
type SentCoding = z.output<typeof coding>;
const withCode = (sent: SentCoding[]): Coding[] =>
  sent.flatMap(({ system, code }) => (code === undefined || code === '' ? [] : [{ system, code }]));

/** The codes of a CodeableConcept, or of a Coding in its place. */
export const concept = z
  .object({ coding: listOf(coding), system: optional(word), code: optional(word) })
  .transform(({ coding, system, code }): Coding[] => withCode([...coding, { system, code }]));
/** The codes of one CodeableConcept or a list of them. None if it is absent. */
export const concepts = listOf(concept).transform((each) => each.flat());

/** What every resource has. */
export const base = {
  id: optional(word),
  meta: optional(z.object({ versionId: optional(word), lastUpdated: optional(dateTime) })),
  contained: listOf(z.unknown()),
};
