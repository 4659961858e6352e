import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draftDialect } from '../../../local/cli/dialect-draft.ts';
import type { KnownWords } from '../../../local/draft/known-words.ts';
import { type Dialects, dialectsSchema } from '../../../shared/contracts/dialects.ts';

/** The draft of one export, and what is said beside it. */
export const draft = (text: string | Uint8Array, name = 'referrals_20260302.csv') => draftOf({ [name]: text });

/** The draft of several exports by their names. */
export function draftOf(exports: Record<string, string | Uint8Array>, known: KnownWords | null = null) {
  const folder = mkdtempSync(join(tmpdir(), 'loopwatch-draft-'));
  const printed: string[] = [];
  const remarks: string[] = [];
  try {
    const files = Object.entries(exports).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
    draftDialect(files, { known }, { print: (line) => printed.push(line), remark: (line) => remarks.push(line) });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const dialects: Dialects = dialectsSchema.parse(JSON.parse(printed.join('\n')));
  return { dialects, csv: dialects.senders[0]?.csv, sender: dialects.senders[0], remarks: remarks.join('\n'), printed };
}
/** Remarks on one line. */
export const said = (text: string): string => text.replace(/\s+/g, ' ');

export type Csv = ReturnType<typeof draft>['csv'];
/** Events that a column's values make: type, time and values. */
export const emitsBy = (csv: Csv, column: string): unknown[] =>
  csv?.kind === 'states'
    ? csv.emit.flatMap(({ type, time, when }) => (when?.[column] ? [[type, time, when[column]]] : []))
    : [];

/** Rows of states, with all that a draft can read. */
export const STATES = [
  'Referral ID;Patient Name;DOB;MRN;Created;Urgency;Department;Location;PCP Id;PCP;Scheduled On;Appt Date;Status;Close Reason;Comments',
  'R-1;Example A;02/29/1960;M-1;02/23/2026 10:15;U;CARD;N-4;P1;First;02/25/2026;03/13/2026 14:30;DNA;;Zoë called',
  'R-2;Example B;03/30/1961;M-2;02/24/2026 10:15;2WW;CARD;N-4;P2;Second;;;Closed;Unable to contact;moved away',
  'R-3;Example C;04/30/1962;M-3;02/24/2026 11:15;U;CARD;N-4;P1;First;01/01/1900;;Closed;Unable to contact;',
  'R-4;Example D;05/30/1963;M-4;02/25/2026 11:15;2WW;CARD;N-4;P1;First;02/26/2026;03/14/2026 09:00;DNA;;',
  'R-5;Example E;05/30/1963;M-5;02/25/2026 11:15;Q;CARD;N-4;P1;First;;;Mislaid;;',
  'R-6;Example F;05/30/1963;M-6;02/25/2026 11:15;Q;CARD;N-4;P1;First;;;Mislaid;;',
  'R-7;Example G;05/30/1963;M-7;02/25/2026 11:15;Q;CARD;N-4;P1;First;;;Told R-7 in person;;',
].join('\r\n');
