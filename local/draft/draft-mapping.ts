import { basename } from 'node:path';
import type { EventType } from '../../shared/contracts/event.ts';
import { knows } from '../../shared/intake/dialects/csv/data.ts';
import { guessDates, isNoDate } from './guess-dates.ts';
import type { GuessedText } from './guess-text.ts';
import { type Column, codesOf, profileOf } from './profile.ts';
import { type Role, rolesOf } from './roles.ts';
import { closeReasonOf, eventTypeOf, meaningOf, priorityOf } from './status-words.ts';

/** A mapping to start from, and what a person has to look at. */
export interface Draft {
  dialects: { defaults: object; senders: [{ name: string } & Record<string, unknown>] };
  /** Sentences: what was guessed. */
  guessed: string[];
  /** Sentences: what has to be filled in or decided. */
  todo: string[];
  /** Values of coded columns with their counts, by column. */
  codes: { column: string; values: [string, number][]; notShown: number }[];
}

/** Stands in a draft where nobody but a person can say what belongs there. */
const FILL_IN = 'FILL IN';
const EXPORTED_AT = 'exportedAt';

type Emit = { type: EventType; time: string; when?: Record<string, string[]>; data?: Record<string, string> };
interface Drafting {
  roles: ReadonlyMap<Role, Column>;
  columns: readonly Column[];
  guessed: string[];
  todo: string[];
}

/** Drafts an entry of `dialects.json` for a file. @param sender `source` of its events */
export function draftMapping(path: string, sender: string, { text, encoding, delimiter, table }: GuessedText): Draft {
  const columns = profileOf(table);
  const drafting: Drafting = { roles: rolesOf(columns), columns, guessed: [], todo: [] };
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
  const mapping = csv.kind === 'events' ? { ...csv, ...eventsOf(drafting) } : { ...csv, emit: emitsOf(drafting) };
  const sentinels = sentinelsOf(roles);
  todo.push(
    'timeZone: say the zone of the times, such as "timeZone": "America/Chicago"; without it the organization\'s is taken.',
  );
  const unused = columns.filter(({ name }) => !JSON.stringify(mapping).includes(JSON.stringify(name)));
  if (unused.length > 0)
    guessed.push(`Columns that the draft doesn't read: ${unused.map(({ name }) => name).join(', ')}.`);
  const crosswalks = crosswalksOf(drafting);
  const entry = { name: sender, csv: mapping, ...(sentinels.length > 0 ? { sentinels } : {}), crosswalks };
  return { dialects: { defaults: {}, senders: [entry] }, guessed, todo, codes: codeLists(drafting) };
}

const ASCII =
  'encoding: the file has no letter beyond a to z. Ask in which encoding names with accents would stand: utf-8, windows-1252, iso-8859-1 or utf-16le.';
const DELIMITER_NAMES = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
const nameOf = (roles: ReadonlyMap<Role, Column>, role: Role): string => roles.get(role)?.name ?? `${FILL_IN}: ${role}`;

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

const REFERRAL_DATA: readonly [string, Role][] = [
  ['priority', 'priority'],
  ['specialty', 'specialty'],
  ['site', 'site'],
  ['practice.id', 'practiceId'],
  ['practice.name', 'practiceName'],
  ['practice.providerNpi', 'npi'],
  ['patient.id', 'patientId'],
  ['payer', 'payer'],
  ['orderedAt', 'ordered'],
];

function referralData(roles: ReadonlyMap<Role, Column>, time: string): Record<string, string> {
  const data = REFERRAL_DATA.flatMap(([field, role]) => {
    const column = roles.get(role);
    return column && column.name !== time ? [[field, column.name] as const] : [];
  });
  const named = Object.fromEntries(data);
  const practice = named['practice.id'] ?? named['practice.name'];
  return practice === undefined ? named : { ...named, 'practice.id': practice };
}

/** Dates that say by themselves that something happened. */
const BY_DATE: readonly [Role, EventType][] = [
  ['accepted', 'referral.accepted'],
  ['declined', 'referral.declined'],
  ['arrived', 'visit.arrived'],
  ['seen', 'visit.completed'],
  ['cancelled', 'appointment.cancelled'],
  ['note', 'note.received'],
  ['closed', 'referral.closed'],
];

function emitsOf(drafting: Drafting): Emit[] {
  const { roles, todo } = drafting;
  const received = roles.get('received') ?? roles.get('ordered');
  if (!received)
    todo.push(
      `referral.received: no column says when a referral came in; put its name in place of "${FILL_IN}: received".`,
    );
  const time = received?.name ?? nameOf(roles, 'received');
  const emits: Emit[] = [{ type: 'referral.received', time, data: referralData(roles, time) }];
  const starts = roles.get('starts');
  const booked = roles.get('booked');
  if (starts && booked)
    emits.push({ type: 'appointment.scheduled', time: booked.name, data: { startsAt: starts.name } });
  else if (starts)
    todo.push(
      `appointment.scheduled: column ${starts.name} says when appointments are, and none when they were booked. Find out where that stands; the instant of the export is taken until then.`,
    );
  if (starts && !booked)
    emits.push({
      type: 'appointment.scheduled',
      time: EXPORTED_AT,
      when: onlyWhen(drafting),
      data: { startsAt: starts.name },
    });
  for (const [role, type] of BY_DATE) {
    const column = roles.get(role);
    if (column) emits.push(withReason(drafting, { type, time: column.name }));
  }
  if (roles.has('contacted'))
    todo.push(
      `contact.attempted: column ${nameOf(roles, 'contacted')} may say when the patient was called. An export of states has only the last call; send calls as a file of events.`,
    );
  return [...emits, ...emitsOfStatus(drafting, emits)].map(tidy);
}

/** Booked appointments by their status; an empty condition where there is none. */
function onlyWhen({ roles }: Drafting): Record<string, string[]> {
  const status = roles.get('status');
  const values = status
    ? codesOf(status).flatMap(([value]) => (/^(booked|scheduled|confirmed)$/i.test(value) ? [value] : []))
    : [];
  return status && values.length > 0 ? { [status.name]: values } : {};
}

function emitsOfStatus({ roles, todo }: Drafting, dated: readonly Emit[]): Emit[] {
  const status = roles.get('status');
  if (!status) return [];
  const starts = roles.get('starts');
  const values = new Map<EventType, string[]>();
  for (const [value] of codesOf(status)) {
    const meaning = meaningOf(value);
    if (meaning === undefined)
      todo.push(`${status.name} ${JSON.stringify(value)}: say which event it means, or leave it out if none.`);
    else if (meaning !== null && !dated.some(({ type }) => type === meaning)) {
      const type = meaning === 'appointment.cancelled' && !starts ? 'referral.cancelled' : meaning;
      values.set(type, [...(values.get(type) ?? []), value]);
    }
  }
  if (codesOf(status).length === 0)
    todo.push(`${status.name}: has too many values for a status, or each comes once; none was taken.`);
  return [...values].map(([type, words]) => {
    const isAtStart = starts && ['appointment.no_show', 'visit.completed', 'visit.arrived'].includes(type);
    const emit: Emit = { type, time: isAtStart ? starts.name : EXPORTED_AT, when: { [status.name]: words } };
    return withReason({ roles }, emit);
  });
}

function withReason({ roles }: Pick<Drafting, 'roles'>, emit: Emit): Emit {
  const reason = roles.get('reason');
  const takesReason = ['referral.closed', 'referral.declined', 'referral.paused'].includes(emit.type);
  return reason && takesReason ? { ...emit, data: { reason: reason.name } } : emit;
}

function tidy({ type, time, when = {}, data = {} }: Emit): Emit {
  return {
    ...{ type, time },
    ...(Object.keys(when).length > 0 ? { when } : {}),
    ...(Object.keys(data).length > 0 ? { data } : {}),
  };
}

function eventsOf({ roles, columns, todo }: Drafting): { type: object; time: string; data: object } {
  const type = roles.get('eventType');
  const values: Record<string, EventType> = {};
  for (const [word] of type ? codesOf(type) : []) {
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

/** Entries by what words commonly mean; words of the sender's own stand on both sides, for a person to change. */
function crosswalksOf({ roles, todo }: Drafting): Record<string, Record<string, string>> {
  const crosswalks: Record<string, Record<string, string>> = {};
  const add = (name: string, role: Role, wordOf: (word: string) => string | undefined): void => {
    const column = roles.get(role);
    if (!column) return;
    const entries = codesOf(column).flatMap(([value]) => {
      const word = wordOf(value);
      if (word === undefined)
        todo.push(`crosswalks.${name} ${JSON.stringify(value)}: say which word of the contract it means.`);
      return word === undefined ? [] : [[value, word] as const];
    });
    if (entries.length > 0) crosswalks[name] = Object.fromEntries(entries);
  };
  add('priority', 'priority', priorityOf);
  add('specialty', 'specialty', (word) => word);
  add('site', 'site', (word) => word);
  add('close', 'reason', closeReasonOf);
  if (crosswalks.specialty || crosswalks.site)
    todo.push(
      'crosswalks: specialties and sites stand on both sides. On the right put the words of your policy and the ids of your sites.',
    );
  return crosswalks;
}

const CODED: readonly Role[] = ['eventType', 'status', 'priority', 'specialty', 'site', 'reason'];

function codeLists({ roles }: Drafting): Draft['codes'] {
  return CODED.flatMap((role) => {
    const column = roles.get(role);
    if (!column) return [];
    const values = codesOf(column);
    if (column.counts.size === 0) return [];
    const isShown = (value: string): boolean => values.some(([shown]) => shown === value);
    return [
      { column: column.name, values, notShown: [...column.counts.keys()].filter((value) => !isShown(value)).length },
    ];
  });
}
