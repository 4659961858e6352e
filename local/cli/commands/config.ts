import type { Command } from 'commander';
import type { Print } from '../print.ts';

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
}
