import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { dialectsSchema } from '../../shared/contracts/dialects.ts';
import { translateCsv } from '../../shared/intake/dialects/csv/translate-csv.ts';
import { type Draft, draftMapping } from '../draft/draft-mapping.ts';
import { guessText } from '../draft/guess-text.ts';
import { wrap } from './columns.ts';
import type { Print } from './print.ts';

export interface DraftOptions {
  sender?: string;
}

/** Rows that the draft is tried on. */
const TRIED_ROWS = 1_000;
const WIDTH = 78;

/**
 * `loopwatch dialect draft FILE`: prints a `dialects.json` to start from, and says beside it what was guessed and what a
 * person has to fill in. Of the file it shows the names of columns, values of coded columns that come more than once, and
 * words for statuses that it knows.
 * @param remark takes lines that don't belong to the file
 */
export function draftDialect(
  file: string,
  { sender }: DraftOptions,
  { print, remark }: { print: Print; remark: Print },
) {
  const guessed = guessText(readFileSync(file));
  const draft = draftMapping(file, sender ?? basename(file, extname(file)).replace(/[-_ ]*\d[\d_T-]*$/, ''), guessed);
  for (const line of remarks(file, draft, tried(file, draft, guessed.table.head.text, guessed.table.rows)))
    remark(line);
  print(JSON.stringify(draft.dialects, null, 2));
}

/** What becomes of the first rows with the draft as it is. */
function tried(file: string, { dialects }: Draft, head: string, rows: readonly { text: string }[]): string[] {
  const body =
    head +
    rows
      .slice(0, TRIED_ROWS)
      .map(({ text }) => text)
      .join('');
  const [{ name }] = dialects.senders;
  const origin = {
    dialect: 'csv',
    sender: name,
    file: basename(file),
    position: 1,
    exportedAt: 0,
    arrivedAt: 0,
  } as const;
  const members = translateCsv(body, { dialects: dialectsSchema.parse(dialects), timeZone: 'UTC', origin });
  const count = (outcome: string): number => members.filter((member) => member.outcome === outcome).length;
  const refusals = new Map<string, number>();
  for (const member of members) {
    if (member.outcome === 'refused') refusals.set(member.detail, (refusals.get(member.detail) ?? 0) + 1);
  }
  const of = `Tried on ${Math.min(rows.length, TRIED_ROWS)} rows: ${count('translated')} translated, ${count('passed_over')} passed over, ${count('refused')} refused.`;
  return [of, ...[...refusals].slice(0, 5).map(([detail, times]) => `Refused ${times}: ${detail}.`)];
}

function remarks(file: string, { guessed, todo, codes }: Draft, outcome: readonly string[]): string[] {
  const paragraph = (text: string, mark: string): string[] =>
    wrap(text.split(' '), WIDTH - mark.length).map(
      (line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line,
    );
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.flatMap((line) => paragraph(line, '  - ')), ''];
  const lists = codes.map(({ column, values, notShown }) => {
    const shown = values.map(([value, times]) => `${value} (${times})`).join(', ');
    return `${column}: ${[shown, notShown === 0 ? '' : `${notShown} more, not shown`].filter(Boolean).join('; ')}`;
  });
  return [
    ...paragraph(`Draft for ${basename(file)}. Read it before you use it.`, ''),
    '',
    ...section('What was guessed', guessed),
    ...section('Values of coded columns', lists),
    ...section('What you have to look at', todo),
    ...section('With this draft', outcome),
  ];
}
