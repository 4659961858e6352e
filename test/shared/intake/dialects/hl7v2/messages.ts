import type { DialectSettings, Dialects } from '../../../../../shared/contracts/dialects.ts';
import { formatInstant } from '../../../../../shared/contracts/instant.ts';
import { translateHl7 } from '../../../../../shared/intake/dialects/hl7v2/translate.ts';
import type { Fact, Member, Translated } from '../../../../../shared/intake/dialects/member.ts';

/** Fields of a segment by number. */
export type Fields = Readonly<Record<number, string>>;

/** A segment with some fields, such as `SCH|||||||...`. */
export function segment(name: string, fields: Fields = {}): string {
  const last = Math.max(0, ...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_, index) => fields[index + 1] ?? '')].join('|');
}

const SENT_AT = '20260302090000-0500';

/** A message of a kind, written on 2 March 2026 at 9:00 in New York. @param header fields of MSH from 3 */
export function message(kind: string, segments: readonly string[], header: Fields = {}): string {
  const usual = { 3: 'EAST-EHR', 4: 'EAST', 7: SENT_AT, 9: kind, 10: 'M100', 11: 'P', 12: '2.5.1' };
  const fields = { ...usual, ...header };
  const last = Math.max(...Object.keys(fields).map(Number));
  const rest = Array.from({ length: last - 2 }, (_, index) => (fields as Fields)[index + 3] ?? '');
  return `${[['MSH', '^~\\&', ...rest].join('|'), ...segments].join('\r')}\r`;
}

interface Options {
  /** Of the only entry, which is named `east` and given by attribute. Absent: there is no entry. */
  entry?: DialectSettings;
  dialects?: Dialects;
  sender?: string | null;
  timeZone?: string;
  position?: number;
}

/** Translates a body. */
export function translate(body: string, { entry, dialects, sender, timeZone, position }: Options = {}): Translated[] {
  const senders = entry ? [{ name: 'east', ...entry }] : [];
  return translateHl7(body, {
    dialects: dialects ?? { defaults: {}, senders },
    timeZone: timeZone ?? 'America/Chicago',
    origin: {
      dialect: 'hl7v2',
      sender: sender ?? (entry ? 'east' : null),
      file: null,
      position: position ?? 1,
      exportedAt: null,
      arrivedAt: 0,
    },
  });
}

type Of<O extends Member['outcome']> = Extract<Member, { outcome: O }>;

/** The only member of a body, which has to be translated. */
export function translated(body: string, options?: Options): Of<'translated'> {
  return only('translated', body, options);
}

export const passedOver = (body: string, options?: Options): string => only('passed_over', body, options).why;
export const refused = (body: string, options?: Options): Of<'refused'> => only('refused', body, options);

function only<O extends Member['outcome']>(outcome: O, body: string, options?: Options): Of<O> {
  const members = translate(body, options);
  const [member] = members;
  if (members.length !== 1 || member?.outcome !== outcome) {
    throw new Error(`expected one ${outcome}: ${JSON.stringify(members)}`);
  }
  return member as Of<O>;
}

/** The events of a body, without what makes their ids. */
export const events = (body: string, options?: Options) => translated(body, options).facts.map(told);
/** The only event of a body. */
export function event(body: string, options?: Options) {
  const [first, ...more] = events(body, options);
  if (!first || more.length > 0) throw new Error('expected one event');
  return first;
}

export const told = ({ type, time, entity, data }: Fact) => ({ type, time: formatInstant(time), entity, data });
