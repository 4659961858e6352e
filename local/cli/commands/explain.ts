import { type Command, Option } from 'commander';
import { stage } from '../arguments.ts';
import type { ExplainOptions } from '../explain.ts';
import type { Print } from '../print.ts';

export function addExplain(program: Command, print: Print): void {
  program
    .command('explain')
    .description(
      'what is open of a referral, and why: its events, clocks with their arithmetic, alerts and mails; in a demo or a stage also what is stored of it',
    )
    .argument('<referralId>', 'as in the digest')
    .option('--from <dir>', 'folder that `replay` wrote; without this and --stage the demo that is running')
    .addOption(
      new Option('--stage <name>', 'a deployed stage, in the account and region of its file; only reads it')
        .argParser(stage)
        .conflicts('from'),
    )
    .option('--all', 'a long history as a whole: every event, clock, alert and mail')
    .option('--json', 'print it as JSON, always whole')
    .action(async (referralId: string, options: ExplainOptions) => {
      const { explainReferral } = await import('../explain.ts');
      await explainReferral(referralId, options, print);
    });
}
