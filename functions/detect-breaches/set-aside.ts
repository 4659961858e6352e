import { HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { chunksOf, forEach, settleEach } from '../../shared/platform/concurrency.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { errorName, type Log } from '../../shared/platform/logger.ts';
import { MARGIN_MS } from '../../shared/platform/sweep.ts';
import { isUnwatched, type SetAside, type SetAsideStore, setAsideAll } from '../../shared/store/set-aside-store.ts';
import type { Rebuilt } from './rebuild-referral.ts';

interface Deps {
  setAsides: SetAsideStore;
  log: Log;
}

const CHUNK = 100;
/** Between two runs. */
const QUARTER_MS = 15 * MINUTE_MS;
const AT_ONCE = 16;
/** By then a function that failed on a referral in a daily mail or a nightly run would have met it again. */
const MET_AGAIN_MS = 26 * HOUR_MS;

/**
 * Tries again what is set aside, for as long as there is time, and takes back what is over.
 * @param asides the notes as they were read before; of what was met since none is taken back
 * @param attempt makes a referral anew and looks at it
 * @returns how many referrals are left
 */
export async function tryAgain(
  { run, remainingMs }: { run: Instant; remainingMs: () => number },
  asides: readonly SetAside[],
  attempt: (referralId: string) => Promise<Rebuilt>,
  { setAsides, log }: Deps,
): Promise<number> {
  const notes = Map.groupBy(asides, ({ referralId }) => referralId);
  const unwatched = new Map<string, unknown>();
  const errors: unknown[] = [];
  let succeeded = 0;
  for (const chunk of chunksOf(rotated([...notes], run), CHUNK)) {
    if (remainingMs() < MARGIN_MS) break;
    const results = await settleEach(chunk, AT_ONCE, async ([referralId, own]) => {
      try {
        return await takeBack(own, await attempt(referralId), run, setAsides);
      } catch (error) {
        if (error instanceof LastingError && !own.some(isUnwatched)) unwatched.set(referralId, error);
        throw error;
      }
    });
    errors.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
    succeeded += results.filter((result) => result.status === 'fulfilled' && result.value).length;
  }
  // Only others had met these: now it is known that their deadlines aren't watched either.
  await setAsideAll(unwatched, { by: 'detect-breaches', now: run }, { setAsides, log });
  const left = notes.size - succeeded;
  if (notes.size > 0) {
    log.warn('SET_ASIDE_TRIED', {
      succeeded,
      left,
      failed: errors.length,
      error: errorName(new AggregateError(errors)),
    });
  }
  return left;
}

/** Takes back the notes of a referral that are over. @returns whether it is set aside no more */
async function takeBack(
  notes: readonly SetAside[],
  rebuilt: Rebuilt,
  run: Instant,
  setAsides: SetAsideStore,
): Promise<boolean> {
  const over = notes.filter((note) => isOver(note, rebuilt, run));
  const back = await forEach(over, over.length, (note) => setAsides.takeBack(note, run));
  return back.filter((written) => written === 'written').length === notes.length;
}

/**
 * Whether a note says nothing any more of a referral that detection could compute on. What another function failed on
 * may fail there still, unless what is stored was wrong: it is over once that function hasn't met it again.
 */
function isOver(note: SetAside, rebuilt: Rebuilt, run: Instant): boolean {
  if (isUnwatched(note)) return true;
  switch (rebuilt) {
    case 'rebuilt':
    case 'absent':
    case 'retired':
      return true;
    case 'unchanged':
    case 'refolded':
      return (note.metAt ?? note.since) <= run - MET_AGAIN_MS;
  }
}

/** A list that begins elsewhere in each run, so that what there is no time for comes first some other time. */
function rotated<T>(list: readonly T[], run: Instant): T[] {
  const start = list.length === 0 ? 0 : (Math.floor(run / QUARTER_MS) * CHUNK) % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
