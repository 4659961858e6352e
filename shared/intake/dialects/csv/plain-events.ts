import * as z from 'zod';
import { EVENT_DATA } from '../../../contracts/event.ts';
import { writtenJson } from '../../../contracts/written-json.ts';
import type { Translated } from '../member.ts';
import { complaintOfNames } from './columns.ts';
import type { Table } from './read-rows.ts';
import { faultOfRow, faultText } from './row-column.ts';

const REQUIRED = ['id', 'source', 'type', 'subject', 'time'];
const ATTRIBUTES = [...REQUIRED, 'specversion', 'recordedtime', 'entity'];
/** The fields of events that aren't text. */
const CHOICES = ['patientChoice', 'inNetwork'];
const NUMBERS = ['instance'];
const LISTS = ['tags'];

/** An event is measured as a whole. */
const MOST_CHARACTERS = Number.POSITIVE_INFINITY;

type Refused = Extract<Translated, { outcome: 'refused' }>;

interface PlainReading {
  sender: string;
  /** Where in its file the body begins. */
  position: number;
  /** How the body is refused if its columns are others. */
  whole: Omit<Refused, 'reason' | 'detail'>;
  /** Why they have no mapping. */
  whyNone: string;
}

/**
 * Rows whose columns are the CloudEvent's own: `id`, `source`, `type`, `subject`, `time`, also `recordedtime`, `entity`
 * and `data.<field>`. Each is an event as it stands, checked like one that was sent as JSON.
 */
export function plainEvents({ head, rows }: Table, { sender, position, whole, whyNone }: PlainReading): Translated[] {
  const complaint = complaintOfEvents(head.names, whyNone);
  if (complaint !== null) return [{ ...whole, reason: 'malformed', detail: complaint }];
  return rows.map((row): Translated => {
    const place = position - 1 + row.line;
    const fault = faultOfRow(row, head.names, MOST_CHARACTERS);
    if (fault === null) {
      return { outcome: 'event', position: place, body: writtenJson(eventOf(head.names, row.cells ?? [])) };
    }
    const refused = { outcome: 'refused', reason: 'malformed', kept: head.text + row.text } as const;
    return { ...refused, position: place, kind: 'row', sender, detail: faultText(fault, MOST_CHARACTERS) };
  });
}

/**
 * What is wrong with a row of names for rows that are events. Null: nothing.
 * @param whyNone why they have no mapping
 */
export function complaintOfEvents(names: readonly string[], whyNone: string): string | null {
  const fault = complaintOfNames(names, REQUIRED);
  if (fault === null) return null;
  const hasSome = REQUIRED.some((column) => names.includes(column));
  return `${whyNone}; nor are the rows events: ${hasSome ? fault : `those have the columns ${REQUIRED.join(', ')}`}`;
}

/** Whether a column says something of an event, of whatever type. */
export const isColumnOfEvents = (name: string): boolean =>
  ATTRIBUTES.includes(name) || name === 'data' || isField(name);

/** Whether a column is named like a field of an event, and no event has it: its name may be misspelt. */
export const isUnknownField = (name: string): boolean => name.startsWith('data.') && !isColumnOfEvents(name);

function isField(name: string): boolean {
  const [, field, inner] = FIELD.exec(name) ?? [];
  const said = field === undefined ? undefined : FIELDS.get(field);
  return said !== undefined && (inner === undefined || said === 'any' || said.has(inner));
}

type Json = { [field: string]: unknown };

/** The fields of `data` by name, with what can stand inside. */
const FIELDS = fieldsOf(Object.values(EVENT_DATA));

function fieldsOf(types: readonly z.ZodObject[]): ReadonlyMap<string, ReadonlySet<string> | 'any'> {
  const fields = new Map<string, ReadonlySet<string> | 'any'>();
  for (const [name, schema] of types.flatMap((type) => Object.entries(type.shape as Record<string, z.ZodType>))) {
    const field = required(schema);
    const inside = field instanceof z.ZodObject ? Object.keys(field.shape) : [];
    const known = fields.get(name);
    if (field instanceof z.ZodUnknown || known === 'any') fields.set(name, 'any');
    else fields.set(name, new Set([...(known ?? []), ...inside]));
  }
  return fields;
}

function required(schema: z.ZodType): z.ZodType {
  const isOptional = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  return isOptional ? required(schema.unwrap() as z.ZodType) : schema;
}

/** Empty cells say nothing. What is no column of an event is left out. */
function eventOf(names: readonly string[], cells: readonly string[]): Json {
  const event: Json = { specversion: '1.0' };
  const data: Json = {};
  for (const [index, name] of names.entries()) {
    const text = (cells[index] ?? '').trim();
    if (text === '') continue;
    if (ATTRIBUTES.includes(name)) event[name] = text;
    else if (name === 'data') event[name] = readJson(text);
    else if (isField(name)) setField(data, name, text);
  }
  return 'data' in event ? event : { ...event, data };
}

const FIELD = /^data\.(?!__proto__)(\w+)(?:\.(?!__proto__)(\w+))?$/;

function setField(data: Json, name: string, text: string): void {
  const [, field, inner] = FIELD.exec(name) ?? [];
  if (field === undefined) return;
  if (inner === undefined) data[field] = readField(field, text);
  else data[field] = { ...(Object.hasOwn(data, field) ? (data[field] as Json) : {}), [inner]: text };
}

function readField(field: string, text: string): unknown {
  const isWord = (word: string): boolean => text.toLowerCase() === word;
  if (CHOICES.includes(field) && (isWord('true') || isWord('false'))) return isWord('true');
  if (NUMBERS.includes(field) && !Number.isNaN(Number(text))) return Number(text);
  if (LISTS.includes(field)) return text.split(/[;,|]/).flatMap((each) => each.trim() || []);
  return text;
}

/** A column `data` holds JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
