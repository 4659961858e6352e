import type { Command } from 'commander';
import type { KnownWords } from '../../draft/known-words.ts';
import { instant, name } from '../arguments.ts';
import type { DialectTryOptions } from '../dialect-try.ts';
import type { Print } from '../print.ts';
import { dialectOption, senderOption } from './dialect-option.ts';

/** `loopwatch dialect`: what differs between the systems that send. */
export function addDialect(program: Command, print: Print): void {
  const dialect = program.command('dialect').description('dialects.json: what differs between the systems that send');
  dialect
    .command('draft')
    .description('print a dialects.json to start from for exports as CSV; says on standard error what was guessed')
    .argument('<file...>', 'exports of one sender (.csv, .txt, .tsv), as they come, or folders of them')
    .option(
      '--config <dir>',
      'folder with policy.json and directory.json, whose time zone, ids and words the draft takes',
    )
    .option(
      '--sender <name>',
      'its name as a sender, source of its events; by default as the names of the files begin',
      name,
    )
    .option('--out <file>', 'write the dialects.json there instead of printing it; a file with anything in it stays')
    .action(async (paths: string[], { sender, config, out }: { sender?: string; config?: string; out?: string }) => {
      const { draftDialect } = await import('../dialect-draft.ts');
      const known = config === undefined ? null : await wordsOf(config);
      draftDialect(paths, { sender, known, out }, { print, remark: (line) => console.error(line) });
    });
  dialect
    .command('try')
    .description(
      'show what each row or message of files becomes, how it was tied and which entries would help; stores nothing',
    )
    .argument('<file...>', 'files (.csv, .txt, .tsv, .json, .ndjson, .jsonl, .hl7) or folders of them')
    .requiredOption('--config <dir>', 'folder with policy.json, directory.json and dialects.json')
    .addOption(dialectOption())
    .option(
      '--exported-at <instant>',
      'when an export was made that says so neither in a column nor in its name',
      instant,
    )
    .addOption(senderOption())
    .option('--all', 'show every row or message whole')
    .option('--json', 'print a line of JSON for each row or message')
    .action(async (paths: string[], options: DialectTryOptions) => {
      const { failForRefused, tryDialect } = await import('../dialect-try.ts');
      failForRefused(await tryDialect(paths, options, print));
    });
}

/** The words of a folder's configuration, without its `dialects.json`: the draft may be going there. */
async function wordsOf(folder: string): Promise<KnownWords> {
  const { loadConfig } = await import('../config.ts');
  const { knownWords } = await import('../../draft/known-words.ts');
  return knownWords(await loadConfig(folder, () => {}, { withDialects: false }));
}
