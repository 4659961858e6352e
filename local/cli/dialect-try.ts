import { basename } from 'node:path';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { OUTCOMES, type Outcome, type Tried, tryMessages } from '../dialects/try-messages.ts';
import { readInput } from '../pipeline/input-files.ts';
import { bold, dim, field, green, padEnd, red, WIDTH, yellow } from './columns.ts';
import { loadConfig } from './config.ts';
import type { Print } from './print.ts';

export interface DialectTryOptions {
  config: string;
  dialect?: Dialect;
  exportedAt?: number;
  json?: boolean;
  /** Every member, however many there are. */
  all?: boolean;
}

/** Members shown before the rest is only counted. */
const MOST_SHOWN = 25;
const MOST_ENTRIES = 30;

/** `loopwatch dialect try FILE...`: what each member of files becomes, how it was tied, and which entries would help. */
export async function tryDialect(paths: string[], options: DialectTryOptions, print: Print): Promise<void> {
  const config = await loadConfig(options.config, (line) => console.error(line));
  const { dialect, exportedAt, json = false, all = false } = options;
  const reading = { config, ...(dialect && { dialect }), ...(exportedAt !== undefined && { exportedAt }) };
  const tried = await tryMessages(readInput(paths, reading), reading);
  if (json) {
    for (const each of tried) print(JSON.stringify(each));
    return;
  }
  const shown = all ? tried : tried.slice(0, MOST_SHOWN);
  let file = '';
  for (const each of shown) {
    if (each.file !== file) print(bold(basename(each.file)));
    file = each.file;
    for (const line of memberLines(each)) print(line);
  }
  if (shown.length < tried.length)
    print(dim(`and ${plural(tried.length - shown.length, 'more member')}: --all shows them`));
  for (const line of entryLines(tried)) print(line);
  print(totalsLine(tried));
  if (tried.some(({ outcome }) => outcome === 'crashed')) process.exitCode = 1;
}

const COLORS: Record<Outcome, (text: string) => string> = {
  translated: green,
  'passed over': dim,
  refused: red,
  unmatched: yellow,
  crashed: red,
};

function memberLines(tried: Tried): string[] {
  const { position, kind, sender, outcome, events, referralId, tiedBy, keys, unmapped, missing, why } = tried;
  const head = `  ${padEnd(String(position), 5)} ${padEnd(kind, 20)} ${COLORS[outcome](outcome)}`;
  const from = sender === null ? '' : dim(`  ${sender}`);
  const said = events.flatMap(({ type, time, row, data }) => [
    ...field(type, `${time}${row === null ? '' : ` by ${row}`}`, WIDTH, 8, 24),
    ...field('', dataText(data), WIDTH, 8, 24),
  ]);
  const about =
    referralId === null
      ? keys.length > 0 && field('waits for', keys.join(', '), WIDTH, 8)
      : field('referral', `${referralId}, by ${tiedBy ?? 'another member'}`, WIDTH, 8);
  return [
    `${head}${from}`,
    ...(why === null ? [] : field('because', why, WIDTH, 8)),
    ...said,
    ...(about || []),
    ...(missing.length > 0 ? field('missing', missing.join(', '), WIDTH, 8) : []),
    ...(unmapped.length > 0
      ? field('no entry', unmapped.map(({ field, value }) => `${field} "${value}"`).join(', '), WIDTH, 8)
      : []),
  ];
}

const dataText = (data: unknown): string => {
  const text = JSON.stringify(data);
  return text === '{}' ? '' : text.replaceAll(',"', ', "');
};

/** What entries of `dialects.json` would say what was guessed or went through as sent, the most frequent first. */
function entryLines(tried: readonly Tried[]): string[] {
  const all = tried.flatMap(({ sender, unmapped }) => unmapped.map((each) => ({ sender, ...each })));
  if (all.length === 0) return [];
  const same = Map.groupBy(all, ({ sender, field, value }) => JSON.stringify([sender, field, value]));
  const counted = [...same.values()].sort((a, b) => b.length - a.length);
  const lines = counted.slice(0, MOST_ENTRIES).flatMap((each) => {
    const { sender, field: name, value } = each[0] as (typeof all)[number];
    return field(`${each.length} x`, `${sender}: ${name} "${value}" - ${helpFor(name)}`, WIDTH, 2, 8);
  });
  const more = counted.length - MOST_ENTRIES;
  return [
    '',
    bold('Entries of dialects.json that would help'),
    ...lines,
    ...(more > 0 ? [dim(`  and ${more} more`)] : []),
  ];
}

const CROSSWALKS: Record<string, string> = {
  reason: 'close, decline, pause or cancel',
  by: 'cancel',
  'practice.id': 'practice',
};

function helpFor(fieldName: string): string {
  const last = fieldName.split('.').slice(2).join('.') || (fieldName.split('.').at(-1) ?? '');
  if (last === 'role') return 'say whether its documents arrive at the referring or the receiving side';
  if (/time|zone/i.test(last)) return 'say the timeZone of the sender';
  return `an entry in crosswalks.${CROSSWALKS[last] ?? last}`;
}

/** `N translated, N passed over, N refused, N unmatched, N crashed`. */
export function totalsLine(tried: readonly Tried[]): string {
  const counts = OUTCOMES.map((outcome) => `${tried.filter((each) => each.outcome === outcome).length} ${outcome}`);
  return counts.join(', ');
}
