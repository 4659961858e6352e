import { Argument, type Command } from 'commander';
import { QUEUES } from '../../../infra/settings.ts';
import type { DiscardOptions, DlqOptions, RedriveOptions } from '../../operate/dead-letters.ts';
import { count } from '../arguments.ts';
import type { Print } from '../print.ts';
import { stageOption, withUsage } from './operate.ts';

const QUEUE_NAMES = [...Object.keys(QUEUES), 'scheduler'];

/** `loopwatch dlq`: dead letters. */
export function addDlq(program: Command, print: Print): void {
  const dlq = program.command('dlq').description('dead letters: messages that failed in all their tries');
  dlq
    .command('list')
    .description('how many there are in each queue, since when, and when they expire; never a message')
    .addOption(stageOption())
    .option('--json', 'print {stage, queues} as JSON')
    .action(
      withUsage(async (options: DlqOptions) => {
        const { listDeadLetters } = await import('../../operate/dead-letters.ts');
        await listDeadLetters(options, print);
      }),
    );
  dlq
    .command('redrive')
    .description('send dead letters back to the queue they failed in, after the cause was fixed')
    .addArgument(new Argument('[queue]', 'of one queue; else of all').choices(QUEUE_NAMES))
    .option('--dry-run', 'say how many would go, and change nothing')
    .option('--rate <n>', 'messages a second, at most', count, 100)
    .addOption(stageOption())
    .option('--json', 'print {dryRun, queues} as JSON')
    .action(
      withUsage(async (queue: string | undefined, options: RedriveOptions) => {
        const { redrive } = await import('../../operate/dead-letters.ts');
        await redrive(queue, options, print);
      }),
    );
  dlq
    .command('discard')
    .description("delete the scheduler's dead letters: failed runs that later runs have made up for")
    .addArgument(new Argument('<queue>', 'scheduler; the others hold what would be lost').choices(QUEUE_NAMES))
    .option('--dry-run', 'say how many would go, and change nothing')
    .option('--yes', "don't ask")
    .addOption(stageOption())
    .option('--json', 'print {dryRun, found, discarded} as JSON')
    .action(
      withUsage(async (queue: string, options: DiscardOptions) => {
        const { discardDeadLetters } = await import('../../operate/dead-letters.ts');
        await discardDeadLetters(queue, options, print);
      }),
    );
}
