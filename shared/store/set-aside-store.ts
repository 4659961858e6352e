import * as z from 'zod';
import { type Instant, instant } from '../contracts/instant.ts';
import { forEach } from '../platform/concurrency.ts';
import { logFailure } from '../platform/failure.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import { errorName, type Log } from '../platform/logger.ts';
import type { Written } from './conditional-write.ts';

/** A referral that nobody can compute on: what is stored of it can't be read, or computing on it throws. */
const metAside = z.object({
  referralId: z.string(),
  /** Which function met it first. */
  by: z.string(),
  /** What it threw, with nothing of what was read. */
  error: z.string(),
  /** When that function met it first. */
  since: instant,
});
export type MetAside = z.output<typeof metAside>;

/** A referral that is set aside, as it is noted. */
export const setAside = metAside.extend({
  /** What the note is found by. */
  id: z.string(),
  /** How often it was met. It counts on even if it is taken back meanwhile, so it tells whether it was met since it was read. */
  met: z.number().default(0),
  /** When it was met last. Absent: an earlier release noted it. */
  metAt: instant.optional(),
});
export type SetAside = z.output<typeof setAside>;

/** Functions whose work on a referral detection repeats: it says whether that succeeds now. */
export const REPEATED_BY_DETECTION: readonly string[] = ['detect-breaches', 'ingest-events'];

/** Whether it was met where detection fails, too: the referral's deadlines aren't watched. */
export const isUnwatched = ({ by }: Pick<SetAside, 'by'>): boolean => REPEATED_BY_DETECTION.includes(by);

/**
 * Referrals that are set aside, so that they hold up no other: in one place, until they can be computed on again. One has
 * a note for detection and the functions whose work it repeats, and one for each other function that met it.
 */
export interface SetAsideStore {
  /** Notes that a referral was met; if it is set aside already, `by` and `since` stay as they were noted first. */
  put(aside: MetAside): Promise<void>;
  /** Takes a note back, on condition that nobody has met the referral since the note was read. */
  takeBack(read: Pick<SetAside, 'id' | 'met'>, now: Instant): Promise<Written>;
  /**
   * All notes.
   * @param onUnreadable is told of each that can't be read, and it is left out; without it one such fails all
   */
  all(onUnreadable?: (error: LastingError) => void): Promise<SetAside[]>;
}

/** The referrals that are set aside by these notes, each once, and since when. */
export function referralsAside(notes: readonly SetAside[]): Pick<SetAside, 'referralId' | 'since'>[] {
  const byReferral = Map.groupBy(notes, ({ referralId }) => referralId);
  return [...byReferral].map(([referralId, own]) => ({
    referralId,
    since: Math.min(...own.map(({ since }) => since)),
  }));
}

const AT_ONCE = 8;

/**
 * Sets referrals aside, and logs that with their hashes.
 * @param failed by referral, what was thrown
 * @param met which function met them, and when
 */
export async function setAsideAll(
  failed: Iterable<readonly [referralId: string, error: unknown]>,
  { by, now }: { by: string; now: Instant },
  { setAsides, log }: { setAsides: Pick<SetAsideStore, 'put'>; log: Log },
): Promise<void> {
  await forEach(failed, AT_ONCE, async ([referralId, error]) => {
    await logFailure(log, 'REFERRAL_SET_ASIDE', error, { referralId });
    await setAsides.put({ referralId, by, error: errorName(error), since: now });
  });
}

/** If so many fail and none succeeds, it isn't the referrals. */
const TOO_MANY = 10;
export const isNotTheReferrals = (failed: number, succeeded: number): boolean => failed >= TOO_MANY && succeeded === 0;

/**
 * Sets aside what failed in a run over many referrals, unless so many failed and none succeeded that it isn't the
 * referrals. What is set aside already proves nothing: it fails every time.
 * @param succeeded how many didn't fail
 * @returns what was thrown, if nothing is set aside: the run has to fail with it
 */
export async function setAsideUnlessAll(
  failed: ReadonlyMap<string, unknown>,
  succeeded: number,
  met: { by: string; now: Instant },
  deps: { setAsides: Pick<SetAsideStore, 'put' | 'all'>; log: Log },
): Promise<unknown[]> {
  if (failed.size === 0) return [];
  const known = new Set((await deps.setAsides.all(() => {})).map(({ referralId }) => referralId));
  const news = [...failed].filter(([referralId]) => !known.has(referralId));
  if (isNotTheReferrals(news.length, succeeded)) return news.map(([, error]) => error);
  await setAsideAll(failed, met, deps);
  return [];
}
