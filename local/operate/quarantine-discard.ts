import { plural } from '../../shared/mail/format-time.ts';
import { chunksOf, forEach } from '../../shared/platform/concurrency.ts';
import type { QuarantineEntry } from '../../shared/store/dynamo-quarantine-desk.ts';
import type { Print } from '../cli/print.ts';
import { confirmed } from './confirm.ts';
import { Counting } from './counting.ts';
import { deskOf } from './quarantine-list.ts';
import { assertSelected, type Selection, selected, standingOf } from './quarantine-selection.ts';
import { onTarget, type Target } from './target.ts';

export interface DiscardOptions extends Selection {
  stage?: string;
  /** Only what is known to have been taken in since. */
  taken?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

const AT_ONCE = 8;

/** `loopwatch quarantine discard`: removes refused messages with their bodies. Figures go on counting them. */
export async function discardQuarantined(options: DiscardOptions, print: Print): Promise<void> {
  const { stage, taken = false, dryRun = false, yes = false, json = false, ...selection } = options;
  assertSelected(selection);
  const done = await onTarget(stage, async (target) => {
    const found = await countOf(target, selection, taken);
    if (dryRun || found === 0) return { dryRun, found, discarded: 0 };
    const what = `Discard ${plural(found, 'message')} of ${target.name} for good`;
    if (!(await confirmed(what, yes))) return { dryRun, found, discarded: 0 };
    return { dryRun, found, discarded: await discardAll(target, selection, { taken, found }) };
  });
  print(json ? JSON.stringify(done) : discardText(done));
}

function discardText({ dryRun, found, discarded }: { dryRun: boolean; found: number; discarded: number }): string {
  if (found === 0) return 'Nothing to discard.';
  if (dryRun) return `Would discard ${plural(found, 'message')} for good.`;
  return discarded === 0 ? 'Nothing discarded.' : `Discarded ${plural(discarded, 'message')}.`;
}

const isMeant = (entry: QuarantineEntry, taken: boolean): boolean => !taken || standingOf(entry) === 'taken_in';

async function countOf(target: Target, selection: Selection, taken: boolean): Promise<number> {
  const counting = new Counting('looked at');
  let count = 0;
  for await (const page of selected(deskOf(target), selection)) {
    count += page.filter((entry) => isMeant(entry, taken)).length;
    counting.show(count);
  }
  counting.end();
  return count;
}

/** Discards what is selected. Doing it again finishes what was left half done. @returns how many it removed */
export async function discardAll(
  target: Target,
  selection: Selection,
  { taken, found }: { taken: boolean; found: number },
): Promise<number> {
  const counting = new Counting('discarded', found);
  let discarded = 0;
  for await (const page of selected(deskOf(target), selection)) {
    for (const entries of chunksOf(
      page.filter((entry) => isMeant(entry, taken)),
      AT_ONCE,
    )) {
      const written = await forEach(entries, AT_ONCE, (entry) => deskOf(target).discard(entry, target.now));
      discarded += written.filter((each) => each === 'written').length;
      counting.show(discarded);
    }
  }
  counting.end();
  return discarded;
}
