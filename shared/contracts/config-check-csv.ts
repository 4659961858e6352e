import * as z from 'zod';
import type { Findings } from './config-findings.ts';
import type { Path } from './config-problem.ts';
import type { CsvMapping } from './dialects.ts';
import { EVENT_DATA, type EventType, isAbout } from './event.ts';
import { didYouMean } from './nearest.ts';

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
    for (const field of Object.keys(data).filter((each) => !hasField(type, each))) {
      const known = fieldsOf(EVENT_DATA[type]);
      const message = () =>
        `unknown field of ${type}${didYouMean(field, known) || `; known are ${known.join(', ') || 'none'}`}`;
      findings.problem('dialects.json', [...path, 'emit', index, 'data', field], data[field], message);
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
  const known = new Set([...new Set(Object.values(values))].flatMap((type) => fieldsOf(EVENT_DATA[type])));
  for (const field of Object.keys(data).filter((each) => !known.has(each))) {
    const message = () => `no event of these types has such a field${didYouMean(field, [...known])}`;
    findings.problem('dialects.json', [...path, 'data', field], data[field], message);
  }
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

const hasField = (type: EventType, field: string): boolean => fieldsOf(EVENT_DATA[type]).includes(field);

/** The fields of a schema, those of objects in it with a dot: `practice.id`. */
function fieldsOf(schema: z.core.$ZodType): string[] {
  const object = unwrapped(schema);
  if (!(object instanceof z.ZodObject)) return [];
  return Object.entries(object.shape as Record<string, z.core.$ZodType>).flatMap(([name, field]) => {
    const inner = fieldsOf(field);
    return inner.length > 0 ? inner.map((each) => `${name}.${each}`) : [name];
  });
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return unwrapped(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema;
}
