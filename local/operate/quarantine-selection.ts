import type { Instant } from '../../shared/contracts/instant.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../shared/contracts/vocabulary.ts';
import type { DynamoQuarantineDesk, QuarantineEntry } from '../../shared/store/dynamo-quarantine-desk.ts';
import { UsageError } from './usage-error.ts';

/** Which refused messages a command means. */
export interface Selection {
  ids?: readonly string[];
  reason?: RefusalReason;
  /** Arrived in [since, until). */
  since?: Instant;
  until?: Instant;
}

/** As many characters of an id as a list shows: among 100,000 items two rarely begin alike. */
export const ID_SHOWN = 10;
const FEWEST = 4;

/** Where a message stands that was refused. */
export type Standing = 'refused' | 'sent_again' | 'refused_again' | 'taken_in' | 'elsewhere' | 'being_discarded';

/** Where it stands, as far as was noted. `elsewhere`: it was refused for another reason since, and is kept under that. */
export function standingOf(entry: QuarantineEntry): Standing {
  if (entry.discardedAt !== undefined) return 'being_discarded';
  if (entry.takenAt !== undefined) return 'taken_in';
  if (entry.refusedAs !== undefined) return 'elsewhere';
  if (entry.replayedAt === undefined) return 'refused';
  return entry.refusedAgainAt === undefined ? 'sent_again' : 'refused_again';
}

/** @throws UsageError unless ids or a reason say what is meant: nobody means all by leaving that out */
export function assertSelected({ ids = [], reason }: Selection): void {
  if (ids.length > 0 && reason !== undefined) throw new UsageError('give ids or --reason, not both');
  if (ids.length === 0 && reason === undefined) throw new UsageError('say which: their ids, or --reason');
}

/** What is selected, page by page. Without ids and reason: everything. Throws if an id is unknown or not unique. */
export async function* selected(desk: DynamoQuarantineDesk, selection: Selection): AsyncGenerator<QuarantineEntry[]> {
  const { ids = [], reason, since = -Infinity, until = Infinity } = selection;
  const isMeant = ({ arrivedAt }: QuarantineEntry): boolean => arrivedAt >= since && arrivedAt < until;
  if (ids.length > 0) {
    yield (await withIds(desk, ids)).filter(isMeant);
    return;
  }
  for (const each of reason === undefined ? REFUSAL_REASONS : [reason]) {
    for await (const page of desk.pages(each)) yield page.filter(isMeant);
  }
}

/** The entries of one id, newest first: the same message may have been refused for several reasons. */
export async function withId(desk: DynamoQuarantineDesk, id: string): Promise<QuarantineEntry[]> {
  if (!/^[0-9a-f]+$/.test(id) || id.length < FEWEST) {
    throw new UsageError(
      `${id}: expected an id as \`npx loopwatch quarantine list\` shows it, or its first ${FEWEST} digits or more`,
    );
  }
  const found = await desk.startingWith(id);
  if (found.length === 0) throw new Error(`${id}: nothing in the quarantine has this id; it may have been discarded`);
  const distinct = new Set(found.map(({ quarantineId }) => quarantineId));
  if (distinct.size > 1) throw new Error(`${id}: ${distinct.size} ids begin like this; give more of it`);
  return found.sort((a, b) => b.refusedAt - a.refusedAt);
}

async function withIds(desk: DynamoQuarantineDesk, ids: readonly string[]): Promise<QuarantineEntry[]> {
  const found: QuarantineEntry[] = [];
  for (const id of new Set(ids)) found.push(...(await withId(desk, id)));
  return [...new Map(found.map((entry) => [`${entry.reason} ${entry.quarantineId}`, entry])).values()];
}
