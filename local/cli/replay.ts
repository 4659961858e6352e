import { join } from 'node:path';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { Dialect } from '../../shared/contracts/vocabulary.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { duplicated, endOfLastDay, shuffled, toArrivals } from '../pipeline/input.ts';
import { InputError } from '../pipeline/input-error.ts';
import { readInput } from '../pipeline/input-files.ts';
import { runSession } from '../pipeline/session.ts';
import { type Summary, writeOut } from '../pipeline/write-out.ts';
import { loadConfig } from './config.ts';
import { Progress } from './progress.ts';

export interface ReplayOptions {
  paths: string[];
  config: string;
  /** Without it: the end of the day of the last arrival. */
  until?: Instant;
  out: string;
  shuffle?: number;
  duplicate?: number;
  /** Of files whose name or content doesn't say. */
  dialect?: Dialect;
  /** Of exports that say so neither in a column nor in their name. */
  exportedAt?: Instant;
}

/** Puts input files through the pipeline up to an instant, writes the output files and prints a summary. */
export async function replay(options: ReplayOptions): Promise<Summary & { afterUntil: number }> {
  const { paths, out } = options;
  const config = await loadConfig(options.config);
  const { dialect, exportedAt } = options;
  const reading = { config, ...(dialect && { dialect }), ...(exportedAt !== undefined && { exportedAt }) };
  const lines = readInput(paths, reading);
  const until = options.until ?? endOfLastDay(lines, config.directory.organization.timeZone);
  if (until === null) throw new InputError('no line says when it arrives, so --until has to say when to stop');
  let arrivals = toArrivals(lines, until);
  const afterUntil = arrivals.filter(({ arrivedAt }) => arrivedAt > until).length;
  if (options.duplicate !== undefined) arrivals = duplicated(arrivals, options.duplicate, options.shuffle ?? 1);
  if (options.shuffle !== undefined) arrivals = shuffled(arrivals, until, options.shuffle);
  const progress = new Progress(arrivals.length);
  const session = await runSession({
    config,
    arrivals,
    until,
    onStep: (at, delivered) => progress.show(delivered, formatInstant(at).slice(0, 10)),
  });
  try {
    progress.end();
    await writeOut(out, session.out, config, session.summary);
    return { ...session.summary, afterUntil };
  } finally {
    await session.close();
  }
}

/** What a replay did, what it refused and what it left out. @param out the folder that it wrote */
export function replayText(summary: Summary & { afterUntil: number }, out: string): string {
  const { until, referrals, alerts, mails, refused, refusedByReason, afterUntil } = summary;
  const reasons = Object.entries(refusedByReason).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${plural(referrals, 'referral')}, ${plural(alerts, 'alert')}, ${plural(mails, 'mail')} by ${until}: ${out}`,
    ...(refused > 0 ? [`Refused: ${reasons.join(', ')}; ${join(out, 'quarantine.ndjson')} says why.`] : []),
    ...(afterUntil > 0 ? [`${plural(afterUntil, 'message')} would arrive after that, and had no part in it.`] : []),
  ].join('\n');
}
