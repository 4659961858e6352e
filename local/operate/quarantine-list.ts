import { formatInstant, formatOptionalInstant } from '../../shared/contracts/instant.ts';
import type { RefusalReason } from '../../shared/contracts/vocabulary.ts';
import { DynamoQuarantineDesk, type QuarantineEntry } from '../../shared/store/dynamo-quarantine-desk.ts';
import { Table } from '../../shared/store/table.ts';
import { bold, dim, padStart, thousands } from '../cli/columns.ts';
import type { Print } from '../cli/print.ts';
import { Counting } from './counting.ts';
import { commandOn, shortened, terminalRows, utcMinute } from './lines.ts';
import { ID_SHOWN, type Selection, type Standing, selected, standingOf } from './quarantine-selection.ts';
import { onTarget, type Target } from './target.ts';

export interface ListOptions extends Omit<Selection, 'ids'> {
  stage?: string;
  limit?: number;
  all?: boolean;
  json?: boolean;
}

interface Listed {
  /** What waits for somebody to do something about it, by reason, the most frequent first. */
  byReason: [RefusalReason, number][];
  /** What was taken in since, or is listed under another reason. */
  done: number;
  /** The newest. */
  entries: QuarantineEntry[];
  /** How many more there are. */
  more: number;
}

export const deskOf = ({ tables: { client, names } }: Pick<Target, 'tables'>): DynamoQuarantineDesk =>
  new DynamoQuarantineDesk(new Table(client, names.operations));

const isDone = (entry: QuarantineEntry): boolean => ['taken_in', 'elsewhere'].includes(standingOf(entry));

/** `loopwatch quarantine list`: what lies in the quarantine, by reason, and the newest of it. Never a body. */
export async function listQuarantine(options: ListOptions, print: Print): Promise<void> {
  const { stage, limit, all = false, json = false, ...selection } = options;
  await onTarget(stage, async (target) => {
    const counting = new Counting('looked at');
    const listed = await listOf(deskOf(target), selection, { limit, all }, counting);
    counting.end();
    if (json) print(JSON.stringify(asData(stage, listed)));
    else print(listText(target.name, listed, options));
  });
}

/** Two lines an item, and what stands around them. */
function fitting(reasons: number): number {
  return Math.max(3, Math.floor((terminalRows() - reasons - 9) / 2));
}

/** Goes through all that is selected and keeps no more of it than it shows. */
async function listOf(
  desk: DynamoQuarantineDesk,
  selection: Selection,
  { limit, all }: { limit: number | undefined; all: boolean },
  counting: Counting,
): Promise<Listed> {
  const counts = new Map<RefusalReason, number>();
  let done = 0;
  let seen = 0;
  let entries: QuarantineEntry[] = [];
  const most = limit ?? fitting(0);
  for await (const page of selected(desk, selection)) {
    for (const entry of page) {
      if (isDone(entry)) done += 1;
      else counts.set(entry.reason, (counts.get(entry.reason) ?? 0) + 1);
    }
    entries = [...entries, ...page.filter((entry) => all || !isDone(entry))]
      .sort((a, b) => b.arrivedAt - a.arrivedAt)
      .slice(0, most);
    seen += page.length;
    counting.show(seen);
  }
  const byReason = [...counts].sort(([, a], [, b]) => b - a);
  const shown = entries.slice(0, limit ?? fitting(byReason.length));
  const open = byReason.reduce((sum, [, count]) => sum + count, 0);
  return { byReason, done, entries: shown, more: open + (all ? done : 0) - shown.length };
}

function asData(stage: string | undefined, { byReason, done, entries, more }: Listed) {
  return {
    stage: stage ?? null,
    counts: Object.fromEntries(byReason),
    done,
    items: entries.map((entry) => ({
      id: entry.quarantineId,
      arrivedAt: formatInstant(entry.arrivedAt),
      reason: entry.reason,
      detail: entry.detail,
      file: entry.file,
      position: entry.position,
      standing: standingOf(entry),
      replayedAt: formatOptionalInstant(entry.replayedAt ?? null),
    })),
    more,
  };
}

const DETAIL_WIDTH = 66;

function listText(where: string, { byReason, done, entries, more }: Listed, { reason, stage }: ListOptions): string {
  const open = byReason.reduce((sum, [, count]) => sum + count, 0);
  const refused = open === 0 ? 'nothing waits in the quarantine' : `${thousands(open)} refused`;
  const taken = done === 0 ? '' : `; ${thousands(done)} more were sent again since and are done (--all)`;
  const figure = thousands(Math.max(0, ...byReason.map(([, count]) => count))).length;
  return [
    `${bold(where)}: ${refused}${taken}`,
    ...byReason.map(([name, count]) => `  ${name.padEnd(14)} ${padStart(thousands(count), figure)}`),
    ...(entries.length === 0 ? [] : ['', dim(`${'id'.padEnd(ID_SHOWN)}  ${'arrived (UTC)'.padEnd(16)}  reason`)]),
    ...entries.flatMap(entryLines),
    ...(more > 0
      ? [
          '',
          `${thousands(more)} older: --limit N lists more${reason === undefined ? ', --reason those of a reason' : ''}.`,
        ]
      : []),
    ...(entries.length === 0
      ? []
      : [
          'Next; `replay` in place of `show` sends it again, `discard` removes it:',
          commandOn(stage, 'quarantine show ID'),
        ]),
  ].join('\n');
}

function entryLines(entry: QuarantineEntry): string[] {
  const { quarantineId, arrivedAt, reason, detail } = entry;
  const place = placeText(entry);
  const head = [quarantineId.slice(0, ID_SHOWN), utcMinute(arrivedAt), reason.padEnd(14), place].join('  ');
  const standing = STANDING_TEXT[standingOf(entry)];
  const note = standing === null ? '' : `[${standing}] `;
  return [shortened(head, 80), `${' '.repeat(ID_SHOWN + 2)}${shortened(`${note}${detail}`, DETAIL_WIDTH)}`];
}

const STANDING_TEXT: Record<Standing, string | null> = {
  refused: null,
  sent_again: 'sent again, not known to be taken in',
  refused_again: 'sent again, refused again',
  taken_in: 'taken in since',
  elsewhere: 'refused for another reason since',
  being_discarded: 'half discarded: discard it again',
};

/** `events.ndjson:3`; what its sender said of where it comes from. */
export function placeText({ file, position }: Pick<QuarantineEntry, 'file' | 'position'>): string {
  return [file, position].filter((part) => part !== null).join(':');
}
