import { Command, InvalidArgumentError } from 'commander';
import { validateConfig } from './config.ts';
import { instantArgument, replay } from './replay.ts';

const print = (line: string): void => console.log(line);

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
};
const instant = (text: string): number => {
  try {
    return instantArgument(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
};

const program = new Command('loopwatch').description('Monitoring of the closed-loop referral').exitOverride();
program.configureOutput({ outputError: (text, write) => write(text) });

program
  .command('replay')
  .description('run given input through the pipeline on this machine, in simulated time')
  .argument('<path...>', 'files or folders of events')
  .requiredOption('--config <dir>', 'folder with policy.json and directory.json')
  .requiredOption('--until <instant>', 'run up to this instant', instant)
  .requiredOption('--out <dir>', 'where to write what came of it')
  .option('--shuffle <seed>', 'deliver everything in random order, at the last arrival', number)
  .option('--duplicate <share>', 'send this share of the messages twice', number)
  .option('--json', 'print the summary as JSON')
  .action(async (paths: string[], options) => {
    const summary = await replay({ ...options, paths });
    if (options.json) print(JSON.stringify(summary));
    else print(`${summary.referrals} referrals, ${summary.alerts} alerts, ${summary.mails} mails: ${options.out}`);
  });

const config = program.command('config').description('the configuration: policy and directory');
config
  .command('validate')
  .argument('<dir>', 'folder with policy.json and directory.json')
  .option('--json', 'print problems as JSON')
  .action(async (dir: string, { json = false }) => {
    process.exitCode = await validateConfig(dir, { json, print });
  });

try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, code, message } = error as { exitCode?: number; code?: string; message: string };
  if (code?.startsWith('commander.')) {
    process.exitCode = exitCode === 0 ? 0 : 2;
  } else {
    console.error(`loopwatch: ${message}`);
    process.exitCode = 1;
  }
}
