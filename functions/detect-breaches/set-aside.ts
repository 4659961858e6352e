import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { chunksOf, settleEach } from '../../shared/platform/concurrency.ts';
import { errorName, type Log } from '../../shared/platform/logger.ts';
import { MARGIN_MS } from '../../shared/platform/sweep.ts';
import type { SetAsideStore } from '../../shared/store/set-aside-store.ts';

interface Deps {
  setAsides: SetAsideStore;
  log: Log;
}

const CHUNK = 100;
/** Between two runs. */
const QUARTER_MS = 15 * MINUTE_MS;
const AT_ONCE = 16;
/** If so many fail and none succeeds, it isn't the referrals. */
export const TOO_MANY = 10;

/**
 * Tries again what is set aside, for as long as there is time. What succeeds is set aside no more.
 * @returns how many are left
 */
export async function tryAgain(
  { run, remainingMs }: { run: Instant; remainingMs: () => number },
  attempt: (referralId: string) => Promise<unknown>,
  { setAsides, log }: Deps,
): Promise<number> {
  const aside = await setAsides.all();
  const errors: unknown[] = [];
  let succeeded = 0;
  for (const chunk of chunksOf(rotated(aside, run), CHUNK)) {
    if (remainingMs() < MARGIN_MS) break;
    const results = await settleEach(chunk, AT_ONCE, async (each) => {
      await attempt(each.referralId);
      return (await setAsides.takeBack(each, run)) === 'written';
    });
    errors.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
    succeeded += results.filter((result) => result.status === 'fulfilled' && result.value).length;
  }
  if (aside.length > 0) {
    log.warn('SET_ASIDE_TRIED', { succeeded, failed: errors.length, error: errorName(new AggregateError(errors)) });
  }
  return aside.length - succeeded;
}

/** A list that begins elsewhere in each run, so that what there is no time for comes first some other time. */
function rotated<T>(referralIds: readonly T[], run: Instant): T[] {
  const start = referralIds.length === 0 ? 0 : (Math.floor(run / QUARTER_MS) * CHUNK) % referralIds.length;
  return [...referralIds.slice(start), ...referralIds.slice(0, start)];
}
