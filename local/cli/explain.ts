import type { Instant } from '../../shared/contracts/instant.ts';
import { withoutControls } from '../../shared/mail/names.ts';
import { REFERRAL_HASH } from '../../shared/platform/referral-hash.ts';
import { systemTime } from '../../shared/platform/time-source.ts';
import { explain } from '../explain/explanation.ts';
import { type History, historyInFolder, historyInTables, nameInFolder } from '../explain/history.ts';
import { nameInTables, type OtherName } from '../explain/other-names.ts';
import type { Tables } from '../explain/tables.ts';
import { explanationText } from '../explain/text.ts';
import { newDynamoClient } from '../stand-ins/own-tables.ts';
import { instanceNow, runningInstance } from './instance.ts';
import { onStage } from './on-stage.ts';
import type { Print } from './print.ts';
import { quoted } from './shell-word.ts';

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
    const where = stage === undefined ? (from ?? 'the running demo') : `stage ${stage}`;
    throw new Error(
      `${referralId}: no such referral in ${where}; ${withoutControls(await insteadOf(referralId, options))}`,
    );
  }
  const explanation = explain(history);
  // In a pipe, the width of the usual terminal.
  const width = Math.min(process.stdout.columns || 80, WIDEST);
  print(json ? withoutControls(JSON.stringify(explanation)) : explanationText(explanation, width, all));
}

/** What there is instead of a referral. */
async function insteadOf(referralId: string, options: ExplainOptions): Promise<string> {
  const meant = await otherCase(referralId, options);
  if (meant !== null) return `there is ${meant}`;
  const { from, stage } = options;
  const place = stage === undefined ? '' : ` --stage ${stage}`;
  const named = await otherName(referralId, options);
  if (named !== null) {
    const where = from === undefined ? place : ` --from ${quoted(from)}`;
    return `it is ${named.what} of ${named.referralId}: \`npx loopwatch explain ${quoted(named.referralId)}${where}\``;
  }
  if (REFERRAL_HASH.test(referralId))
    return `if it is the hash in a line of a log: \`npx loopwatch find ${referralId} --stage ${stage ?? 'NAME'}\``;
  if (from === undefined && stage === undefined)
    return 'for what `npx loopwatch replay` wrote say --from FOLDER; what was refused or waits: `npx loopwatch quarantine list`';
  return from === undefined
    ? `what was refused or waits: \`npx loopwatch quarantine list${place}\``
    : 'what was refused, waits or was passed over: `npx loopwatch dialect try`';
}

/** Of which referral it is another number, such as that of an appointment. */
async function otherName(number: string, { from, stage }: ExplainOptions): Promise<OtherName | null> {
  if (from !== undefined) return nameInFolder(from, number);
  if (stage !== undefined) return onStage(stage, ['operations'], (tables) => nameInTables(tables, number));
  return inInstance(({ tables }) => nameInTables(tables, number));
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
  return inInstance(({ tables, now }) => historyInTables(tables, referralId, now));
}

/** Looks into the tables of the demo that is running. */
async function inInstance<T>(look: (instance: { tables: Tables; now: Instant }) => Promise<T>): Promise<T> {
  const instance = runningInstance('or name a folder with --from or a deployed stage with --stage');
  const client = newDynamoClient(instance.endpoints.dynamodb);
  try {
    return await look({ tables: { client, names: instance.tables }, now: instanceNow(instance) });
  } finally {
    client.destroy();
  }
}
