import type { Command } from 'commander';
import { instant, seed, share } from '../arguments.ts';
import type { Print } from '../print.ts';
import type { ReplayOptions } from '../replay.ts';
import { dialectOption, senderOption } from './dialect-option.ts';

export function addReplay(program: Command, print: Print): void {
  program
    .command('replay')
    .description('run given input through the deployed handlers on this machine, in simulated time')
    .argument('<path...>', 'files (.ndjson, .jsonl, .json, .hl7, .csv, .txt, .tsv) or folders of them')
    .requiredOption(
      '--config <dir>',
      'folder with policy.json, directory.json and, where there are dialects, dialects.json',
    )
    .requiredOption('--out <dir>', 'where to write what came of it; files of an earlier run are replaced')
    .option(
      '--until <instant>',
      'run up to this instant; by default to the end of the day of the last arrival',
      instant,
    )
    .option(
      '--live-from <instant>',
      'start alerts, mails and reports at this instant; what is overdue by then is alerted at once. To leave it out, set liveFrom in directory.json',
      instant,
    )
    .option('--shuffle <seed>', 'deliver everything in random order, at the last arrival', seed)
    .option('--duplicate <share>', 'send this share of the messages twice, from 0 to 1', share)
    .addOption(dialectOption())
    .addOption(senderOption())
    .option(
      '--exported-at <instant>',
      'when an export was made that says so neither in a column nor in its name',
      instant,
    )
    .option('--json', 'print the summary as JSON')
    .action(async (paths: string[], options: Omit<ReplayOptions, 'paths'> & { json?: boolean }) => {
      const [{ replay }, { replayText }, { failForRefused }, { failForUndone }] = await Promise.all([
        import('../replay.ts'),
        import('../replay-text.ts'),
        import('../replay-summary.ts'),
        import('../undone.ts'),
      ]);
      const summary = await replay({ ...options, paths });
      if (options.json) print(JSON.stringify(summary));
      else print(replayText(summary, options));
      failForRefused(summary);
      failForUndone(summary);
    });
}
