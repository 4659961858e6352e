import { plainCode } from '../../contracts/code-text.ts';
import type { CrosswalkName } from '../../contracts/dialects.ts';
import { type Coding, writtenAs } from './coding.ts';
import type { Unmapped } from './member.ts';
import type { Sender } from './sender.ts';

/** How the words of a field are found. */
interface Field<W extends string> {
  /** Event type and field, such as `referral.received.priority`. */
  field: string;
  /** The words of the contract, in which case doesn't matter. Absent: any text. */
  words?: readonly W[];
  /** Words of a standard that mean one of the contract, in small letters, after the sender's own entries. */
  standard?: Readonly<Record<string, W>>;
}

/**
 * The sender's words in those of the contract, and what had no entry. One for each member: it collects what it couldn't map.
 */
export class Crosswalks {
  readonly unmapped: Unmapped[] = [];
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Notes a value that was guessed, or has no entry. */
  note(field: string, value: string): void {
    this.unmapped.push({ field, value });
  }

  /**
   * A word of an enumeration: by the sender's entry, else the contract's own, else a standard's. Null: none of them, and it
   * is noted, or there is no code at all; the caller has the default.
   */
  word<W extends string>(name: CrosswalkName, codings: readonly Coding[], options: Field<W>): W | null {
    const [first] = codings;
    if (!first) return null;
    const { words = [], standard = {} } = options;
    const entry = this.entry(name, codings);
    const known = typeof entry === 'string' ? entry : null;
    for (const text of [...(known === null ? [] : [known]), ...codings.flatMap(writtenAs)]) {
      const lower = text.toLowerCase();
      const word = words.find((each) => each.toLowerCase() === lower);
      if (word !== undefined) return word;
      if (Object.hasOwn(standard, lower)) return standard[lower] as W;
    }
    this.note(options.field, first.code);
    return null;
  }

  /** A value of the sender's own: by its entry, else as it was sent, which is noted. Null: there is no code. */
  own(name: Exclude<CrosswalkName, 'practice'>, codings: readonly Coding[], field: string): string | null {
    const [first] = codings;
    if (!first) return null;
    const entry = this.entry(name, codings);
    if (typeof entry === 'string') return entry;
    this.note(field, first.code);
    return first.code;
  }

  /** What a crosswalk has for the first of some codes that it knows. Null: nothing. */
  entry(name: CrosswalkName, codings: readonly Coding[]): Entry | null {
    const table = this.#sender.crosswalks?.[name];
    if (!table) return null;
    const index = indexOf(table);
    for (const text of codings.flatMap(writtenAs)) {
      const found = index.get(text);
      if (found !== undefined) return found;
    }
    return null;
  }
}

type Entry = string | { id: string; name?: string | undefined };

/** Tables by their codes in small letters: a file looks thousands of codes up in tables of hundreds. */
const indexes = new WeakMap<object, ReadonlyMap<string, Entry>>();

function indexOf(table: Readonly<Record<string, Entry>>): ReadonlyMap<string, Entry> {
  const known = indexes.get(table);
  if (known) return known;
  const entries = Object.entries(table);
  const written = entries.map(([code, entry]): [string, Entry] => [code.trim().toLowerCase(), entry]);
  const plain = entries.map(([code, entry]): [string, Entry] => [plainCode(code), entry]);
  // Of two that are one code the first counts; `config validate` finds them.
  const index = new Map([...written, ...plain].toReversed());
  indexes.set(table, index);
  return index;
}
