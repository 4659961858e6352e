import { basename } from 'node:path';
import { type Dialects, NO_DIALECTS } from '../../shared/contracts/dialects.ts';
import { isOfDayOnly } from '../../shared/intake/dialects/csv/dates.ts';
import { senderNamed } from '../../shared/intake/dialects/sender.ts';
import { plural } from '../../shared/mail/format-time.ts';
import type { InputLine } from './input-files.ts';

/** A note on exports whose names say a day and no time. Empty: there are none. */
export function dayOnlyNotes(lines: readonly InputLine[], dialects: Dialects = NO_DIALECTS): string[] {
  const files = new Set(
    lines.flatMap(({ file, attributes }) => {
      const mapping = attributes?.dialect === 'csv' ? senderNamed(dialects, attributes.sender ?? '')?.csv : undefined;
      return mapping && isOfDayOnly(mapping, file) ? [file] : [];
    }),
  );
  const [first] = files;
  if (first === undefined) return [];
  const which = files.size === 1 ? basename(first) : `${plural(files.size, 'file')} such as ${basename(first)}`;
  return [
    `${which}: a day and no time in the name, so the export counts as made at midnight, before all of that day. Put the time into the name, as in export_20260302_2300.csv`,
  ];
}
