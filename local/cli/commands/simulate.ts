import { type Command, Option } from 'commander';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import { DEFAULT_UNTIL } from '../../simulate/default-until.ts';
import { count, instant, likeness, seed } from '../arguments.ts';
import type { Print } from '../print.ts';
import type { SimulateOptions } from '../simulate.ts';

export function addSimulate(program: Command, print: Print): void {
  program
    .command('simulate')
    .description("write a fictitious organization's events, and its configuration beside them")
    .addOption(likeness())
    .option('--referrals <n>', 'referrals received, spread evenly over the weeks (405, or as fits --like)', count)
    .option('--weeks <n>', 'weeks back from --until (52, or as fits --like)', count)
    .option('--seed <s>', 'another seed makes another organization; the same seed gives the same bytes', seed, 1)
    .requiredOption(
      '--out <file>',
      'where to write the events, as NDJSON; the folder config is made beside it, and replaces only a simulated one',
    )
    .addOption(
      new Option('--until <instant>', 'nothing arrives after this instant')
        .argParser(instant)
        .default(DEFAULT_UNTIL, formatInstant(DEFAULT_UNTIL)),
    )
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      '\nRun it with: npx loopwatch replay FILE --config DIR --until INSTANT --out DIR\nThe same --until is right for both.',
    )
    .action(async (options: SimulateOptions) => {
      const { writeEvents } = await import('../simulate.ts');
      writeEvents(options, print);
    });
}
