import * as z from 'zod';
import { readWithSchema } from './config-check-schema.ts';
import type { Findings, Report } from './config-findings.ts';
import type { Path } from './config-problem.ts';
import type { ColumnOrValue, CsvMapping } from './dialects.ts';
import { EVENT_DATA, type EventType, isAbout } from './event.ts';
import { didYouMean, expectedWord } from './nearest.ts';

/** Checks a mapping of CSV for what its schema can't see: it could never make the events that it names. */
export function checkCsv(csv: CsvMapping, path: Path, findings: Findings): void {
  checkExportedAt(csv, [...path, 'exportedAt'], findings);
  switch (csv.kind) {
    case 'states':
      checkEmits(csv, path, findings);
      break;
    case 'events':
      checkColumns(csv, path, findings);
      break;
  }
}

function checkEmits({ emit }: Extract<CsvMapping, { kind: 'states' }>, path: Path, findings: Findings): void {
  for (const [index, { type, data = {} }] of emit.entries()) {
    checkType(type, [...path, 'emit', index, 'type'], findings);
    const fields = fieldsOf(EVENT_DATA[type]);
    const known = [...fields.keys()];
    for (const [name, from] of Object.entries(data)) {
      const place = [...path, 'emit', index, 'data', name];
      const field = fields.get(name);
      if (field) checkFilling(from, [field], place, findings);
      else {
        const message = () =>
          `unknown field of ${type}${didYouMean(name, known) || `; known are ${known.join(', ') || 'none'}`}`;
        findings.problem('dialects.json', place, from, message);
      }
    }
  }
}

/** The columns are those of all types: each takes what it knows. */
function checkColumns(
  { type: { values }, data = {} }: Extract<CsvMapping, { kind: 'events' }>,
  path: Path,
  findings: Findings,
): void {
  for (const [word, type] of Object.entries(values)) checkType(type, [...path, 'type', 'values', word], findings);
  const fields = [...new Set(Object.values(values))].flatMap((type) => [...fieldsOf(EVENT_DATA[type])]);
  const known = Map.groupBy(fields, ([name]) => name);
  for (const [name, from] of Object.entries(data)) {
    const place = [...path, 'data', name];
    const own = known.get(name)?.map(([, field]) => field);
    if (own) checkFilling(from, own, place, findings);
    else {
      const message = () => `no event of these types has such a field${didYouMean(name, [...known.keys()])}`;
      findings.problem('dialects.json', place, from, message);
    }
  }
}

/**
 * What a field is filled with: a constant that it can't have, and a word of its own that stands where a column belongs.
 * @param fields of the types of event that have it; the constant has to suit one of them
 */
function checkFilling(
  from: ColumnOrValue,
  fields: readonly z.core.$ZodType[],
  path: Path,
  { problem, warning }: Findings,
): void {
  const words = [...new Set(fields.flatMap(wordsOf))];
  if (typeof from === 'string') {
    if (!words.includes(from)) return;
    const message = `is read as the name of a column; write {"value": ${JSON.stringify(from)}} if it is the same in every row`;
    warning('dialects.json', path, from, message);
    return;
  }
  if (words.length === 0) {
    const isTaken = fields.some((field) => z.safeParse(field, from.value).success);
    if (!isTaken)
      readWithSchema('dialects.json', fields[0] as z.ZodType, from.value, within([...path, 'value'], problem));
  } else if (!words.includes(String(from.value))) {
    const message = () => expectedWord(from.value, words, `one of ${words.join(', ')}`);
    problem('dialects.json', [...path, 'value'], from.value, message);
  }
}

/** Reports what is found in a part of the file. */
const within =
  (outer: Path, report: Report): Report =>
  (file, path, value, message) =>
    report(file, [...outer, ...path], value, message);

/** The words of a field that has a list of them; else none. */
function wordsOf(field: z.core.$ZodType): string[] {
  const inner = unwrapped(field);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  return inner instanceof z.ZodUnion ? inner.options.flatMap(wordsOf) : [];
}

function checkExportedAt(csv: CsvMapping, path: Path, { warning }: Findings): void {
  const { exportedAt } = csv;
  if (csv.kind === 'states' && !exportedAt) {
    const isNeeded = csv.emit.some(({ time }) => time === 'exportedAt');
    const why = isNeeded
      ? 'events without a date of their own are refused, unless who sends the file says when it was exported'
      : 'an older export can’t be told from a newer one';
    warning('dialects.json', path, undefined, `expected {"column": ...} or {"fileName": ...}: without it ${why}`);
  }
}

function checkType(type: EventType, path: Path, { problem }: Findings): void {
  const topics = ['alert', 'practice', 'feed'] as const;
  if (topics.some((topic) => isAbout({ type }, topic))) {
    problem('dialects.json', path, type, 'expected an event of a referral, its appointments, visits or notes');
  }
}

/** The fields of a schema by name, those of objects in it with a dot: `practice.id`. */
function fieldsOf(schema: z.core.$ZodType): Map<string, z.core.$ZodType> {
  const object = unwrapped(schema);
  if (!(object instanceof z.ZodObject)) return new Map();
  const fields = Object.entries(object.shape as Record<string, z.core.$ZodType>).flatMap(([name, field]) => {
    const inner = [...fieldsOf(field)];
    return inner.length > 0 ? inner.map(([each, of]) => [`${name}.${each}`, of] as const) : [[name, field] as const];
  });
  return new Map(fields);
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return unwrapped(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema;
}
