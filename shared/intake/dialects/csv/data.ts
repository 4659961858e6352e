import type * as z from 'zod';
import { type Emit, UNKNOWN } from '../../../contracts/dialects.ts';
import { EVENT_DATA, type EventType } from '../../../contracts/event.ts';
import { formatInstant } from '../../../contracts/instant.ts';
import type { Crosswalks } from '../crosswalk.ts';
import type { Sender } from '../sender.ts';
import type { Dates } from './dates.ts';
import type { Row } from './row.ts';
import { requiredWords, wordField } from './words.ts';

/** What a row's data are made with. */
export interface Making {
  sender: Sender;
  dates: Dates;
  /** Of this row: it collects what had no entry. */
  crosswalks: Crosswalks;
  /** Fields for which a default stands. */
  missing: Set<string>;
}

/** `data` of an event, and what it was made of: cells as they were sent with their columns, and the mapping's own values. */
export interface RowData {
  data: Record<string, unknown>;
  values: string[];
}

/** A cell that can't be read as what its column is for. */
export interface Unreadable {
  fault: string;
}

type Value = string | boolean | string[] | undefined;
type Data = Record<string, unknown>;

const INSTANTS = new Set(['startsAt', 'until', 'nextAttemptAt']);
const DATES = new Set(['orderedAt', 'requestedBy']);
const CHOICES = new Set(['patientChoice', 'inNetwork']);
const OWN_WORDS = new Set(['specialty', 'site', 'payer']);
const YES = new Set(['true', 'yes', 'y', '1']);
const NO = new Set(['false', 'no', 'n', '0']);
const TAGS = /[;,|]/;

/**
 * Makes `data` of a row as the contract wants it: words by the sender's crosswalks, dates as instants, defaults where a
 * required field is empty.
 */
export function makeData(type: EventType, mapped: Emit['data'], row: Row, making: Making): RowData | Unreadable {
  const data: Data = {};
  const values: string[] = [];
  for (const [field, from] of Object.entries(mapped ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (typeof from !== 'string') {
      setField(data, field, from.value);
      values.push(`${field}=${JSON.stringify(from.value)}`);
      continue;
    }
    const text = row.cell(from);
    if (text === '' || !knows(type, field)) continue;
    values.push(`${field}=${from}=${text}`);
    const made = readField(type, field, text, making);
    if (made === null) return { fault: `column ${from}: ${making.dates.expected}` };
    setField(data, field, made);
  }
  if (typeof mapped?.['practice.id'] === 'string') withPractice(type, data, making);
  withDefaults(type, data, making);
  return { data, values };
}

/** Whether events of a type have a field: in a file of events the columns are those of all types. */
export const knows = (type: EventType, field: string): boolean =>
  Object.hasOwn((EVENT_DATA[type] as z.ZodObject).shape, field.split('.')[0] ?? '');

/** Null: it can't be read. Undefined: it says nothing. */
function readField(type: EventType, field: string, text: string, { crosswalks, dates }: Making): Value | null {
  const name = `${type}.${field}`;
  const words = wordField(name);
  if (words) {
    const { crosswalk, instead, ...known } = words;
    return crosswalks.word(crosswalk, [{ code: text }], { field: name, ...known }) ?? instead;
  }
  if (OWN_WORDS.has(field)) return crosswalks.own(field as 'specialty', [{ code: text }], name) ?? undefined;
  if (INSTANTS.has(field) || DATES.has(field)) return dateOf(field, text, dates, crosswalks);
  if (CHOICES.has(field)) return choiceOf(text, name, crosswalks);
  if (field === 'tags') return text.split(TAGS).flatMap((tag) => tag.trim() || []);
  return text;
}

function dateOf(field: string, text: string, dates: Dates, crosswalks: Crosswalks): string | null | undefined {
  if (dates.isNone(text)) return undefined;
  const date = dates.read(text);
  if (!date) return null;
  if (DATES.has(field) && date.day !== null) return date.day;
  if (date.isGuessed) noteZone(crosswalks, dates);
  return formatInstant(date.at);
}

function choiceOf(text: string, field: string, crosswalks: Crosswalks): boolean | undefined {
  const word = text.toLowerCase();
  if (YES.has(word)) return true;
  if (NO.has(word)) return false;
  crosswalks.note(field, text);
  return undefined;
}

/** A time whose zone neither the mapping nor the time says: the organization's was taken. Noted once a row. */
export function noteZone(crosswalks: Crosswalks, { ofOrganization }: Dates): void {
  if (!crosswalks.unmapped.some(({ field }) => field === 'timeZone')) crosswalks.note('timeZone', ofOrganization);
}

function setField(data: Data, field: string, value: unknown): void {
  if (value === undefined) return;
  const dot = field.indexOf('.');
  if (dot === -1) {
    data[field] = value;
    return;
  }
  const outer = field.slice(0, dot);
  const inside = Object.hasOwn(data, outer) ? (data[outer] as Data) : {};
  data[outer] = { ...inside, [field.slice(dot + 1)]: value };
}

/** The practice by the sender's crosswalk, its name too. */
function withPractice(type: EventType, data: Data, { crosswalks }: Making): void {
  const { practice } = data as { practice?: { id?: string; name?: string } };
  if (practice?.id === undefined) return;
  const entry = crosswalks.entry('practice', [{ code: practice.id }]);
  if (entry === null) crosswalks.note(`${type}.practice`, practice.id);
  else if (typeof entry === 'string') data.practice = { ...practice, id: entry };
  else data.practice = { ...practice, id: entry.id, ...(entry.name === undefined ? {} : { name: entry.name }) };
}

function withDefaults(type: EventType, data: Data, { sender, missing }: Making): void {
  const fill = (field: string, value: string): void => {
    const [outer = '', inner] = field.split('.');
    const filled = inner === undefined ? data[outer] : (data[outer] as Data | undefined)?.[inner];
    if (filled !== undefined) return;
    setField(data, field, value);
    missing.add(`${type}.${field}`);
  };
  for (const field of requiredWords(type)) fill(field, wordField(`${type}.${field}`)?.instead ?? UNKNOWN);
  if (type === 'referral.updated') dropNameless(data);
  if (type !== 'referral.received') return;
  const { specialty = UNKNOWN, site = UNKNOWN, practice = UNKNOWN, patient = UNKNOWN } = sender.fields ?? {};
  fill('specialty', specialty);
  fill('site', site);
  fill('practice.id', practice);
  fill('patient.id', patient);
}

/** An update replaces a practice or patient whole: without an id it says nothing of them. */
function dropNameless(data: Data): void {
  for (const field of ['practice', 'patient']) {
    if (Object.hasOwn(data, field) && (data[field] as Data).id === undefined) delete data[field];
  }
}
