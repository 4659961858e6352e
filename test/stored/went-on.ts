import type { MemoryStage } from '../../local/memory-stage/memory-stage.ts';
import { deskOf } from '../../local/operate/quarantine-list.ts';
import { replay } from '../../local/operate/quarantine-replay.ts';
import { type Standing, standingOf } from '../../local/operate/quarantine-selection.ts';
import type { Target } from '../../local/operate/target.ts';
import { goOn } from '../../local/stored/go-on.ts';
import { openStored, type Stored } from '../../local/stored/stored-file.ts';
import { HOUR_MS } from '../../shared/contracts/duration.ts';
import type { MailContent } from '../../shared/contracts/mail.ts';
import type { Alert } from '../../shared/contracts/state.ts';
import { alertKey } from '../../shared/domain/alert/detect.ts';
import type { Log, LogCode } from '../../shared/platform/logger.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { REFERRAL, referralIdOf } from '../../shared/store/keys.ts';
import { type MailJob, mailJob } from '../../shared/store/mail-store.ts';

/** A stage that a release stopped on goes on under this one, until all that arrives later has arrived. */

/** What a stage holds at an instant, as this release reads it. */
export interface Held {
  mails: Map<string, MailJob>;
  contents: Map<string, MailContent>;
  /** Stored reports as they are, by period and scope. */
  reports: Map<string, Item>;
  /** By referral, kind and instance. */
  alerts: Map<string, Alert>;
  /** Referrals that take no more events, and those whose items are about to be removed. */
  retired: string[];
  expiring: string[];
  /** Referrals that are set aside. */
  aside: string[];
  /** What waits for its referral. */
  waiting: string[];
  messages: { dead: number; waiting: number };
}

export interface WentOn {
  stage: MemoryStage;
  before: Held;
  after: Held;
  /** What was logged that isn't in a day's work. */
  troubles: object[];
  /** What became of what lay in quarantine because it had come too early: sent again, and looked at in the end. */
  replayed: { sent: number; takenIn: number };
  /** What lay there because it was wrong was sent again, too: where each stands in the end. */
  wrong: { sent: number; standings: Standing[] };
}

/** What is logged when all is well. */
const ALL_IS_WELL: readonly LogCode[] = ['KEYS_OF_ANOTHER_REFERRAL', 'MAIL_SKIPPED', 'PASSED_OVER'];

const WRONG = ['invalid', 'malformed', 'unknown_type'] as const;

export async function wentOn(stored: Stored): Promise<WentOn> {
  const troubles: object[] = [];
  const note = (code: LogCode, figures?: Record<string, unknown>): void => {
    // What is set aside is tried again until all who met it can read it.
    const isTried = code === 'SET_ASIDE_TRIED' && figures?.failed === 0;
    if (!isTried && !ALL_IS_WELL.includes(code)) troubles.push({ code, ...figures });
  };
  const log: Log = { info: () => {}, warn: note, error: note };
  const stage = await openStored(stored, log);
  const before = await heldBy(stage);
  const { arrivals, now } = stored;
  const end = Math.max(...arrivals.map(({ sentAt }) => sentAt)) + HOUR_MS;
  await goOn(stage, { arrivals, until: now + 3 * HOUR_MS });
  const early = { reason: 'time_in_future' } as const;
  const { sent } = await replay(targetOf(stage), early, { dryRun: false, wait: 0 });
  const wrong = { sent: 0, standings: [] as Standing[] };
  for (const reason of WRONG)
    wrong.sent += (await replay(targetOf(stage), { reason }, { dryRun: false, wait: 0 })).sent;
  await goOn(stage, { arrivals, until: end, everyMs: HOUR_MS });
  for (const reason of WRONG) {
    for await (const page of deskOf(targetOf(stage)).pages(reason)) {
      const again = page.filter(({ replayedAt = 0 }) => replayedAt > now);
      wrong.standings.push(...again.map(standingOf));
    }
  }
  const { takenIn } = await replay(targetOf(stage), early, { dryRun: true, wait: 0 });
  return { stage, before, after: await heldBy(stage), troubles, replayed: { sent, takenIn }, wrong };
}

const targetOf = ({ client, names, sqs, time, queueUrl }: MemoryStage): Target => ({
  ...{ name: 'a stage in memory', tables: { client, names }, sqs, now: time.now() },
  queueUrl: async (purpose) => queueUrl(purpose),
});

export async function referralIds(stage: MemoryStage): Promise<string[]> {
  const items = await stage.items('referrals');
  return items.filter(({ sk }) => sk === REFERRAL).map(({ pk }) => referralIdOf(String(pk)));
}

async function heldBy(stage: MemoryStage): Promise<Held> {
  const { stores } = stage;
  const [referrals, operations] = [await stage.items('referrals'), await stage.items('operations')];
  const under = (prefix: string): Item[] => operations.filter(({ pk }) => String(pk).startsWith(prefix));
  const jobs = under('mail#').map((item) => mailJob.parse(item));
  const contents = new Map<string, MailContent>();
  for (const { mailId } of jobs) {
    const content = await stores.mails.frozen(mailId);
    if (content !== null) contents.set(mailId, content);
  }
  const alerts = new Map<string, Alert>();
  for (const referralId of await referralIds(stage)) {
    const stored = await stores.referrals.load(referralId);
    for (const { alert } of stored ? unpackAlerts(stored) : []) alerts.set(`${referralId} ${alertKey(alert)}`, alert);
  }
  const having = (attribute: string): string[] =>
    referrals.filter((item) => item.sk === REFERRAL && item[attribute] !== undefined).map(({ pk }) => String(pk));
  return {
    mails: new Map(jobs.map((job) => [job.mailId, job])),
    contents,
    reports: new Map(under('report#').map((item) => [`${item.pk} ${item.sk}`, item])),
    alerts,
    retired: having('retiredAt'),
    expiring: having('expiresAt'),
    aside: (await stores.setAsides.all()).map(({ referralId }) => referralId),
    waiting: under('unmatched#').map(({ pk }) => String(pk)),
    messages: await stage.undone(),
  };
}
