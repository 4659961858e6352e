import { Hl7Context, Hl7Segment } from '@medplum/core';
import { type Separators, undoEscapes } from './escapes.ts';
import { readPath } from './path.ts';
import { READ_FIELDS, type ReadComponents, type ReadFields } from './read-fields.ts';
import { isSegment, linesOf, segmentWithoutNarrative } from './split.ts';

/** The usual separators, for those that MSH-2 leaves out. */
const USUAL = '^~\\&';
const HEADER = /^MSH[^A-Za-z0-9\s]/;
/** HL7's word for a field that is to be emptied. */
const NULL = '""';
const CHARACTER_SET = 18;

/** How the characters of one message are read. */
interface Encoding {
  separators: Separators;
  context: Hl7Context;
  /** MSH-18. */
  characterSet: string;
  /** What may be kept of a message that is refused. */
  fields: ReadFields;
}

/** One repetition of a field. */
export class Repetition {
  readonly #components: readonly string[];
  readonly #encoding: Encoding;

  constructor(components: readonly string[], encoding: Encoding) {
    this.#components = components;
    this.#encoding = encoding;
  }

  /** A component without escapes and outer spaces. Empty: there is nothing. @param component from 1, as `subcomponent` */
  read(component = 1, subcomponent = 1): string {
    const { separators, characterSet } = this.#encoding;
    const text = this.#components[component - 1] ?? '';
    const part = text.split(separators.subcomponent, subcomponent)[subcomponent - 1]?.trim() ?? '';
    return part === NULL ? '' : undoEscapes(part, separators, characterSet).trim();
  }
}

/** One segment; its fields are read when they are asked for, so nobody reads OBX-5. */
export class Segment {
  readonly name: string;
  readonly #line: string;
  readonly #encoding: Encoding;
  #parsed: Hl7Segment | null = null;

  constructor(line: string, encoding: Encoding) {
    this.name = line.slice(0, 3);
    this.#line = line;
    this.#encoding = encoding;
  }

  /** What is read of it, with its CR. Empty: nothing is. */
  get kept(): string {
    const { fields, separators } = this.#encoding;
    const read = Object.hasOwn(fields, this.name) ? (fields[this.name] ?? {}) : {};
    const numbers = Object.keys(read).map(Number);
    const line = segmentWithoutNarrative(this.#line, separators.field).slice(0, -1);
    if (line === '' || numbers.length === 0) return '';
    // MSH-1 is what separates the fields.
    const first = this.name === 'MSH' ? 1 : 0;
    const kept = line.split(separators.field, Math.max(...numbers) + 1 - first).map((text, index) => {
      if (index <= first) return text;
      const components = read[index + first];
      return components ? this.#keptOf(text, components) : '';
    });
    return `${withoutEnd(kept).join(separators.field)}\r`;
  }

  #keptOf(text: string, { components, isCoded }: ReadComponents): string {
    const { repetition, component } = this.#encoding.separators;
    const repetitions = text.split(repetition).map((each) => {
      const parts = each.split(component);
      const read = new Repetition(parts, this.#encoding);
      const isText = isCoded && read.read(1) === '' && read.read(4) === '';
      const kept = parts.map((part, index) => (components.includes(index + 1) || (isText && index === 1) ? part : ''));
      return withoutEnd(kept).join(component);
    });
    return withoutEnd(repetitions).join(repetition);
  }

  /** The repetitions of a field. @param field as the standard counts: MSH-3 is 3 */
  repetitions(field: number): Repetition[] {
    this.#parsed ??= Hl7Segment.parse(this.#line, this.#encoding.context);
    // Absent beyond the segment's last field, though the type says otherwise.
    const parsed: { components: string[][] } | undefined = this.#parsed.getField(field);
    return (parsed?.components ?? []).map((components) => new Repetition(components, this.#encoding));
  }

  /** A component of a field's first repetition that has it. Empty: there is nothing. */
  read(field: number, component = 1): string {
    return firstFilled(this.repetitions(field), component);
  }
}

/** Some segments of a message: all of them, or those of one order. */
export class Part {
  readonly #segments: readonly Segment[];
  readonly #byName = new Map<string, Segment[]>();
  readonly #above: Part | null;
  #kept: string | undefined;

  /** @param above has what the part lacks: what stands before the first order holds for all */
  constructor(segments: readonly Segment[], above: Part | null = null) {
    this.#segments = segments;
    this.#above = above;
    for (const segment of segments) {
      const alike = this.#byName.get(segment.name);
      if (alike) alike.push(segment);
      else this.#byName.set(segment.name, [segment]);
    }
  }

  protected get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** The segments of a name, in order. */
  all(name: string): readonly Segment[] {
    return this.#byName.get(name) ?? this.#above?.all(name) ?? [];
  }

  /** What of it may be kept if it is refused: what is read. */
  get kept(): string {
    this.#kept ??= (this.#above?.kept ?? '') + this.#segments.map((segment) => segment.kept).join('');
    return this.#kept;
  }

  /** Every repetition of a field in the segments of its name. */
  repetitions(path: string): Repetition[] {
    const { segment, field } = readPath(path);
    return this.all(segment).flatMap((each) => each.repetitions(field));
  }

  /** A component, the first without a number, of the first repetition that has it. Empty: there is nothing. */
  read(path: string): string {
    return firstFilled(this.repetitions(path), readPath(path).component ?? 1);
  }
}

function firstFilled(repetitions: readonly Repetition[], component: number): string {
  for (const repetition of repetitions) {
    const text = repetition.read(component);
    if (text !== '') return text;
  }
  return '';
}

/** A message as its segments. */
export class Message extends Part {
  readonly #strays: readonly number[];

  /** @param strays the numbers, from 1, of its lines that are no segments, and no narrative either */
  constructor(segments: readonly Segment[], strays: readonly number[]) {
    super(segments);
    this.#strays = strays;
  }

  /** Lines that were left out though they may hold fields, from 1: the rest of a segment that was broken in two. */
  get strays(): readonly number[] {
    return this.#strays;
  }

  /** Whether nothing was read but its header. */
  get isBare(): boolean {
    return this.segments.length === 1;
  }

  /** Its orders: what stands before the first holds for all of them. @param begins whether an order begins with a segment */
  orders(begins: (segment: Segment, order: readonly Segment[]) => boolean): Part[] {
    const before: Segment[] = [];
    const orders: Segment[][] = [];
    for (const segment of this.segments) {
      const order = orders.at(-1);
      if (begins(segment, order ?? [])) orders.push([segment]);
      else (order ?? before).push(segment);
    }
    // An observation before the first order is of the patient.
    const above = new Part(before.filter(({ name }) => name !== 'OBX'));
    return orders.map((order) => new Part(order, above));
  }
}

/**
 * Reads one message. Null: it doesn't begin with a header that says how to read it.
 * @param fields what may be kept of it
 */
export function readMessage(text: string, fields: ReadFields = READ_FIELDS): Message | null {
  const lines = linesOf(text);
  const [header = ''] = lines;
  if (!HEADER.test(header)) return null;
  const separators = separatorsOf(header);
  if (!separators) return null;
  const encoding = encodingOf(separators, fields);
  const characterSet = new Segment(header, encoding).read(CHARACTER_SET);
  const segments = lines.filter((line) => isSegment(line, separators.field));
  return new Message(
    segments.map((line) => new Segment(line, { ...encoding, characterSet })),
    straysOf(lines, separators.field),
  );
}

/** Segments with texts of people, which may go on in the next line. */
const WITH_TEXT = /^(?:OBX|NTE)/;

function straysOf(lines: readonly string[], separator: string): number[] {
  let isText = false;
  return lines.flatMap((line, index) => {
    if (isSegment(line, separator)) isText = WITH_TEXT.test(line);
    else if (!isText) return [index + 1];
    return [];
  });
}

/** What may be kept of a text in which nobody found a message that can be read: of each segment what is read. */
export function keptOfText(text: string, fields: ReadFields = READ_FIELDS): string {
  let separators = usualSeparators('|');
  let kept = '';
  for (const line of linesOf(text)) {
    if (HEADER.test(line)) separators = separatorsOf(line) ?? usualSeparators(line.charAt(3));
    if (isSegment(line, separators.field)) kept += new Segment(line, encodingOf(separators, fields)).kept;
  }
  return kept;
}

function encodingOf(separators: Separators, fields: ReadFields): Encoding {
  const { field, component, repetition, escaping, subcomponent } = separators;
  const context = new Hl7Context('\r', field, component, repetition, escaping, subcomponent);
  return { separators, context, characterSet: '', fields };
}

function usualSeparators(field: string): Separators {
  const [component = '', repetition = '', escaping = '', subcomponent = ''] = USUAL;
  return { field, component, repetition, escaping, subcomponent };
}

function withoutEnd(texts: readonly string[]): string[] {
  return texts.slice(0, texts.findLastIndex((text) => text !== '') + 1);
}

/** MSH-1 and MSH-2. Null: they can't be told apart. */
function separatorsOf(header: string): Separators | null {
  const field = header.charAt(3);
  const said = (header.split(field, 2)[1] ?? '').trim();
  if (said === '') return null;
  const [component = '', repetition = '', escaping = '', subcomponent = ''] = [...USUAL].map(
    (usual, index) => said.charAt(index) || usual,
  );
  const all = [field, component, repetition, escaping, subcomponent];
  return new Set(all).size === all.length ? { field, component, repetition, escaping, subcomponent } : null;
}
