import { basename } from 'node:path';
import type { EventType } from '../../shared/contracts/event.ts';
import { knows } from '../../shared/intake/dialects/csv/data.ts';
import { type CodeList, codeLists, crosswalksOf } from './draft-crosswalks.ts';
import { emitsOf } from './draft-emits.ts';
import { type Drafting, FILL_IN, nameOf, referralData, statusCodesOf } from './drafting.ts';
import { guessDates, isNoDate } from './guess-dates.ts';
import type { GuessedText } from './guess-text.ts';
import { type Column, profileOf } from './profile.ts';
import { type Role, rolesOf } from './roles.ts';
import { eventTypeOf } from './status-words.ts';

/** A mapping to start from, and what a person has to look at. */
export interface Draft {
  dialects: { defaults: object; senders: [{ name: string } & Record<string, unknown>] };
  /** Sentences: what was guessed. */
  guessed: string[];
  /** Sentences: what has to be filled in or decided. */
  todo: string[];
  /** Values of coded columns with their counts, by column. */
  codes: CodeList[];
}

/** Drafts an entry of `dialects.json` for a file. @param sender `source` of its events */
export function draftMapping(path: string, sender: string, { text, encoding, delimiter, table }: GuessedText): Draft {
  const columns = profileOf(table);
  const drafting: Drafting = { ...rolesOf(columns), columns, guessed: [], todo: [] };
  const { roles, guessed, todo } = drafting;
  guessed.push(
    `The file is read as ${encoding}, with ${DELIMITER_NAMES[delimiter]} between the cells. Only this draft guesses that; files are taken in as the mapping says.`,
  );
  if (/^[\0-\x7f]*$/.test(text)) todo.push(ASCII);
  const csv = {
    kind: isOfEvents(drafting) ? ('events' as const) : ('states' as const),
    ...{ encoding, delimiter, ...keyOf(drafting), subject: subjectOf(drafting) },
    ...datesOf(drafting),
    ...exportedAtOf(path, drafting),
    ...(roles.get('appointmentId') ? { appointmentId: nameOf(roles, 'appointmentId') } : {}),
  };
  const { rules, isRead } = csv.kind === 'events' ? rulesOfEvents(drafting) : rulesOfStates(drafting);
  const mapping = { ...csv, ...rules };
  const sentinels = sentinelsOf(roles);
  todo.push(
    'timeZone: say the zone of the times, such as "timeZone": "America/Chicago"; without it the organization\'s is taken.',
  );
  const unused = columns.filter(({ name }) => !JSON.stringify(mapping).includes(JSON.stringify(name)));
  if (unused.length > 0)
    guessed.push(`Columns that the draft doesn't read: ${unused.map(({ name }) => name).join(', ')}.`);
  const crosswalks = crosswalksOf(drafting, isRead);
  const entry = { name: sender, csv: mapping, ...(sentinels.length > 0 ? { sentinels } : {}), crosswalks };
  return { dialects: { defaults: {}, senders: [entry] }, guessed, todo, codes: codeLists(drafting) };
}

/** What makes events of rows, and which fields of their `data` it fills. */
interface Rules {
  rules: object;
  isRead: (type: EventType, field: string) => boolean;
}

function rulesOfEvents(drafting: Drafting): Rules {
  const rules = eventsOf(drafting);
  const types = new Set(Object.values(rules.type.values));
  return { rules, isRead: (type, field) => types.has(type) && knows(type, field) && Object.hasOwn(rules.data, field) };
}

function rulesOfStates(drafting: Drafting): Rules {
  const emit = emitsOf(drafting);
  const isRead: Rules['isRead'] = (type, field) =>
    emit.some(({ type: made, data = {} }) => made === type && Object.hasOwn(data, field));
  return { rules: { emit }, isRead };
}

const ASCII =
  'encoding: the file has no letter beyond a to z. Ask in which encoding names with accents would stand: utf-8, windows-1252, iso-8859-1 or utf-16le.';
const DELIMITER_NAMES = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

/** A row is an event if its type stands in a column, and referrals come again and again. */
function isOfEvents({ roles, guessed }: Drafting): boolean {
  const isEvents = Boolean(roles.get('eventType')) && roles.get('subject')?.isUnique !== true;
  guessed.push(
    isEvents
      ? `Each row is taken for an event: column ${nameOf(roles, 'eventType')} says of which type, and referrals come more than once.`
      : 'Each row is taken for the state of a referral or appointment.',
  );
  return isEvents;
}

function subjectOf({ roles, todo }: Drafting): string {
  if (!roles.has('subject'))
    todo.push(`subject: no column looks like the referral's id; put its name in place of "${FILL_IN}: subject".`);
  return nameOf(roles, 'subject');
}

function keyOf({ roles, guessed, todo }: Drafting): { key?: string[] } {
  const key = [roles.get('rowId'), roles.get('appointmentId'), roles.get('subject')].find((column) => column?.isUnique);
  if (key) {
    guessed.push(`Column ${key.name} identifies a row: it is filled in every row, and no value comes twice.`);
    return { key: [key.name] };
  }
  todo.push(
    'key: no column identifies a row. Name the columns that do together; without them a row that changes is a new one.',
  );
  return {};
}

function datesOf({ roles, guessed, todo }: Drafting): { dates?: string[] } {
  const { formats, isAmbiguous } = guessDates(datesIn(roles));
  if (formats.length === 0) return {};
  guessed.push(`Dates are read as ${formats.join(' or ')}.`);
  if (isAmbiguous)
    todo.push(
      'dates: in every date of the sample the day could be the month. Month first was taken; swap MM and dd if days come first.',
    );
  return { dates: formats };
}

/** The dates that the mapping reads: no dates of birth. */
const datesIn = (roles: ReadonlyMap<Role, Column>): string[] =>
  [...roles.values()].filter(({ isDate }) => isDate).flatMap(({ counts }) => [...counts.keys()]);

const sentinelsOf = (roles: ReadonlyMap<Role, Column>): string[] =>
  [...new Set(datesIn(roles).filter(isNoDate))].sort();

const FILE_DATES: readonly [RegExp, string][] = [
  [/\d{8}[_T-]\d{6}/, '(\\d{8}[_T-]\\d{6})'],
  [/\d{8}[_T-]\d{4}(?!\d)/, '(\\d{8}[_T-]\\d{4})'],
  [/\d{4}-\d{2}-\d{2}/, '(\\d{4}-\\d{2}-\\d{2})'],
  [/\d{8}/, '(\\d{8})'],
];

function exportedAtOf(path: string, { roles, guessed, todo }: Drafting): { exportedAt?: object } {
  const column = roles.get('exportedAt');
  if (column) return { exportedAt: { column: column.name } };
  const name = basename(path);
  const found = FILE_DATES.find(([pattern]) => pattern.test(name));
  if (found) {
    guessed.push(`The date in the name of the file is taken for the instant of the export.`);
    return { exportedAt: { fileName: found[1] } };
  }
  todo.push(
    'exportedAt: neither a column nor the name of the file says when the export was made. Put a date into the name, as in export_20260302.csv, or say it with each file.',
  );
  return {};
}

interface EventsDraft {
  type: { column: string; values: Record<string, EventType> };
  time: string;
  data: Record<string, string>;
}

function eventsOf({ roles, columns, todo }: Drafting): EventsDraft {
  const type = roles.get('eventType');
  const values: Record<string, EventType> = {};
  for (const [word] of type ? statusCodesOf(type) : []) {
    const meaning = eventTypeOf(word);
    if (meaning) values[word] = meaning;
    else todo.push(`${type?.name} ${JSON.stringify(word)}: say which event it means, or leave it out if none.`);
  }
  if (Object.keys(values).length === 0) todo.push('type.values: no type was recognised, so no row says anything yet.');
  const starts = roles.get('starts');
  const dates = columns.filter(
    ({ isDate, name }) => isDate && name !== starts?.name && name !== roles.get('exportedAt')?.name,
  );
  const [time] = dates;
  if (dates.length !== 1)
    todo.push(`time: say which column says when each event happened${time ? `; ${time.name} was taken` : ''}.`);
  const reason = roles.get('reason');
  const all = {
    ...referralData(roles, time?.name ?? ''),
    ...(starts ? { startsAt: starts.name } : {}),
    ...(reason ? { reason: reason.name } : {}),
  };
  const isKnown = (field: string): boolean => Object.values(values).some((type) => knows(type, field));
  const data = Object.fromEntries(Object.entries(all).filter(([field]) => isKnown(field)));
  return { type: { column: nameOf(roles, 'eventType'), values }, time: time?.name ?? `${FILL_IN}: time`, data };
}
