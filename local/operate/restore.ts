import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { rebuildReferral } from '../../functions/detect-breaches/rebuild-referral.ts';
import { DUE_SHARDS } from '../../infra/settings.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { jitteredBackoff } from '../../shared/platform/backoff.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { isUnconfigured } from '../../shared/store/config-store.ts';
import { fromItem } from '../../shared/store/dynamo.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { EVENTS, REFERRAL, referralIdOf } from '../../shared/store/keys.ts';
import { mailJob, type UrgentRef } from '../../shared/store/mail-store.ts';
import { readItem } from '../../shared/store/read-item.ts';
import type { ReferralStore, StoredAlert } from '../../shared/store/referral-store.ts';
import { changeAlerts } from '../../shared/store/urgent-mail.ts';
import type { Print } from '../cli/print.ts';
import { confirmed } from './confirm.ts';
import { Counting } from './counting.ts';
import { type Item, putter } from './put-back.ts';
import { heldPutter, isOfHeld } from './put-back-held.ts';
import { onTarget, type Target } from './target.ts';
import { UsageError } from './usage-error.ts';

/**
 * `loopwatch restore`: puts back what a stage's tables lack from tables that were restored to an earlier time. The stage's
 * own tables stay what they are, so what has happened since is kept, and so is what was mailed. Whatever this ends after, the
 * same command goes on from there.
 */
export interface RestoreOptions {
  stage?: string;
  /** The restored table of referrals. */
  referrals?: string;
  /** The restored table of operations. */
  operations?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** What `restore --json` prints. */
export interface RestoreCounts {
  dryRun: boolean;
  /** Items of the restored tables. */
  read: number;
  /** Items that the stage lacked, or events that could not be read or said something else. */
  putBack: number;
  /** Referrals that were made anew from their logs. */
  rebuilt: number;
  /** Referrals that can't be: `rebuild` names them. */
  failed: number;
}

const AT_ONCE = 8;

export async function restore(options: RestoreOptions, print: Print): Promise<void> {
  const { stage, referrals, operations, dryRun = false, yes = false, json = false } = options;
  if (referrals === undefined && operations === undefined) {
    throw new UsageError('name the restored table with --referrals TABLE, with --operations TABLE, or both');
  }
  await onTarget(stage, async (target) => {
    if (!dryRun && !(await confirmed(`Put back into ${target.name} what it lacks`, yes))) return;
    const counts = await restoreInto(target, { referrals, operations }, dryRun);
    print(json ? JSON.stringify(counts) : restoreText(counts));
  });
}

/** Operations first: they say what was mailed. */
export async function restoreInto(
  target: Target,
  from: { referrals?: string | undefined; operations?: string | undefined },
  isDry = false,
): Promise<RestoreCounts> {
  const { client, names } = target.tables;
  const counts: RestoreCounts = { dryRun: isDry, read: 0, putBack: 0, rebuilt: 0, failed: 0 };
  if (from.operations !== undefined) {
    const putBack = putter(client, names.operations, isDry);
    const putHeld = heldPutter(target.tables, from.operations, isDry, putBack);
    await eachItem(client, from.operations, counts, async (item) => {
      const next = asOperations(item, target.now);
      if (next !== null && (await (isOfHeld(next) ? putHeld : putBack)(next))) counts.putBack += 1;
    });
  }
  if (from.referrals !== undefined) {
    const putBack = putter(client, names.referrals, isDry);
    const ids = new Set<string>();
    await eachItem(client, from.referrals, counts, async (item) => {
      const sk = item.sk?.S ?? '';
      // A referral itself says what was so then. It is made from its log.
      if (sk === REFERRAL || sk.startsWith(EVENTS)) ids.add(referralIdOf(item.pk?.S ?? ''));
      if (sk !== REFERRAL && !isExpired(item, target.now) && (await putBack(item))) counts.putBack += 1;
    });
    await rebuildAll(target, ids, counts);
  }
  return counts;
}

async function eachItem(
  client: DynamoDBClient,
  TableName: string,
  counts: RestoreCounts,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  const counting = new Counting(`items of ${TableName}`);
  for await (const Items of restoredPages(client, TableName)) {
    await forEach(Items, AT_ONCE, visit);
    counts.read += Items.length;
    counting.show(counts.read);
  }
  counting.end();
}

/** The items of a restored table. An error names that table: another table's name may have been meant. */
async function* restoredPages(client: DynamoDBClient, TableName: string): AsyncGenerator<Item[]> {
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) yield Items;
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ResourceNotFoundException') throw new UsageError(`no table ${TableName} in this account and region`);
    if (name === 'AccessDeniedException') {
      throw new Error(`these credentials may not read the table ${TableName}: ${message}`, { cause: error });
    }
    throw error;
  }
}

const isExpired = ({ expiresAt }: Item, now: Instant): boolean => Number(expiresAt?.N) * 1000 <= now;

/** Which is as good as sent: whoever should have got it may have. Their next digest says what is still open. */
const NOT_AGAIN = { S: 'superseded' };
const UNENDED = ['planned', 'queued', 'claimed'];

/** An item of the operations table as it is put back so that nothing is mailed again. Null: it isn't put back. */
function asOperations(item: Item, now: Instant): Item | null {
  const pk = item.pk?.S ?? '';
  if (isExpired(item, now) || pk === 'report-attempt' || pk.startsWith('sweep#')) return null;
  if (pk.startsWith('mail#')) return UNENDED.includes(item.status?.S ?? '') ? { ...item, status: NOT_AGAIN } : item;
  if (pk !== 'config' || item.sk?.S !== 'current') return item;
  // Nothing is owed for the time before: it was planned and mailed, and nobody knows what.
  const at = { N: String(now) };
  const { reportsFinished, version } = item;
  return {
    ...item,
    ...{ since: at, reportsUntil: at, plannedUntil: at },
    ...(version && { plannedVersion: version }),
    ...(reportsFinished && { reportsPlanned: reportsFinished }),
  };
}

/** Makes anew what isn't as its log says, and notes in it what was mailed urgently. */
async function rebuildAll({ tables, now }: Target, ids: ReadonlySet<string>, counts: RestoreCounts): Promise<void> {
  const { client, names } = tables;
  const { referrals, configs } = dynamoStores(client, { ...names, shards: DUE_SHARDS });
  const inForce = await configs.inForce().catch((error: unknown) => {
    // It comes back with the operations.
    if (counts.dryRun && isUnconfigured(error)) return null;
    throw error;
  });
  if (inForce === null) return;
  const moment = { ...inForce, now, isDry: counts.dryRun };
  const told = await urgentMails(client, names.operations);
  await forEach(ids, AT_ONCE, async (referralId) => {
    try {
      const became = await rebuildReferral(referralId, moment, { referrals, backoff: jitteredBackoff });
      if (became === 'rebuilt' || became === 'refolded') counts.rebuilt += 1;
      // Also if it is as it should be: this may have ended between the two before.
      const mails = told.get(referralId) ?? [];
      if (!counts.dryRun && mails.length > 0) await noteTold(referralId, mails, referrals);
    } catch (error) {
      if (!(error instanceof LastingError)) throw error;
      counts.failed += 1;
    }
  });
}

type Told = UrgentRef & { to: string; mailId: string };

/** Which alerts urgent mails have told of, by referral. */
async function urgentMails(client: DynamoDBClient, TableName: string): Promise<Map<string, Told[]>> {
  const all: Told[] = [];
  const sent = {
    FilterExpression: 'begins_with(pk, :mail) AND #kind = :urgent AND #status = :sent',
    ExpressionAttributeNames: { '#kind': 'kind', '#status': 'status' },
    ExpressionAttributeValues: { ':mail': { S: 'mail#' }, ':urgent': { S: 'urgent_alert' }, ':sent': { S: 'sent' } },
  };
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ...sent })) {
    for (const item of Items) {
      const { urgent, personId, mailId } = readItem(mailJob, fromItem(item), 'operations mail#<UTC date> <mail>');
      all.push(...urgent.map((ref) => ({ ...ref, to: personId, mailId })));
    }
  }
  return Map.groupBy(all, ({ referralId }) => referralId);
}

/** Notes of alerts that mails have told of them. One that detection found meanwhile waits for another mail to the same person. */
async function noteTold(referralId: string, told: readonly Told[], referrals: ReferralStore): Promise<void> {
  const noted = (item: StoredAlert): StoredAlert => {
    const { alert, urgentMail } = item;
    if (urgentMail !== null && urgentMail.is !== 'pending') return item;
    const mail = told.findLast(
      ({ to, kind, instance, since }) =>
        (urgentMail === null || to === urgentMail.to) &&
        kind === alert.kind &&
        instance === alert.instance &&
        since === alert.since,
    );
    return mail === undefined
      ? item
      : { ...item, urgentMail: { ...urgentMail, to: mail.to, is: `mail:${mail.mailId}` } };
  };
  await changeAlerts(referralId, noted, { referrals, backoff: jitteredBackoff });
}

function restoreText({ dryRun, read, putBack, rebuilt, failed }: RestoreCounts): string {
  return [
    `${plural(read, 'item')} read; ${plural(putBack, 'item')} ${dryRun ? 'would be' : ''} put back, ${plural(rebuilt, 'referral')} rebuilt.`,
    ...(failed > 0 ? [`${plural(failed, 'referral')} can't be rebuilt: \`npx loopwatch rebuild\` names them.`] : []),
    ...(dryRun
      ? ['Nothing was changed. More referrals may be rebuilt once their events are back.']
      : ['The next detection run looks at what was rebuilt.']),
  ]
    .join('\n')
    .replace('  ', ' ');
}
