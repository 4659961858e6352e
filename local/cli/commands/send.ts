import type { Command } from 'commander';
import { instant } from '../arguments.ts';
import type { Print } from '../print.ts';
import type { SendOptions } from '../send.ts';
import { dialectOption, senderOption } from './dialect-option.ts';
import { stageOption, withUsage } from './operate.ts';

export function addSend(program: Command, print: Print): void {
  program
    .command('send')
    .description(
      'put the messages of files on the queue of a stage, without what nobody reads; goes on where it was stopped',
    )
    .argument('<file...>', 'files (.ndjson, .jsonl, .json, .hl7, .csv, .txt, .tsv) or folders')
    .addOption(stageOption())
    .addOption(dialectOption())
    .addOption(senderOption())
    .option(
      '--exported-at <instant>',
      'when an export was made that says so neither in a column nor in its name',
      instant,
    )
    .option('--again', 'send what was sent before, too')
    .option('--json', 'print what was sent as JSON')
    .action(
      withUsage(async (paths: string[], options: SendOptions) => {
        const { sendFiles } = await import('../send.ts');
        process.exitCode = await sendFiles(paths, options, print);
      }),
    );
}
