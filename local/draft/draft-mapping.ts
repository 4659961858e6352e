import { basename } from 'node:path';
import type { EventType } from '../../shared/contracts/event.ts';
import { FILL_IN } from '../../shared/contracts/fill-in.ts';
import { knows } from '../../shared/intake/dialects/csv/data.ts';
import { type CodeList, codeLists, crosswalksOf } from './draft-crosswalks.ts';
import { emitsOf } from './draft-emits.ts';
import { type Drafting, nameOf, referralData, statusCodesOf } from './drafting.ts';
import { guessDates, isNoDate } from './guess-dates.ts';
import type { GuessedText } from './guess-text.ts';
import type { KnownWords } from './known-words.ts';
import { missingColumns, missingReceived, missingStatus, unreadDates } from './missing-columns.ts';
import type { Column } from './profile.ts';
import { profileOfFiles } from './profile-files.ts';
import { reasonCodesOf } from './reasons.ts';
import { type Role, rolesOf } from './roles.ts';
import { rolesByValues } from './roles-by-values.ts';
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

/** An export, and how it seems to be written. */
export interface DraftFile {
  path: string;
  text: GuessedText;
}

/**
 * Drafts an entry of `dialects.json` for exports of one sender, the last of which is the newest. Throws if they aren't
 * written alike.
 * @param sender `source` of its events
 * @param known words of the configuration that the entry is for; null: it isn't given
 */
export function draftMapping(files: readonly DraftFile[], sender: string, known: KnownWords | null = null): Draft {
  const columns = profileOfFiles(files.map(({ text }) => text.table));
  const drafting = draftingOf(columns, known);
  const { roles, guessed, todo } = drafting;
  const { encoding, delimiter } = writingOf(files, drafting);
  const csv = {
    kind: isOfEvents(drafting) ? ('events' as const) : ('states' as const),
    ...{ encoding, delimiter, ...keyOf(drafting), subject: subjectOf(drafting) },
    ...datesOf(drafting),
    ...exportedAtOf(files, drafting),
    ...(roles.get('appointmentId') ? { appointmentId: nameOf(roles, 'appointmentId') } : {}),
  };
  const { rules, isRead, makes } = csv.kind === 'events' ? rulesOfEvents(drafting) : rulesOfStates(drafting);
  const mapping = { ...csv, ...rules };
  const sentinels = sentinelsOf(roles);
  if (known)
    guessed.push(`Times are read in ${known.timeZone}, the organization's zone. Change timeZone if they have another.`);
  else
    todo.push(
      'timeZone: say the zone of the times, such as "timeZone": "America/Chicago"; without it the organization\'s is taken.',
    );
  const unused = columns.filter(({ name }) => !JSON.stringify(mapping).includes(JSON.stringify(name)));
  if (unused.length > 0)
    guessed.push(`Columns that the draft doesn't read: ${unused.map(({ name }) => name).join(', ')}.`);
  // First: nothing else of the draft is as easily overlooked.
  todo.unshift(
    ...(JSON.stringify(mapping).includes(`"${FILL_IN}: received"`) ? [missingReceived(unused)] : []),
    ...(csv.kind === 'states' && drafting.statuses.length === 0 ? [missingStatus(unused)] : []),
    ...(makes('referral.received') ? missingColumns(unused, isRead) : []),
    ...unreadDates(unused),
  );
  const crosswalks = crosswalksOf(drafting, isRead);
  const codes = codeLists(drafting);
  const unseen = codes.filter(({ column, notShown }) => notShown > 0 && !unused.some(({ name }) => name === column));
  if (unseen.length > 0)
    todo.push(
      `Values that one row has and the draft doesn't know are neither shown nor in it: ${unseen.map(({ column, notShown }) => `${notShown} of ${column}`).join(', ')}. Give it more exports, or run "npx loopwatch dialect try" with the draft: it names those that lack an entry.`,
    );
  if (todo.some((line) => line.includes('say which')))
    todo.push('docs/events.md lists the types of event, and the words of the contract for each field.');
  const entry = { name: sender, csv: mapping, ...(sentinels.length > 0 ? { sentinels } : {}), crosswalks };
  const defaults = known ? { timeZone: known.timeZone } : {};
  return { dialects: { defaults, senders: [entry] }, guessed, todo, codes };
}

/** Which columns have which role: by name, else by what stands in them. */
function draftingOf(columns: readonly Column[], known: KnownWords | null): Drafting {
  const named = rolesOf(columns);
  const found = rolesByValues(named, columns, known);
  const roles = new Map([...named.roles, ...found.map(({ role, column }) => [role, column] as const)]);
  const guessed = found.map(
    ({ role, column, because }) => `Column ${column.name} is taken for the ${ROLE_NAMES[role] ?? role}: ${because}.`,
  );
  return { ...named, roles, columns, known, guessed, todo: [] };
}

const ROLE_NAMES: Partial<Record<Role, string>> = { practiceName: 'practice' };

/** What makes events of rows, and which fields of their `data` it fills. */
interface Rules {
  rules: object;
  makes: (type: EventType) => boolean;
  isRead: (type: EventType, field: string) => boolean;
}

function rulesOfEvents(drafting: Drafting): Rules {
  const rules = eventsOf(drafting);
  const types = new Set(Object.values(rules.type.values));
  return {
    rules,
    makes: (type) => types.has(type),
    isRead: (type, field) => types.has(type) && knows(type, field) && Object.hasOwn(rules.data, field),
  };
}

function rulesOfStates(drafting: Drafting): Rules {
  const emit = emitsOf(drafting);
  const isRead: Rules['isRead'] = (type, field) =>
    emit.some(({ type: made, data = {} }) => made === type && Object.hasOwn(data, field));
  return { rules: { emit }, makes: (type) => emit.some(({ type: made }) => made === type), isRead };
}

/** How files are written. One without a letter beyond a to z is written in any encoding. */
function writingOf(
  files: readonly DraftFile[],
  { guessed, todo }: Drafting,
): Pick<GuessedText, 'encoding' | 'delimiter'> {
  const isOne = files.length === 1;
  const delimiters = new Set(files.map(({ text }) => text.delimiter));
  if (delimiters.size > 1)
    throw new Error(
      `the files are not of one sender: cells are parted by ${[...delimiters].map((each) => DELIMITER_NAMES[each]).join(' in one, by ')} in another`,
    );
  const telling = files.filter(({ text }) => !/^[\0-\x7f]*$/.test(text.text));
  const { encoding, delimiter } = ((telling[0] ?? files[0]) as DraftFile).text;
  guessed.push(
    `${isOne ? 'The file is' : 'The files are'} read as ${encoding}, with ${DELIMITER_NAMES[delimiter]} between the cells. Only this draft guesses that; files are taken in as the mapping says.`,
  );
  if (telling.length === 0) todo.push(ASCII);
  const others = telling.filter(({ text }) => text.encoding !== encoding).map(({ path }) => basename(path));
  if (others.length > 0)
    todo.push(`encoding: ${others.join(', ')} seems to be written in another. A sender has one: ask which.`);
  const everywhere = files.map(({ text }) => new Set(text.table.head.names));
  const partly = [...new Set(everywhere.flatMap((names) => [...names]))].filter(
    (name) => !everywhere.every((names) => names.has(name)),
  );
  if (partly.length > 0)
    todo.push(
      `Not every file has the columns ${partly.join(', ')}. A file that lacks a column which the mapping reads is refused whole.`,
    );
  return { encoding, delimiter };
}

const ASCII =
  'encoding: the sample has no accented letter. Ask in which encoding names with accents would stand: utf-8, windows-1252, iso-8859-1 or utf-16le.';
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
  [/\d{4}-\d{2}-\d{2}/, '(\\d{4}-\\d{2}-\\d{2}(?:[_T-]\\d{4})?)'],
  [/\d{8}/, '(\\d{8}(?:[_T-]\\d{4})?)'],
];

function exportedAtOf(files: readonly DraftFile[], { roles, guessed, todo }: Drafting): { exportedAt?: object } {
  const column = roles.get('exportedAt');
  if (column) return { exportedAt: { column: column.name } };
  const found = FILE_DATES.find(([pattern]) => files.every(({ path }) => pattern.test(basename(path))));
  if (found) {
    const [, taken] = found;
    guessed.push(`The date in the name of the file is taken for the instant of the export.`);
    if (taken.endsWith('?)'))
      todo.push(
        'exportedAt: the name of the file says a day and no time, so an export counts as made at midnight, before all that happened on that day. Put the time into the name, as in export_20260302_2300.csv.',
      );
    return { exportedAt: { fileName: taken } };
  }
  todo.push(
    'exportedAt: neither a column nor the name of each file says when the export was made. Put a date into the name, as in export_20260302.csv, or say it with each file.',
  );
  return {};
}

interface EventsDraft {
  type: { column: string; values: Record<string, EventType> };
  time: string;
  data: Record<string, string>;
}

function eventsOf({ roles, reasons, columns, todo }: Drafting): EventsDraft {
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
  const [reason] = [...reasons].sort((a, b) => reasonCodesOf(b).length - reasonCodesOf(a).length);
  if (reasons.length > 1)
    todo.push(
      `data.reason: ${reasons.map(({ name }) => name).join(', ')} all look like reasons, and a mapping of events reads one; ${reason?.name} was taken.`,
    );
  const all = {
    ...referralData(roles, time?.name ?? ''),
    ...(starts ? { startsAt: starts.name } : {}),
    ...(reason ? { reason: reason.name } : {}),
  };
  const isKnown = (field: string): boolean => Object.values(values).some((type) => knows(type, field));
  const data = Object.fromEntries(Object.entries(all).filter(([field]) => isKnown(field)));
  return { type: { column: nameOf(roles, 'eventType'), values }, time: time?.name ?? `${FILL_IN}: time`, data };
}
