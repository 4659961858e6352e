import type { Command } from 'commander';
import type { RestoreOptions } from '../../operate/restore.ts';
import type { Print } from '../print.ts';
import { stageOption, withUsage } from './operate.ts';

/** `loopwatch restore`: what a stage's tables lack, put back from tables that were restored to an earlier time. */
export function addRestore(program: Command, print: Print): void {
  program
    .command('restore')
    .description(
      'put back what the tables lack from restored ones; what has happened since stays, nothing is mailed again',
    )
    .option('--referrals <table>', 'the name of the restored table of referrals')
    .option('--operations <table>', 'the name of the restored table of operations')
    .option('--dry-run', 'say how much would be put back, and change nothing')
    .option('--yes', "don't ask")
    .addOption(stageOption())
    .option('--json', 'print {dryRun, read, putBack, rebuilt, failed} as JSON')
    .action(
      withUsage(async (options: RestoreOptions) => {
        const { restore } = await import('../../operate/restore.ts');
        await restore(options, print);
      }),
    );
}
