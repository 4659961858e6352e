import { formatInstant } from '../../shared/contracts/instant.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import type { QuarantineEntry } from '../../shared/store/dynamo-quarantine-desk.ts';
import { bold, dim, field } from '../cli/columns.ts';
import type { Print } from '../cli/print.ts';
import { utcMinute } from './lines.ts';
import { deskOf, placeText } from './quarantine-list.ts';
import { standingOf, withId } from './quarantine-selection.ts';
import { onTarget } from './target.ts';

export interface ShowOptions {
  stage?: string;
  json?: boolean;
}

/** `loopwatch quarantine show ID`: a refused message with its body, which is about a patient. */
export async function showQuarantined(id: string, { stage, json = false }: ShowOptions, print: Print): Promise<void> {
  await onTarget(stage, async (target) => {
    const desk = deskOf(target);
    for (const entry of await withId(desk, id)) {
      const body = await desk.body(entry);
      if (json) print(withoutControls(JSON.stringify({ ...dataOf(entry), body })));
      else print([...entryLines(entry), ...bodyLines(body)].join('\n'));
    }
  });
}

function dataOf({
  quarantineId,
  reason,
  detail,
  dialect,
  arrivedAt,
  refusedAt,
  file,
  position,
  ...more
}: QuarantineEntry) {
  return {
    id: quarantineId,
    reason,
    detail,
    dialect,
    arrivedAt: formatInstant(arrivedAt),
    refusedAt: formatInstant(refusedAt),
    keptUntil: formatInstant(more.expiresAt * 1000),
    file,
    position,
    standing: standingOf({ quarantineId, reason, detail, dialect, arrivedAt, refusedAt, file, position, ...more }),
  };
}

function entryLines(entry: QuarantineEntry): string[] {
  const { quarantineId, reason, detail, arrivedAt, refusedAt, expiresAt, replayedAt, refusedAgainAt, takenAt } = entry;
  const add = (label: string, text: string): string[] => field(label, withoutControls(text), 80);
  const at = (instant: number): string => `${utcMinute(instant)} UTC`;
  const place = placeText(entry);
  return [
    bold(quarantineId),
    ...add('reason', reason),
    ...add('detail', detail),
    ...add('arrived', at(arrivedAt)),
    ...(refusedAt - arrivedAt < 60_000 ? [] : add('refused', at(refusedAt))),
    ...(place === '' ? [] : add('place', place)),
    ...(replayedAt === undefined ? [] : add('sent again', at(replayedAt))),
    ...(refusedAgainAt === undefined ? [] : add('refused', `again, ${at(refusedAgainAt)}`)),
    ...(takenAt === undefined ? [] : add('taken in', at(takenAt))),
    ...(entry.refusedAs === undefined
      ? []
      : add('since then', `refused as ${entry.refusedAs}, and kept under that too`)),
    ...add('kept until', at(expiresAt * 1000)),
  ];
}

function bodyLines(body: string | null): string[] {
  if (body === null)
    return ['', 'Its body is being discarded: run `npx loopwatch quarantine discard` again to finish.'];
  return ['', dim("Body. It is about a patient: don't copy it into tickets or chats."), ...visible(body)];
}

/** JSON laid out; what commands a terminal is written out. */
function visible(body: string): string[] {
  let text = body;
  try {
    text = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Not JSON: as it came.
  }
  return text.split('\n').map(withoutControls);
}
