import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { duplicated, readInput, shuffled, toArrivals } from '../pipeline/input.ts';
import { runSession } from '../pipeline/session.ts';
import { type Summary, writeOut } from '../pipeline/write-out.ts';
import { loadConfig } from './config.ts';
import { Progress } from './progress.ts';

export interface ReplayOptions {
  paths: string[];
  config: string;
  until: Instant;
  out: string;
  shuffle?: number;
  duplicate?: number;
}

/** Puts input files through the pipeline up to an instant, writes the output files and prints a summary. */
export async function replay(options: ReplayOptions): Promise<Summary> {
  const { paths, until, out } = options;
  const config = await loadConfig(options.config);
  let arrivals = toArrivals(readInput(paths), until);
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
    return session.summary;
  } finally {
    await session.close();
  }
}
