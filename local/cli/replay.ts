import type { Command } from 'commander';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { duplicated, readInput, shuffled, toArrivals } from '../pipeline/input.ts';
import { runSession } from '../pipeline/session.ts';
import { type Summary, writeOut } from '../pipeline/write-out.ts';
import { instant, seed, share } from './arguments.ts';
import { loadConfig, type Print } from './config.ts';
import { Progress } from './progress.ts';

export interface ReplayOptions {
  paths: string[];
  config: string;
  until: Instant;
  out: string;
  shuffle?: number;
  duplicate?: number;
}

export function addReplay(program: Command, print: Print): void {
  program
    .command('replay')
    .description('run given input through the deployed handlers on this machine, in simulated time')
    .argument('<path...>', 'files (.ndjson, .jsonl, .json) or folders of events')
    .requiredOption('--config <dir>', 'folder with policy.json and directory.json')
    .requiredOption('--until <instant>', 'run up to this instant', instant)
    .requiredOption('--out <dir>', 'where to write what came of it; files of an earlier run are replaced')
    .option('--shuffle <seed>', 'deliver everything in random order, at the last arrival', seed)
    .option('--duplicate <share>', 'send this share of the messages twice, from 0 to 1', share)
    .option('--json', 'print the summary as JSON')
    .action(async (paths: string[], options: Omit<ReplayOptions, 'paths'> & { json?: boolean }) => {
      const summary = await replay({ ...options, paths });
      if (options.json) print(JSON.stringify(summary));
      else print(`${summary.referrals} referrals, ${summary.alerts} alerts, ${summary.mails} mails: ${options.out}`);
    });
}

/** Runs given input through the pipeline up to an instant and writes what came of it. */
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
