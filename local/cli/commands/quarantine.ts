import { type Command, InvalidArgumentError, Option } from 'commander';
import { REFUSAL_REASONS } from '../../../shared/contracts/vocabulary.ts';
import type { DiscardOptions } from '../../operate/quarantine-discard.ts';
import type { ListOptions } from '../../operate/quarantine-list.ts';
import type { ReplayOptions } from '../../operate/quarantine-replay.ts';
import type { ShowOptions } from '../../operate/quarantine-show.ts';
import { count, instant } from '../arguments.ts';
import type { Print } from '../print.ts';
import { stageOption, withUsage } from './operate.ts';

const reason = (): Option => new Option('--reason <reason>', 'only what was refused for it').choices(REFUSAL_REASONS);

const since = (): Option => new Option('--since <instant>', 'only what arrived then or later').argParser(instant);
const until = (): Option => new Option('--until <instant>', 'only what arrived before').argParser(instant);

function seconds(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('expected a number of seconds');
  return Number(text);
}

/** `loopwatch quarantine`: what was refused. */
export function addQuarantine(program: Command, print: Print): void {
  const quarantine = program
    .command('quarantine')
    .description('refused messages: look at them, send them again, discard');
  quarantine
    .command('list')
    .description('how many there are by reason, and the newest of them; never a body')
    .addOption(reason())
    .addOption(since())
    .addOption(until())
    .option('--all', 'also those that were sent again since and taken in')
    .option('--limit <n>', 'how many to list; by default what fits the terminal', count)
    .addOption(stageOption())
    .option('--json', 'print {stage, counts, done, items, more} as JSON')
    .action(
      withUsage(async (options: ListOptions) => {
        const { listQuarantine } = await import('../../operate/quarantine-list.ts');
        await listQuarantine(options, print);
      }),
    );
  quarantine
    .command('show')
    .description('a refused message with its body, which is about a patient')
    .argument('<id>', 'as `npx loopwatch quarantine list` shows it, or its first digits')
    .addOption(stageOption())
    .option('--json', 'print it as JSON')
    .action(
      withUsage(async (id: string, options: ShowOptions) => {
        const { showQuarantined } = await import('../../operate/quarantine-show.ts');
        await showQuarantined(id, options, print);
      }),
    );
  quarantine
    .command('replay')
    .description('send refused messages again, after what made them refused was fixed; what is refused again stays')
    .argument('[ids...]', 'as `npx loopwatch quarantine list` shows them; else --reason')
    .addOption(reason())
    .addOption(since())
    .addOption(until())
    .option('--dry-run', 'say what would be sent, and what the intake of this release would refuse; change nothing')
    .option('--wait <seconds>', 'for how long to look whether they are taken in', seconds, 30)
    .addOption(stageOption())
    .option('--json', 'print what was done as JSON')
    .action(
      withUsage(async (ids: string[], options: Omit<ReplayOptions, 'ids'>) => {
        const { replayQuarantine } = await import('../../operate/quarantine-replay.ts');
        await replayQuarantine({ ...options, ids }, print);
      }),
    );
  quarantine
    .command('discard')
    .description('remove refused messages for good, with their bodies; figures go on counting them')
    .argument('[ids...]', 'as `npx loopwatch quarantine list` shows them; else --reason')
    .addOption(reason())
    .addOption(since())
    .addOption(until())
    .option('--taken', 'only those that were sent again and are known to be taken in')
    .option('--dry-run', 'say how many would go, and change nothing')
    .option('--yes', "don't ask")
    .addOption(stageOption())
    .option('--json', 'print {dryRun, found, discarded} as JSON')
    .action(
      withUsage(async (ids: string[], options: Omit<DiscardOptions, 'ids'>) => {
        const { discardQuarantined } = await import('../../operate/quarantine-discard.ts');
        await discardQuarantined({ ...options, ids }, print);
      }),
    );
}
