import type { Config } from '../../shared/contracts/config.ts';
import type { QuarantineRow } from '../../shared/contracts/output.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { attentionLines } from '../dialects/attention-text.ts';
import { type CsvGaps, csvGaps } from '../dialects/csv-gaps.ts';
import { entryLines } from '../dialects/entries-text.ts';
import { type FileGroup, gapLines, headLines, summaryLines } from '../dialects/file-text.ts';
import { wantingEntries } from '../dialects/helpful-entries.ts';
import { memberLines } from '../dialects/member-text.ts';
import { isRow } from '../dialects/places.ts';
import { senderLines } from '../dialects/senders-text.ts';
import { harmless, shownZone } from '../dialects/shown-zone.ts';
import { OUTCOMES, type Tried, type TryConfig, triedUnreadable, tryMessages } from '../dialects/try-messages.ts';
import { unheardLines } from '../dialects/unheard-text.ts';
import { unlistedLines, unlistedPlaces } from '../dialects/unlisted.ts';
import { type ZoneDoubt, zoneDoubts, zoneLines } from '../dialects/zone-doubts.ts';
import { readInput, readingOf } from '../pipeline/input-files.ts';
import { field, WIDTH } from './columns.ts';
import { loadConfig } from './config.ts';
import { countingIn, type NotRead, notReadText } from './not-read.ts';
import type { Print } from './print.ts';

export interface DialectTryOptions {
  config: string;
  dialect?: Dialect;
  sender?: string;
  exportedAt?: number;
  json?: boolean;
  /** Every member whole, however many there are. */
  all?: boolean;
}

/** Members that are shown whole; of more there is a summary. */
const FEW = 5;
/** Files that have a summary each; of more those of a sender have one. */
const FEW_FILES = 3;

/** `loopwatch dialect try FILE...`: what members of files become, how they were tied, and which entries would help. */
export async function tryDialect(paths: string[], options: DialectTryOptions, print: Print): Promise<Tried[]> {
  const { config: folder, json = false, all = false } = options;
  const config = await loadConfig(folder, warn);
  const unreadable: Tried[] = [];
  const refuse = (row: QuarantineRow): void => void unreadable.push(triedUnreadable(row));
  const notRead: NotRead = {};
  const lines = readInput(paths, { config, ...readingOf(options), refuse, leaveOut: countingIn(notRead) });
  const left = notReadText(notRead);
  if (left !== null) warn(`not read ${left}`);
  const sent = [...(await tryMessages(lines, { config, sender: options.sender })), ...unreadable];
  if (sent.some(({ outcome }) => outcome === 'crashed')) process.exitCode = 1;
  if (json) {
    for (const each of sent) print(JSON.stringify(each));
    return sent;
  }
  const tried = harmless(sent);
  const doubts = harmless(zoneDoubts(lines, sent, config));
  for (const line of shownLines(tried, harmless(csvGaps(lines, sent, config)), { config, all, doubts })) print(line);
  print(totalsLine(tried));
  return sent;
}

/** If nothing came of what was refused or of anything else, says so on the error output and makes the command fail. */
export function failForRefused(tried: readonly Tried[]): void {
  const has = (...outcomes: readonly Tried['outcome'][]): boolean =>
    tried.some(({ outcome }) => outcomes.includes(outcome));
  if (!has('refused') || has('translated', 'unmatched')) return;
  console.error('loopwatch: nothing was translated, and some was refused');
  process.exitCode = 1;
}

function warn(line: string): void {
  for (const each of field('', line, WIDTH, 0, 9))
    console.error(each.replace(/^ {9}(warning|not read) +/, (_, label) => label.padEnd(9)));
}

function shownLines(
  tried: readonly Tried[],
  gaps: readonly CsvGaps[],
  { config, all, doubts }: { config: Config; all: boolean; doubts: readonly ZoneDoubt[] },
): string[] {
  const isWhole = all || tried.length <= FEW;
  const files = groupsOf(tried, gaps, config).map((group) => {
    const members = isWhole ? group.tried.flatMap((each) => memberLines(each, group.zone)) : summaryLines(group);
    const body = [...members, ...gapLines(group)];
    // All of it needs a look, and is named there.
    return body.length === 0 ? [] : [...headLines(group), ...body];
  });
  const isOfRows = tried.every(isRow);
  const wanting = wantingEntries(tried, gaps, config);
  const sections = [
    ...files,
    isWhole ? [] : attentionLines(tried, gaps),
    senderLines(tried, config),
    entryLines(wanting, isOfRows, config),
    zoneLines(doubts),
    unlistedLines(unlistedPlaces(tried, config)),
    unheardLines(config),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, '']);
}

function groupsOf(tried: readonly Tried[], gaps: readonly CsvGaps[], config: TryConfig): FileGroup[] {
  const files = new Set(tried.map(({ file }) => file));
  const senderOf = new Map(tried.map(({ file, sender }) => [file, sender]));
  const keyOf = (file: string): string => (files.size <= FEW_FILES ? file : (senderOf.get(file) ?? ''));
  return [...Map.groupBy(files, keyOf).values()].map((own): FileGroup => {
    const inGroup = new Set(own);
    const isOwn = ({ file }: { file: string }): boolean => inGroup.has(file);
    const zone = shownZone(senderOf.get(own[0] ?? '') ?? null, config);
    return { files: own, tried: tried.filter(isOwn), gaps: gaps.filter(isOwn), zone };
  });
}

/** `N translated, N passed over, N refused, N unmatched, N crashed`. */
export function totalsLine(tried: readonly Tried[]): string {
  const counts = OUTCOMES.map((outcome) => `${tried.filter((each) => each.outcome === outcome).length} ${outcome}`);
  return counts.join(', ');
}
