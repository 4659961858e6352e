import type { Command } from 'commander';
import type { DraftOptions } from '../dialect-draft.ts';
import type { Print } from '../print.ts';

/** `loopwatch dialect`: what differs between the systems that send. */
export function addDialect(program: Command, print: Print): void {
  const dialect = program.command('dialect').description('dialects.json: what differs between the systems that send');
  dialect
    .command('draft')
    .description('print a dialects.json to start from for an export as CSV; says on standard error what was guessed')
    .argument('<file>', 'the export (.csv, .txt), as it comes')
    .option('--sender <name>', 'its name as a sender, source of its events; by default the name of the file')
    .action(async (file: string, options: DraftOptions) => {
      const { draftDialect } = await import('../dialect-draft.ts');
      draftDialect(file, options, { print, remark: (line) => console.error(line) });
    });
}
