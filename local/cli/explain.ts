import { withoutControls } from '../../shared/mail/names.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { explain } from '../explain/explanation.ts';
import { type History, historyInFolder, historyInTables } from '../explain/history.ts';
import { explanationText } from '../explain/text.ts';
import { newDynamoClient } from '../stand-ins/own-tables.ts';
import { instanceNow, runningInstance } from './instance.ts';
import { onStage } from './on-stage.ts';
import type { Print } from './print.ts';

export interface ExplainOptions {
  from?: string;
  stage?: string;
  json?: boolean;
  all?: boolean;
}

const WIDEST = 120;

/** Prints the history of a referral. Fails if there is no such referral. */
export async function explainReferral(referralId: string, options: ExplainOptions, print: Print): Promise<void> {
  const { from, stage, json, all = false } = options;
  const history = await historyOf(referralId, options);
  if (!history) {
    const where = stage === undefined ? (from ?? 'the running instance') : `stage ${stage}`;
    const meant = await otherCase(referralId, options);
    throw new Error(
      `${referralId}: no such referral in ${where}${meant === null ? '' : `; there is ${withoutControls(meant)}`}`,
    );
  }
  const explanation = explain(history);
  // In a pipe, the width of the usual terminal.
  const width = Math.min(process.stdout.columns ?? 80, WIDEST);
  print(json ? withoutControls(JSON.stringify(explanation)) : explanationText(explanation, width, all));
}

/** The id in capitals or small letters, if there is a referral of that id. */
async function otherCase(referralId: string, options: ExplainOptions): Promise<string | null> {
  for (const other of new Set([referralId.toUpperCase(), referralId.toLowerCase()])) {
    if (other !== referralId && (await historyOf(other, options))) return other;
  }
  return null;
}

async function historyOf(referralId: string, { from, stage }: ExplainOptions): Promise<History | null> {
  if (from !== undefined) return historyInFolder(from, referralId);
  if (stage !== undefined) {
    return onStage(stage, ['referrals', 'operations'], (tables) =>
      historyInTables(tables, referralId, systemTime.now()),
    );
  }
  const instance = runningInstance('or name a folder with --from or a deployed stage with --stage');
  const client = newDynamoClient(instance.endpoints.dynamodb);
  try {
    return await historyInTables({ client, names: instance.tables }, referralId, instanceNow(instance));
  } finally {
    client.destroy();
  }
}
