import type { Command } from 'commander';
import { printError } from '../error-text.ts';
import type { Given } from '../init-answers.ts';
import type { Print } from '../print.ts';
import { withUsage } from './operate.ts';

interface Flags extends Given {
  json?: boolean;
}

/** `loopwatch init`: a configuration to start from. */
export function addInit(program: Command, print: Print): void {
  program
    .command('init')
    .description('write policy.json and directory.json to start from; asks on a terminal for what no option says')
    .argument('<dir>', 'folder to write them to; existing files are never replaced')
    .option('--name <name>', 'name of the organization')
    .option('--time-zone <zone>', 'its time zone, such as America/New_York')
    .option('--sender <address>', 'address that mail comes from')
    .option('--domain <domain>', "domain that mail may go to; by default the sender's")
    .option(
      '--coordinator <address>',
      'a coordinator, who calls patients and gets the first digests: "Name <address>" or the address',
    )
    .option('--operations <address>', "address for operations mail; by default the coordinator's")
    .option(
      '--site <id=name>',
      'a site, by its id as in the events, or its name alone; several with commas or by repeating it',
      collect,
    )
    .option('--json', 'print {files} as JSON')
    .action(
      withUsage(async (folder: string, { json = false, ...given }: Flags) => {
        const [{ assertNothingThere, writeFirstConfig }, { answersOf, askAnswers }, { onTerminal }] = await Promise.all(
          [import('../init.ts'), import('../init-ask.ts'), import('../../operate/terminal.ts')],
        );
        assertNothingThere(folder);
        // A machine without a zone of its own says UTC, which hardly any clinic has.
        const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
        const zone = own.includes('/') && !own.startsWith('Etc/') ? own : '';
        const canAsk = process.stdin.isTTY && process.stderr.isTTY;
        const answers = canAsk ? await onTerminal((ask) => askAnswers(given, zone, ask, printError)) : answersOf(given);
        await writeFirstConfig(folder, answers, { json, print });
      }),
    );
}

const collect = (text: string, earlier: string[] = []): string[] => [...earlier, text];
