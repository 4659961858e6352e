import { type Rebuilt, rebuildReferral } from '../../functions/detect-breaches/rebuild-referral.ts';
import { DUE_SHARDS } from '../../infra/settings.ts';
import { plural } from '../../shared/mail/format-time.ts';
import { jitteredBackoff } from '../../shared/platform/backoff.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { errorName } from '../../shared/platform/logger.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { Table } from '../../shared/store/table.ts';
import type { Print } from '../cli/print.ts';
import { referralIdPages } from '../explain/referral-ids.ts';
import { Counting } from './counting.ts';
import { onTarget, type Target } from './target.ts';

export interface RebuildOptions {
  stage?: string;
  /** Only this one. */
  referral?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** What `rebuild --json` prints. */
export interface RebuildCounts extends Record<Exclude<Rebuilt, 'refolded'>, number> {
  dryRun: boolean;
  /** How many could not be made anew. */
  failed: number;
  /** The first of these, and why. */
  failures: { referralId: string; error: string }[];
}

const AT_ONCE = 8;
/** Ids name patients' referrals: not more than a person can look at. */
const MOST_NAMED = 20;

/**
 * `loopwatch rebuild`: makes referrals anew from their logs. Where nothing is wrong nothing is written; what is written is
 * due at once. Fails if one could not be made anew.
 */
export async function rebuild(options: RebuildOptions, print: Print): Promise<void> {
  const { stage, referral, dryRun = false, json = false } = options;
  const counts = await onTarget(stage, (target) => rebuildAll(target, { referral, dryRun }));
  print(json ? JSON.stringify(counts) : rebuildText(counts));
  if (referral !== undefined && counts.absent > 0) throw new Error(`${referral}: nothing is stored of it`);
  if (counts.failed > 0) throw new Error(`${plural(counts.failed, 'referral')} could not be rebuilt`);
}

async function rebuildAll(
  { tables: { client, names }, now }: Target,
  { referral, dryRun }: { referral: string | undefined; dryRun: boolean },
): Promise<RebuildCounts> {
  const { referrals, configs } = dynamoStores(client, { ...names, shards: DUE_SHARDS });
  const { config, version } = await configs.inForce();
  const counts: RebuildCounts = {
    ...{ dryRun, unchanged: 0, rebuilt: 0, absent: 0, retired: 0 },
    ...{ failed: 0, failures: [] },
  };
  const counting = new Counting('referrals');
  const seen = new Set<string>();
  for await (const ids of referral === undefined ? allIds(new Table(client, names.referrals)) : [[referral]]) {
    const fresh = ids.filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    const moment = { config, version, now, isDry: dryRun };
    const results = await settleEach(fresh, AT_ONCE, (id) =>
      rebuildReferral(id, moment, { referrals, backoff: jitteredBackoff }),
    );
    for (const [index, referralId] of fresh.entries()) note(referralId, results[index], counts);
    counting.show(seen.size);
  }
  counting.end();
  return counts;
}

async function* allIds(table: Table): AsyncGenerator<string[]> {
  for await (const { ids } of referralIdPages(table)) yield ids;
}

/** One that can't be computed on is counted; what is wrong with the stage itself ends the command. */
function note(referralId: string, result: PromiseSettledResult<Rebuilt> | undefined, counts: RebuildCounts): void {
  if (result?.status === 'fulfilled') {
    counts[result.value === 'refolded' ? 'rebuilt' : result.value] += 1;
    return;
  }
  if (!(result?.reason instanceof LastingError)) throw result?.reason;
  counts.failed += 1;
  if (counts.failures.length < MOST_NAMED) counts.failures.push({ referralId, error: errorName(result.reason) });
}

function rebuildText({ dryRun, unchanged, rebuilt, retired, failed, failures }: RebuildCounts): string {
  const lines = [
    `${plural(rebuilt, 'referral')} ${dryRun ? 'would be rebuilt' : 'rebuilt'}, ${unchanged} as they should be.`,
    ...(rebuilt > 0 && !dryRun ? ['The next detection run looks at what was rebuilt.'] : []),
    ...(retired > 0 ? [`${plural(retired, 'closed referral')} about to be removed, left alone.`] : []),
    ...(failed > 0 ? [`${plural(failed, 'referral')} can't be rebuilt:`] : []),
    ...failures.map(({ referralId, error }) => `  ${referralId}: ${error}`),
    ...(failed > failures.length ? [`  and ${failed - failures.length} more`] : []),
  ];
  return lines.join('\n');
}
