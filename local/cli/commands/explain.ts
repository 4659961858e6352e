import type { Command } from 'commander';
import type { ExplainOptions } from '../explain.ts';
import type { Print } from '../print.ts';

export function addExplain(program: Command, print: Print): void {
  program
    .command('explain')
    .description("a referral's timeline: every event, every clock with its arithmetic, every alert, every mail")
    .argument('<referralId>', 'as in the digest')
    .option('--from <dir>', 'folder that `loopwatch replay` wrote; without it the demo that is running')
    .option('--json', 'print it as JSON')
    .action(async (referralId: string, options: ExplainOptions) => {
      const { explainReferral } = await import('../explain.ts');
      await explainReferral(referralId, options, print);
    });
}
