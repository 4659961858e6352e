import { dateFormat, fileDate, isoDate, type ReadDate, type WrittenDate } from '../../../contracts/date-format.ts';
import type { CsvMapping } from '../../../contracts/dialects.ts';
import { MOST_NAME_CHARACTERS } from '../../../contracts/file-name-pattern.ts';
import type { Sender } from '../sender.ts';
import { isSentinel, type Placed, place, sentinelsOf } from '../zoned-time.ts';

/** A date of a row: when it is, and how it was written. */
export interface RowDate extends Placed {
  /** The day if the text says no time of day, as `2026-03-02`. */
  day: string | null;
}

/** Reads the dates of one sender's rows: by the formats of its mapping, in order, else by ISO 8601. */
export class Dates {
  readonly #sender: Sender;
  /** What a cell that can't be read as a date should have been. Its formats are the configuration's own. */
  readonly expected: string;
  /** The organization's time zone: the last resort. */
  readonly ofOrganization: string;
  readonly #readers: readonly ReadDate[];
  /** Exports say the same few dates again and again. */
  readonly #known = new Map<string, RowDate | null>();
  readonly #none = new Map<string, boolean>();
  /** Days that mean that there is none, as `1900-01-01`. */
  readonly #noDays: ReadonlySet<string>;

  /** @param ofOrganization its time zone */
  constructor(sender: Sender, formats: readonly string[], ofOrganization: string) {
    this.#sender = sender;
    this.expected = expectedOf(formats);
    this.ofOrganization = ofOrganization;
    this.#readers = [...formats.flatMap((format) => dateFormat(format) ?? []), isoDate];
    this.#noDays = new Set(sentinelsOf(sender).flatMap((text) => this.#dayOf(text) ?? []));
  }

  /** Whether a cell says that there is no date, however it writes the day, at whatever time of it. */
  isNone(text: string): boolean {
    const known = this.#none.get(text);
    if (known !== undefined) return known;
    const isNone = isSentinel(text, this.#sender) || this.#noDays.has(this.#dayOf(text) ?? '');
    this.#none.set(text, isNone);
    return isNone;
  }

  /** Null: the text isn't written in any of the formats, or there is no such date. */
  read(text: string): RowDate | null {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const written = this.#written(text);
    const date = written && this.placed(written);
    this.#known.set(text, date);
    return date;
  }

  placed({ local, offset, hasTime }: WrittenDate): RowDate | null {
    try {
      const zones = { sender: this.#sender, ofMessage: null, ofOrganization: this.ofOrganization };
      return { ...place(local, offset, zones), day: hasTime ? null : local.toPlainDate().toString() };
    } catch {
      // An offset of 99 hours is written like one.
      return null;
    }
  }

  #dayOf(text: string): string | null {
    return this.#written(text)?.local.toPlainDate().toString() ?? null;
  }

  #written(text: string): WrittenDate | null {
    for (const read of this.#readers) {
      const date = read(text);
      if (date) return date;
    }
    return null;
  }
}

const MOST_FORMATS = 5;

function expectedOf(formats: readonly string[]): string {
  if (formats.length === 0) return 'expected a date as ISO 8601 writes it, as csv.dates of its sender has no format';
  const more = formats.length - MOST_FORMATS;
  const named = `${formats.slice(0, MOST_FORMATS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `expected a date as csv.dates of its sender has it, ${named}, or as ISO 8601 writes it`;
}

/** The instant of an export by the name of its file. Null: the mapping doesn't look there, or the name says none. */
export function exportedByName(mapping: CsvMapping, file: string | null, dates: Dates): Placed | null {
  const written = dateInName(mapping, file);
  return written && dates.placed(written);
}

/** Whether the name of a file says on which day its export was made, and not when: then it counts as made at midnight. */
export const isOfDayOnly = (mapping: CsvMapping, file: string): boolean => dateInName(mapping, file)?.hasTime === false;

function dateInName({ exportedAt }: CsvMapping, file: string | null): WrittenDate | null {
  if (!exportedAt || !('fileName' in exportedAt) || file === null) return null;
  const name = file.split(/[/\\]/).at(-1) ?? '';
  const text = name.length > MOST_NAME_CHARACTERS ? null : new RegExp(exportedAt.fileName).exec(name)?.[1];
  return text ? fileDate(text) : null;
}
