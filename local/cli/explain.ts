import type { Command } from 'commander';
import { explain } from '../explain/explanation.ts';
import { type History, historyInFolder, historyInTables } from '../explain/history.ts';
import { explanationText } from '../explain/text.ts';
import type { Print } from './config.ts';
import { instanceNow, runningInstance } from './instance.ts';

const WIDEST = 120;

export function addExplain(program: Command, print: Print): void {
  program
    .command('explain')
    .description("a referral's timeline: every event, every clock with its arithmetic, every alert, every mail")
    .argument('<referralId>', 'as in the digest')
    .option('--from <dir>', 'folder that `loopwatch replay` wrote; without it the demo that is running')
    .option('--json', 'print it as JSON')
    .action(async (referralId: string, { from, json }: { from?: string; json?: boolean }) => {
      const history = from === undefined ? await running(referralId) : historyInFolder(from, referralId);
      if (!history) throw new Error(`${referralId}: no such referral in ${from ?? 'the running instance'}`);
      const explanation = explain(history);
      // In a pipe as on the usual terminal.
      const width = Math.min(process.stdout.columns ?? 80, WIDEST);
      print(json ? JSON.stringify(explanation) : explanationText(explanation, width));
    });
}

function running(referralId: string): Promise<History | null> {
  const instance = runningInstance('or name a folder with --from');
  const { endpoints, tables } = instance;
  return historyInTables({ endpoint: endpoints.dynamodb, tables, now: instanceNow(instance) }, referralId);
}
