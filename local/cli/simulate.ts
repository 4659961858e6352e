import { type Command, Option } from 'commander';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import { DEFAULT_UNTIL, type Simulation, simulate } from '../simulate/simulate.ts';
import { writeSimulation } from '../simulate/write.ts';
import { count, instant, seed } from './arguments.ts';
import type { Print } from './config.ts';

interface SimulateOptions {
  referrals: number;
  weeks: number;
  seed: number;
  out: string;
  until: Instant;
  json?: boolean;
}

export function addSimulate(program: Command, print: Print): void {
  program
    .command('simulate')
    .description("write a fictitious organisation's events, and its configuration beside them")
    .requiredOption('--referrals <n>', 'referrals received, spread evenly over the weeks', count)
    .requiredOption('--weeks <n>', 'weeks back from --until', count)
    .requiredOption('--seed <s>', 'the same seed gives the same bytes', seed)
    .requiredOption('--out <file>', 'where to write the events, as NDJSON; the folder config is made beside it')
    .addOption(
      new Option('--until <instant>', 'nothing arrives after this instant')
        .argParser(instant)
        .default(DEFAULT_UNTIL, formatInstant(DEFAULT_UNTIL)),
    )
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      '\nRun it with: loopwatch replay FILE --config DIR --until INSTANT --out DIR\nThe same --until is right for both.',
    )
    .action((options: SimulateOptions) => {
      const simulation = simulate(options);
      const { file, config } = writeSimulation(simulation, options.out);
      const written = { file, config, until: formatInstant(options.until), ...figuresOf(simulation) };
      if (options.json) print(JSON.stringify(written));
      else print(`${written.events} events of ${written.referrals} referrals: ${file}, configuration: ${config}`);
    });
}

function figuresOf({ events, lines }: Simulation) {
  const received = new Set(events.filter(({ type }) => type === 'referral.received').map(({ subject }) => subject));
  return { referrals: received.size, events: events.length, refused: lines.length - events.length };
}
