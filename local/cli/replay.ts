import type { Instant } from '../../shared/contracts/instant.ts';
import type { QuarantineRow } from '../../shared/contracts/output.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { formatDate } from '../../shared/mail/format-time.ts';
import { dayOnlyNotes } from '../pipeline/day-only-exports.ts';
import { type Arrival, duplicated, type SaidArrival, saidArrivals, shuffled, toArrivals } from '../pipeline/input.ts';
import { readInput, readingOf } from '../pipeline/input-files.ts';
import { runSession } from '../pipeline/session.ts';
import { planSpan } from '../pipeline/span.ts';
import { refuseForeign, writeOut } from '../pipeline/write-out.ts';
import { loadConfig } from './config.ts';
import { countingIn, type NotRead } from './not-read.ts';
import { Progress } from './progress.ts';
import { type ReplaySummary, replaySummary } from './replay-summary.ts';

export interface ReplayOptions {
  paths: string[];
  config: string;
  /** Without it: the end of the day of the last arrival. */
  until?: Instant;
  /** What arrives before it is taken in as history, without its alerts, mails and reports. */
  liveFrom?: Instant;
  out: string;
  shuffle?: number;
  duplicate?: number;
  /** Of files whose name or content doesn't say. */
  dialect?: Dialect;
  /** Whose files they are. Absent: as their names begin. */
  sender?: string;
  /** Of exports that say so neither in a column nor in their name. */
  exportedAt?: Instant;
}

/** When lines arrive of which none says it. Such a line has no event that could be taken in. */
const ANY_TIME: Instant = Date.UTC(2000, 0, 1);

/**
 * Puts input files through the pipeline up to an instant, writes the output files and sums up.
 * @throws InputError if the input can't be read, `until` lies years after it, or `out` holds what no replay has written
 */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const { out } = options;
  refuseForeign(out, options.paths);
  const warnings: string[] = [];
  const config = await loadConfig(options.config, (line) => warnings.push(line.replace(/^warning +/, '')));
  const { timeZone } = config.directory.organization;
  const reading = { config, ...readingOf(options) };
  const unreadable: QuarantineRow[] = [];
  const notRead: NotRead = {};
  const taking = { refuse: (row: QuarantineRow) => unreadable.push(row), leaveOut: countingIn(notRead) };
  const lines = readInput(options.paths, { ...reading, ...taking });
  const said = saidArrivals(lines);
  // In random order everything is delivered at once.
  const span = planSpan(options.shuffle === undefined ? said : latest(said, options.until), { ...options, timeZone });
  const { until, liveFrom, notes } = span ?? { until: ANY_TIME, liveFrom: null, notes: [] };
  const arrivals = toArrivals(lines, until);
  const delivered = disturbed(arrivals, until, options);
  const progress = new Progress(delivered.length);
  const session = await runSession({
    config,
    arrivals: delivered,
    until,
    unreadable,
    ...(liveFrom !== null && { detectFrom: liveFrom }),
    onStep: (at, count) =>
      progress.show(count, formatDate(at, timeZone), { estimates: at > (liveFrom ?? Number.NEGATIVE_INFINITY) }),
  });
  try {
    progress.end();
    await writeOut(out, session.out, config, session.summary);
    const all = [...dayOnlyNotes(lines, config.dialects), ...notes, ...warnings];
    return await replaySummary({
      session,
      config,
      lines,
      arrivals,
      unreadable,
      notRead,
      until,
      timeZone,
      warnings: all,
    });
  } finally {
    await session.close();
  }
}

/** The last of those that arrive by `until`. */
function latest(said: readonly SaidArrival[], until = Number.POSITIVE_INFINITY): SaidArrival[] {
  const seen = said.filter(({ at }) => at <= until);
  return seen.length === 0 ? [] : [seen.reduce((a, b) => (b.at > a.at ? b : a))];
}

/** With messages sent twice and in another order, if that was asked for. */
function disturbed(
  arrivals: readonly Arrival[],
  until: Instant,
  { duplicate, shuffle }: Pick<ReplayOptions, 'duplicate' | 'shuffle'>,
): readonly Arrival[] {
  const all = duplicate === undefined ? arrivals : duplicated(arrivals, duplicate, shuffle ?? 1);
  return shuffle === undefined ? all : shuffled(all, until, shuffle);
}
