import { stripVTControlCharacters } from 'node:util';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatDate, formatTime } from '../../shared/mail/format-time.ts';
import { explain } from '../explain/explanation.ts';
import { historyInTables } from '../explain/history.ts';
import { explanationText } from '../explain/text.ts';
import { type Inbox, startInbox } from '../inbox/inbox.ts';
import { runInRealTime, type Turn } from '../pipeline/in-real-time.ts';
import { toArrivals } from '../pipeline/input.ts';
import { runSession, type Session } from '../pipeline/session.ts';
import type { Likeness } from '../simulate/profile.ts';
import { sizeOf } from '../simulate/profiles.ts';
import { simulate } from '../simulate/simulate.ts';
import { ORGANIZATION_ZONE } from '../simulate/zone.ts';
import { WIDTH } from './columns.ts';
import { demoText, summaryOf } from './demo-summary.ts';
import { removeInstance, writeInstance } from './instance.ts';
import type { Print } from './print.ts';
import { Progress } from './progress.ts';
import { failForUndone } from './undone.ts';

export interface DemoOptions {
  exit?: boolean;
  json?: boolean;
  /** All counts, and what it would cost on AWS. */
  verbose?: boolean;
  like?: Likeness;
  /** Without them as many as an organization like that has. */
  referrals?: number;
  weeks?: number;
  seed: number;
}

/** Weeks that are run in full. Before them only facts are taken in, for the figures that look back. */
const RECENT_WEEKS = 8;
const WEEK_MS = 7 * DAY_MS;
/** Rate of the older weeks of the usual organization, as a share: enough for a history, and done within a minute. */
const THIN = 0.1;
const FILE = 'demo.ndjson';

/** Runs a fictitious organization through the pipeline, prints a summary, and stays up until it is stopped. */
export async function demo(
  { exit = false, json = false, verbose = false, like, seed, ...given }: DemoOptions,
  print: Print,
): Promise<void> {
  const started = performance.now();
  new Progress(0).begin('Making up an organization and its referrals …');
  const size = sizeOf({ like, ...given });
  const history = like === undefined ? { thin: THIN } : {};
  const { lines, policy, directory, until } = simulate({ ...size, ...history, seed, like });
  const config = { policy, directory };
  const arrivals = toArrivals(
    lines.map((body, index) => ({ body, file: FILE, position: index + 1 })),
    until,
  );
  const detectFrom = until - Math.min(size.weeks, RECENT_WEEKS) * WEEK_MS;
  const progress = new Progress(arrivals.length);
  const session = await runSession({
    config,
    arrivals,
    until,
    detectFrom,
    // The history goes without detection, and much quicker; it is taken in at that very instant.
    onStep: (at, delivered) =>
      progress.show(delivered, formatDate(at, ORGANIZATION_ZONE), { estimates: at > detectFrom }),
  });
  const inbox = exit ? null : await inboxOf(session, config);
  try {
    progress.end();
    const summary = summaryOf(session, inbox?.url ?? null, (performance.now() - started) / 1000);
    if (json) print(JSON.stringify(summary));
    else print(demoText(summary, { ...size, verbose, from: detectFrom, config, staysUp: !exit }));
    failForUndone(summary);
    if (inbox) await stayUp(session, inbox, json ? () => {} : print);
  } finally {
    await inbox?.close();
    await session.close();
  }
}

/** The mails as a web page. A referral's link, which leads into the records of an organization, shows its history. */
function inboxOf({ pipeline }: Session, { directory: { organization, people } }: Config): Promise<Inbox> {
  const { dynamodb: client, resources, time } = pipeline;
  const { referrals = '', operations = '' } = resources.tables;
  return startInbox(pipeline.sent, {
    timeZone: organization.timeZone,
    zones: new Map(people.map(({ email, timeZone }) => [email, timeZone])),
    ...(organization.referralUrl && { referralUrl: organization.referralUrl }),
    history: async (referralId) => {
      const tables = { client, names: { referrals, operations } };
      const history = await historyInTables(tables, referralId, time.now());
      return history && stripVTControlCharacters(explanationText(explain(history), WIDTH));
    },
  });
}

/** Takes in what arrives until Ctrl-C, or until the parent process ends this one. */
async function stayUp({ pipeline }: Session, { url: inboxUrl }: Inbox, print: Print): Promise<void> {
  const { endpoints, resources, time } = pipeline;
  const { referrals = '', operations = '' } = resources.tables;
  const queueUrl = resources.queues['referral-events']?.url ?? '';
  const announce = (): void =>
    writeInstance({ endpoints, queueUrl, tables: { referrals, operations }, inboxUrl }, time.now());
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  announce();
  try {
    await runInRealTime(pipeline, stop.signal, (turn) => {
      announce();
      if (turn.events + turn.alertsWritten + turn.mails > 0) print(turnText(turn));
    });
  } finally {
    removeInstance();
  }
}

function turnText({ run, events, alertsWritten, mails }: Turn): string {
  const time = formatTime(run, ORGANIZATION_ZONE);
  return `  ${time}  messages taken in: ${events}, alerts changed: ${alertsWritten}, mails: ${mails}`;
}
