import { explain } from '../explain/explanation.ts';
import { type History, historyInFolder, historyInTables } from '../explain/history.ts';
import { explanationText } from '../explain/text.ts';
import { instanceNow, runningInstance } from './instance.ts';
import type { Print } from './print.ts';

export interface ExplainOptions {
  from?: string;
  json?: boolean;
}

const WIDEST = 120;

/** Prints the history of a referral. Fails if there is no such referral. */
export async function explainReferral(referralId: string, { from, json }: ExplainOptions, print: Print): Promise<void> {
  const history = from === undefined ? await running(referralId) : historyInFolder(from, referralId);
  if (!history) throw new Error(`${referralId}: no such referral in ${from ?? 'the running instance'}`);
  const explanation = explain(history);
  // In a pipe, the width of the usual terminal.
  const width = Math.min(process.stdout.columns ?? 80, WIDEST);
  print(json ? JSON.stringify(explanation) : explanationText(explanation, width));
}

function running(referralId: string): Promise<History | null> {
  const instance = runningInstance('or name a folder with --from');
  const { endpoints, tables } = instance;
  return historyInTables({ endpoint: endpoints.dynamodb, tables, now: instanceNow(instance) }, referralId);
}
