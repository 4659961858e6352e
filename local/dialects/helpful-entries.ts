import { type CrosswalkName, type DialectSender, type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import type { CsvGaps } from './csv-gaps.ts';
import type { EmitEntry, TypeEntry } from './emit-entries.ts';
import { isUnnamed } from './senders-text.ts';
import type { Tried, TryConfig } from './try-messages.ts';
import { crosswalkOf, type HelpConfig, wordFor } from './words-for.ts';

/** A value for which an entry of `dialects.json` would help. */
export interface Wanting {
  sender: string;
  /** `referral.received.priority "Q"`, `Status "On hold"`. */
  what: string;
  /** How many members have it. */
  count: number;
  /** What became of it. */
  why: string;
  addition: Addition;
}

/** What to add to an entry of `dialects.json`. Null: nothing that could be written down. */
type Addition =
  | { crosswalk: CrosswalkName; value: string; word: string; isInDefaults: boolean }
  | { setting: 'timeZone' | 'role'; value: string }
  | { emit: EmitEntry }
  | { type: TypeEntry }
  | null;

/** What went through as sent, was guessed, or is read by nothing, the most frequent first. */
export function wantingEntries(tried: readonly Tried[], gaps: readonly CsvGaps[], config: HelpConfig): Wanting[] {
  const codes = tried.flatMap(({ sender, unmapped }) => unmapped.map((each) => ({ sender: sender ?? '', ...each })));
  const same = Map.groupBy(codes, ({ sender, field, value }) => JSON.stringify([sender, field, value]));
  const ofCodes = [...same.values()].flatMap((own): Wanting[] => {
    const code = ofCode(own[0] as (typeof codes)[number], config);
    return code === null ? [] : [{ ...code, count: own.length }];
  });
  const values = gaps.flatMap(({ sender, values }) => values.map((each) => ({ sender, ...each })));
  const unread = Map.groupBy(
    values.filter(({ entry }) => entry !== null),
    ({ sender, column, value }) => JSON.stringify([sender, column, value.toLowerCase()]),
  );
  const ofValues = [...unread.values()].flatMap((own): Wanting[] => {
    const { sender, column, value, entry } = own[0] as (typeof values)[number];
    if (entry === null) return [];
    const addition: Addition = 'values' in entry ? { type: entry } : { emit: entry };
    const why = 'values' in entry ? 'type.values lacks it' : 'no emit reads it';
    const count = own.reduce((total, { rows }) => total + rows, 0);
    return [{ sender, what: `${column} ${JSON.stringify(value)}`, count, why, addition }];
  });
  return [...ofCodes, ...ofValues].sort((a, b) => b.count - a.count);
}

/** Null: no entry would help. A practice that the directory lacks has to be listed there. */
function ofCode(
  { sender, field, value }: { sender: string; field: string; value: string },
  config: HelpConfig,
): Omit<Wanting, 'count'> | null {
  const what = `${field} ${JSON.stringify(value)}`;
  if (field === 'role') {
    const why = 'say at which side its documents arrive: referring or receiving';
    return { sender, what: 'role', why, addition: { setting: 'role', value: 'referring' } };
  }
  if (field === 'timeZone') {
    const why = `its times say no zone, and ${value || "the organization's"} was taken`;
    const zone = value.includes('/') ? value : config.directory.organization.timeZone;
    return { sender, what: 'timeZone', why, addition: { setting: 'timeZone', value: zone } };
  }
  const crosswalk = crosswalkOf(field);
  if (crosswalk === null) return { sender, what, why: 'expected yes, no, true or false', addition: null };
  const word = wordFor(field, value, config);
  if (crosswalk === 'practice' && word === value) return null;
  const other = isUnnamed(sender) ? entryWith(config.dialects ?? NO_DIALECTS, crosswalk, value) : undefined;
  if (other) return { sender, what, why: `no entry, but ${other.name} has one`, addition: null };
  const isInDefaults = isReplacing(config.dialects ?? NO_DIALECTS, sender, crosswalk);
  return { sender, what, why: 'no entry', addition: { crosswalk, value, word, isInDefaults } };
}

/** The first sender with a word for a value. */
const entryWith = ({ senders }: Dialects, crosswalk: CrosswalkName, value: string): DialectSender | undefined =>
  senders.find(({ crosswalks = {} }) =>
    Object.keys(crosswalks[crosswalk] ?? {}).some((known) => known.toLowerCase() === value.toLowerCase()),
  );

/** A table in a sender's entry takes the place of that in `defaults`: so what is only there belongs there. */
function isReplacing({ defaults, senders }: Dialects, sender: string, crosswalk: CrosswalkName): boolean {
  const own = senders.find(({ name }) => name === sender)?.crosswalks?.[crosswalk];
  return defaults.crosswalks?.[crosswalk] !== undefined && own === undefined;
}

export const NEW: unique symbol = Symbol('an entry that its sender needs');

/** JSON to add to `dialects.json`, and where. */
export interface PasteEntry {
  /** The sender whose entry it is for; `NEW`: it has none yet, and others have. Null: `defaults`. */
  sender: string | null | typeof NEW;
  json: Json;
}
type Json = { [field: string]: unknown };

/** Puts additions together, an object for each entry. Where nobody has an entry they are in `defaults`. */
export function pasteEntries(wanting: readonly Wanting[], { dialects = NO_DIALECTS }: TryConfig): PasteEntry[] {
  const names = new Set(dialects.senders.map(({ name }) => name));
  const placed = wanting.flatMap(
    ({ sender, addition }): (Pick<PasteEntry, 'sender'> & { addition: NonNullable<Addition> })[] => {
      if (addition === null) return [];
      const isOwn = names.has(sender) && !('isInDefaults' in addition && addition.isInDefaults);
      const isNew = names.size > 0 && isUnnamed(sender);
      const place = isNew ? NEW : null;
      return [{ sender: isOwn ? sender : place, addition }];
    },
  );
  return [...Map.groupBy(placed, ({ sender }) => sender)].map(([sender, own]) => ({
    sender,
    json: together(own.map(({ addition }) => addition)),
  }));
}

function together(additions: readonly NonNullable<Addition>[]): Json {
  const settings = additions.flatMap((each) => ('setting' in each ? [[each.setting, each.value]] : []));
  const types = additions.flatMap((each) => ('type' in each ? Object.entries(each.type.values) : []));
  const emits = emitsTogether(additions.flatMap((each) => ('emit' in each ? [each.emit] : [])));
  const words = additions.filter((each) => 'crosswalk' in each);
  const csv = {
    ...(types.length > 0 && { type: { values: Object.fromEntries(types) } }),
    ...(emits.length > 0 && { emit: emits }),
  };
  const crosswalks = [...Map.groupBy(words, ({ crosswalk }) => crosswalk)].map(
    ([name, own]) => [name, Object.fromEntries(own.map(({ value, word }) => [value, word]))] as const,
  );
  return {
    ...Object.fromEntries(settings),
    ...(Object.keys(csv).length > 0 && { csv }),
    ...(crosswalks.length > 0 && { crosswalks: Object.fromEntries(crosswalks) }),
  };
}

/** Values of one column that mean the same are one emit. */
function emitsTogether(all: readonly EmitEntry[]): EmitEntry[] {
  const emits = new Map<string, EmitEntry>();
  for (const { type, time, when, data } of all) {
    const [[column, values]] = Object.entries(when) as [[string, string[]]];
    // Of what nobody knows each may mean something else.
    const key = JSON.stringify([type, time, column, ...(type.includes('.') ? [] : values)]);
    const before = emits.get(key)?.when[column] ?? [];
    emits.set(key, { type, time, when: { [column]: [...before, ...values] }, ...(data && { data }) });
  }
  return [...emits.values()];
}
