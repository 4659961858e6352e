import type { Command } from 'commander';
import { referralHashText, stage } from '../arguments.ts';
import type { FindOptions } from '../find.ts';
import type { Print } from '../print.ts';

export function addFind(program: Command, print: Print): void {
  program
    .command('find')
    .description("which referral a line of a stage's log names by its hash; says first what it costs at most")
    .argument('<hash>', 'as in `referrals` of the line: 32 hex digits', referralHashText)
    .requiredOption('--stage <name>', 'a deployed stage, in the account and region of its file; only reads it', stage)
    .option('--json', 'print {stage, hash, referralId, read, atMost: {items, readUnits, dollars}} as JSON')
    .action(async (hash: string, options: FindOptions) => {
      const { findReferral } = await import('../find.ts');
      await findReferral(hash, options, print);
    });
}
