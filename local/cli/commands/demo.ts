import type { Command } from 'commander';
import { count, likeness, seed } from '../arguments.ts';
import type { DemoOptions } from '../demo.ts';
import type { Print } from '../print.ts';
import { Progress } from '../progress.ts';

export function addDemo(program: Command, print: Print): void {
  program
    .command('demo')
    .description('run a fictitious organization through the deployed handlers on this machine, and stay up')
    .option('--exit', 'end when the summary is printed, instead of staying up')
    .addOption(likeness())
    .option('--referrals <n>', 'referrals of the last 8 weeks (405), with --like of all weeks', count)
    .option('--weeks <n>', 'weeks of history (52); those before the last 8 are thinner, and mail nothing', count)
    .option('--seed <s>', 'another seed makes another organization', seed, 1)
    .option('--verbose', 'print all counts, and what it would cost on AWS')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      '\nWhile it is up, `npx loopwatch explain REFERRAL` in another terminal asks it,\nand `ack`, `snooze` and `send` work on it. Ctrl-C ends it.',
    )
    .action(async (options: DemoOptions) => {
      // Loading what the demo runs takes seconds on a slow machine.
      new Progress(0).begin('Starting …');
      const { demo } = await import('../demo.ts');
      await demo(options, print);
    });
}
