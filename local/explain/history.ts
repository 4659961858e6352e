import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Directory } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant, parseInstant } from '../../shared/contracts/instant.ts';
import { receiverIn } from '../../shared/contracts/mail.ts';
import { mailRows } from '../../shared/contracts/mail-rows.ts';
import type { AlertRow, MailRow } from '../../shared/contracts/output.ts';
import { alertRow, byAlert } from '../../shared/domain/export-rows.ts';
import { utcDate } from '../../shared/domain/mail/mail-id.ts';
import { operationsRecipient } from '../../shared/domain/mail/recipients.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import type { MailStore } from '../../shared/store/mail-store.ts';
import type { LoggedEvent } from '../../shared/store/referral-store.ts';
import { KEPT_DAYS } from '../../shared/store/time-to-live.ts';
import { type Kept, keptOf } from './kept.ts';
import { nameInLog, type OtherName } from './other-names.ts';
import type { Tables } from './tables.ts';

/** A mail that lists the referral, with its rows about it. */
export type MailMention = Pick<MailRow, 'mailId' | 'kind' | 'recipient' | 'period' | 'sentAt'> & {
  /** Whose mail it is, if somebody else received it. Null: the recipient's own. */
  insteadOf: string | null;
  rows: { kind: string; section: string }[];
};

/** Everything that is kept about one referral: the input of `explain`. */
export interface History {
  referralId: string;
  log: LoggedEvent[];
  alerts: AlertRow[];
  mails: MailMention[];
  config: Config;
  /** The instant as of which outcomes are given. */
  now: Instant;
  /** What its item says beside that. Null: it has no item, only a log. Absent: a folder has no items. */
  kept?: Kept | null;
}

/** Which referral of a folder that `replay` wrote has a number that isn't its own id. Null: none. */
export const nameInFolder = (folder: string, number: string): OtherName | null =>
  nameInLog(rowsIn<LoggedEvent>(folder, 'log.ndjson'), number);

/** Reads a history from a folder that `replay` wrote. Null if the referral is not in it. */
export function historyInFolder(folder: string, referralId: string): History | null {
  const log = rowsIn<LoggedEvent>(folder, 'log.ndjson').filter(({ event }) => event.subject === referralId);
  if (log.length === 0) return null;
  const { until } = JSON.parse(readIn(folder, 'summary.json')) as { until: string };
  const config = JSON.parse(readIn(folder, 'config.json')) as Config;
  return {
    referralId,
    log,
    alerts: rowsIn<AlertRow>(folder, 'alerts.ndjson').filter((alert) => alert.referralId === referralId),
    mails: mentions(rowsIn<MailRow>(folder, 'mail.ndjson'), referralId, config.directory),
    config,
    now: parseInstant(until) ?? 0,
  };
}

function readIn(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    throw new Error(`${folder}: holds no readable ${name}; expected a folder that \`npx loopwatch replay\` wrote`);
  }
}

const rowsIn = <Row>(folder: string, name: string): Row[] =>
  readIn(folder, name)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);

/** Reads a history from the tables of an instance or a stage. Null if the referral is not in them. */
export async function historyInTables(
  { client, names }: Tables,
  referralId: string,
  now: Instant,
): Promise<History | null> {
  const { referrals, configs, mails } = dynamoStores(client, names);
  const [{ stored, log }, { config, version }] = await Promise.all([referrals.loadLog(referralId), configs.inForce()]);
  if (!stored) return log.length === 0 ? null : { referralId, log, alerts: [], mails: [], config, now, kept: null };
  const kept = await keptOf(stored, { config, version }, { client, names }, configs);
  const watched = unpackAlerts(stored);
  const alerts = watched.map(({ alert }) => alertRow(alert, stored.state, config.directory)).sort(byAlert);
  const since = Math.min(...watched.map(({ alert }) => alert.since));
  const sent = Number.isFinite(since) ? await mailsSince(mails, since, now) : [];
  return { referralId, log, alerts, mails: mentions(sent, referralId, config.directory), config, now, kept };
}

const READS_AT_ONCE = 16;

/**
 * The mails sent since an instant that may list referrals, oldest first, as far back as all of them are kept. Referrals
 * keep no list of the mails that show them.
 */
async function mailsSince(mails: MailStore, first: Instant, now: Instant) {
  const since = Math.max(first, now - (KEPT_DAYS.mail - 1) * DAY_MS);
  const days = Math.ceil((now - since) / DAY_MS) + 1;
  const dates = [
    ...new Set(Array.from({ length: days + 1 }, (_, day) => utcDate(Math.min(now, since + day * DAY_MS)))),
  ];
  const jobs = (await forEach(dates, READS_AT_ONCE, (date) => mails.dueOn(date))).flat();
  const sent = jobs
    .filter(({ status, kind }) => status === 'sent' && kind !== 'weekly_report')
    .sort((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0));
  return forEach(sent, READS_AT_ONCE, async ({ mailId, kind, period, sentAt }) => {
    const content = await mails.frozen(mailId);
    if (!content) throw new Error(`mail ${mailId} was sent, but what it said is not there`);
    return {
      mailId,
      kind,
      recipient: receiverIn(content).email,
      forPersonId: content.recipient.id,
      period,
      sentAt: formatInstant(sentAt ?? 0),
      rows: mailRows(content),
    };
  });
}

function mentions(
  mails: readonly Pick<MailRow, 'mailId' | 'kind' | 'recipient' | 'forPersonId' | 'period' | 'sentAt' | 'rows'>[],
  referralId: string,
  directory: Directory,
): MailMention[] {
  return mails.flatMap(({ mailId, kind, recipient, forPersonId, period, sentAt, rows }) => {
    const own = rows
      .filter((row) => row.referralId === referralId)
      .flatMap((row) => [row.kind, ...row.also].map((kind) => ({ kind, section: row.section })));
    if (own.length === 0) return [];
    const insteadOf = addressOf(forPersonId, directory) === recipient ? null : forPersonId;
    return [{ mailId, kind, recipient, insteadOf, period, sentAt, rows: own }];
  });
}

function addressOf(personId: string, directory: Directory): string | undefined {
  const operations = operationsRecipient(directory);
  return [operations, ...directory.people].find(({ id }) => id === personId)?.email;
}
