import type { Command } from 'commander';
import { stage } from '../arguments.ts';
import type { StatusOptions } from '../config-status.ts';
import type { Print } from '../print.ts';
import type { PullOptions, PushOptions } from '../stage-config.ts';

export function addConfig(program: Command, print: Print): void {
  const config = program.command('config').description('the configuration: policy.json and directory.json');
  config
    .command('validate')
    .description('check a configuration and name each problem: file, path, value and what would be right')
    .argument('<dir>', 'folder with policy.json and directory.json')
    .option('--json', 'print {valid, problems, warnings} as JSON')
    .action(async (folder: string, { json = false }: { json?: boolean }) => {
      const { validateConfig } = await import('../config.ts');
      process.exitCode = await validateConfig(folder, { json, print });
    });
  config
    .command('push')
    .description(
      'put a configuration in force on a deployed stage; `config status` says when all its referrals follow it',
    )
    .argument('<dir>', 'folder with policy.json and directory.json')
    .requiredOption('--stage <name>', 'the stage, in the account and region of your AWS credentials', stage)
    .option('--json', 'print {stage, version, replaced, changed} as JSON')
    .action(async (folder: string, options: PushOptions) => {
      const { pushStageConfig } = await import('../stage-config.ts');
      await pushStageConfig(folder, options, print);
    });
  config
    .command('pull')
    .description('write the configuration that is in force on a deployed stage')
    .requiredOption('--stage <name>', 'the stage, in the account and region of your AWS credentials', stage)
    .option('--out <dir>', 'where to write policy.json and directory.json; existing files are replaced', '.')
    .option('--json', 'print {stage, version, files} as JSON')
    .action(async (options: PullOptions) => {
      const { pullStageConfig } = await import('../stage-config.ts');
      await pullStageConfig(options, print);
    });
  config
    .command('status')
    .description('which configuration is in force on a deployed stage, and how far its referrals are folded with it')
    .requiredOption('--stage <name>', 'the stage, in the account and region of your AWS credentials', stage)
    .option('--verbose', 'also print the ids of the first 20 referrals that were set aside')
    .option('--json', 'print it as JSON')
    .action(async (options: StatusOptions) => {
      const { stageConfigStatus } = await import('../config-status.ts');
      await stageConfigStatus(options, print);
    });
}
