import type { Command } from 'commander';
import type { RebuildOptions } from '../../operate/rebuild.ts';
import type { Print } from '../print.ts';
import { stageOption, withUsage } from './operate.ts';

/** `loopwatch rebuild`: referrals made anew from their logs. */
export function addRebuild(program: Command, print: Print): void {
  program
    .command('rebuild')
    .description('rebuild referrals from their logs; changes nothing where nothing is wrong')
    .option('--referral <id>', 'only this one; else all, which reads every item of the stage')
    .option('--dry-run', 'say how many would be rebuilt, and change nothing')
    .addOption(stageOption())
    .option('--json', 'print {dryRun, unchanged, rebuilt, absent, retired, failed, failures} as JSON')
    .action(
      withUsage(async (options: RebuildOptions) => {
        const { rebuild } = await import('../../operate/rebuild.ts');
        await rebuild(options, print);
      }),
    );
}
