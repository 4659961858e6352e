import type { CsvMapping, Emit } from '../../../contracts/dialects.ts';
import type { EventType } from '../../../contracts/event.ts';
import type { Instant } from '../../../contracts/instant.ts';
import type { Fact } from '../member.ts';
import { EXPORTED_AT } from './columns.ts';
import { knows, type Making, makeData, noteZone, type Unreadable } from './data.ts';
import type { Row } from './row.ts';

/** What a row's facts are made with. */
export interface FactMaking extends Making {
  mapping: CsvMapping;
  /** What identifies the row. */
  key: string;
  /** Of the row. Null: nothing says it. */
  exportedAt: Instant | null;
}

/** What makes an event of a row, and its number among the mapping's. */
interface Rule extends Omit<Emit, 'type'> {
  type: EventType;
  /** For a person. */
  name: string;
}

/** The facts of a row by its mapping. @returns a fault if one of its cells can't be read, or why it says nothing */
export function factsOf(row: Row, making: FactMaking): Fact[] | Unreadable | { silent: string } {
  const rules = rulesFor(row, making.mapping);
  if ('silent' in rules) return rules;
  const facts: Fact[] = [];
  for (const rule of rules) {
    const fact = factOf(row, rule, making);
    if (fact === null) continue;
    if ('fault' in fact) return fact;
    facts.push(fact);
  }
  return facts.length > 0 ? facts : { silent: 'no event: none of its times is filled, or no condition holds' };
}

function rulesFor(row: Row, mapping: CsvMapping): Rule[] | { silent: string } {
  switch (mapping.kind) {
    case 'states':
      return mapping.emit.map((emit, index) => ({ ...emit, name: `emit[${index}] ${emit.type}` }));
    case 'events': {
      const { type, ...rule } = mapping;
      const word = row.cell(type.column).toLowerCase();
      const found = Object.entries(type.values).find(([value]) => value.trim().toLowerCase() === word);
      return found ? [{ ...rule, type: found[1], name: `type ${found[1]}` }] : { silent: 'a type that values lacks' };
    }
  }
}

/** Null: its time is empty, or its condition doesn't hold. */
function factOf(row: Row, rule: Rule, making: FactMaking): Fact | Unreadable | null {
  if (!holds(rule.when, row)) return null;
  const time = timeOf(row, rule, making);
  if (time === null || 'fault' in time) return time;
  const made = makeData(rule.type, rule.data, row, making);
  if ('fault' in made) return made;
  const entity = `Row/${making.key}`;
  // With their columns: calls that two columns say may be alike in all else.
  return {
    type: rule.type,
    time: time.at,
    entity,
    data: { ...ownData(rule.type, row, entity, making), ...made.data },
    values: [...time.values, ...conditionsOf(rule, making.mapping), ...made.values],
    row: rule.name,
  };
}

/** A row of events is one, whatever its conditions. */
const conditionsOf = ({ when = {} }: Rule, { kind }: CsvMapping): string[] =>
  kind === 'states' ? Object.keys(when).sort() : [];

/** A cell has one of the values, in any case, of every column. */
function holds(when: Emit['when'], row: Row): boolean {
  return Object.entries(when ?? {}).every(([column, wanted]) => {
    const cell = row.cell(column).toLowerCase();
    return [wanted].flat().some((each) => each.trim().toLowerCase() === cell);
  });
}

function timeOf(
  row: Row,
  { time, type }: Rule,
  { dates, exportedAt, crosswalks }: FactMaking,
): { at: Instant; values: string[] } | Unreadable | null {
  if (time === EXPORTED_AT) {
    const fault = `time: ${type} takes the instant of the export, and no column, name of the file or sender says it`;
    return exportedAt === null ? { fault } : { at: exportedAt, values: [] };
  }
  const text = row.cell(time);
  if (dates.isNone(text)) return null;
  const date = dates.read(text);
  if (!date) return { fault: `column ${time}: ${dates.expected}` };
  if (date.isGuessed) noteZone(crosswalks, dates);
  return { at: date.at, values: [`${time}=${text}`] };
}

/** What events of a type say without a column for it: which appointment it is, or what is taken back. */
function ownData(
  type: EventType,
  row: Row,
  entity: string,
  { mapping, key, sender }: FactMaking,
): Record<string, unknown> {
  if (type === 'event.retracted') return { source: sender.name, entity };
  if (!knows(type, 'appointmentId')) return {};
  const appointmentId = mapping.appointmentId === undefined ? key : row.cell(mapping.appointmentId);
  return appointmentId === '' ? {} : { appointmentId };
}
