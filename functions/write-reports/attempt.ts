import { HOUR_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { ReportAttempt } from '../../shared/store/report-store.ts';

/** Clocks of two machines differ, and a function isn't killed on the dot. */
const LEASE_MARGIN_MS = MINUTE_MS;
const FIRST_WAIT_MS = 15 * MINUTE_MS;
const LONGEST_WAIT_MS = 4 * HOUR_MS;

/** What a run with reports due would try. */
interface Due {
  /** When the configuration in force was pushed. */
  push: Instant;
  /** Which reports are due: `weekly 2026-W10`. */
  periods: readonly string[];
}

interface Run {
  /** The scheduled time: waits are counted in it. */
  run: Instant;
  /** The present: leases are counted in it, as a run can be called late. */
  now: Instant;
  /** How much longer this run may take before it is killed. */
  remainingMs: number;
  /** Somebody has mended the cause and doesn't want to wait. */
  again: boolean;
}

/** Why a run leaves the reports alone. */
export type Left = 'leased' | 'waiting';
type Decision = { left: Left; failed: number } | { begin: ReportAttempt };

/**
 * Whether a run with reports due may read all referrals. It may not beside another, nor right after others that didn't
 * finish: those are waited out for 15 minutes, twice as long after each, 4 hours at most. A configuration that was pushed
 * since, and a report that wasn't due then, are tried at once.
 * @param last the latest attempt of all; null if there was none
 * @returns the attempt to note before anything is read, as if it came to nothing: a run that is killed notes nothing more.
 * Else why not, and how many in a row have failed by now
 */
export function decideAttempt(last: ReportAttempt | null, { push, periods }: Due, at: Run): Decision {
  const { run, now, remainingMs, again } = at;
  if (last !== null && now < last.leaseUntil) return { left: 'leased', failed: Math.max(0, last.unfinished - 1) };
  const isSame = last?.push === push && periods.every((period) => last.periods.includes(period));
  const unfinished = isSame ? last.unfinished : 0;
  if (isSame && unfinished > 0 && run < last.retryAt && !again) return { left: 'waiting', failed: unfinished };
  return {
    begin: {
      number: (last?.number ?? 0) + 1,
      leaseUntil: now + remainingMs + LEASE_MARGIN_MS,
      push,
      periods: [...periods],
      unfinished: unfinished + 1,
      retryAt: run + Math.min(FIRST_WAIT_MS * 2 ** unfinished, LONGEST_WAIT_MS),
    },
  };
}
