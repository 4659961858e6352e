/**
 * Trigger: EventBridge Scheduler, every 15 minutes, on the quarter hour UTC.
 * Reads: configuration; what is set aside; the due index; each referral that is due. After a new configuration was pushed:
 * how far the sweep has come, and every referral in the index, with its log.
 * Writes: each of these referrals, with its alerts and its next wake-up, in one put; how far the sweep has come; referrals
 * that are set aside, because nobody can compute on them.
 * Idempotency: a referral is put on condition of the version that was read; a run that comes again, later or beside
 * another, finds what the other wrote.
 * On failure: a referral that failed stays due, and the run fails, so that it is retried and alarmed; the next run sees it
 * in any case, however long the outage was. One that will fail again is set aside, and the run goes on: every run makes
 * it anew from its log and looks at it.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Instant } from '../../shared/contracts/instant.ts';
import { scheduleEvent } from '../../shared/contracts/schedule.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { logFailure } from '../../shared/platform/failure.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { failingIn } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { failWithoutDetail, publishMetrics } from '../../shared/platform/middleware.ts';
import { sweep, throwFailures } from '../../shared/platform/sweep.ts';
import { inForceWithShards, isUnconfigured, shardsOf } from '../../shared/store/config-store.ts';
import { isUnwatched, type SetAside, setAsideUnlessAll } from '../../shared/store/set-aside-store.ts';
import { detectReferral } from './detect-referral.ts';
import { type Rebuilt, rebuildReferral } from './rebuild-referral.ts';
import { tryAgain } from './set-aside.ts';
import { isToBeSwept, type SweepDeps, sweepConfig } from './sweep-config.ts';

export interface DetectDeps extends SweepDeps {
  /** Into how many shards the due index is divided. */
  shards: number;
  backoff: Backoff;
  metrics: Metrics;
}

/** What a run did. */
export interface DetectionRun {
  run: Instant;
  looked: number;
  alertsWritten: number;
  /** Time ran out; the next run goes on. */
  cutShort: boolean;
}

const REFERRALS_AT_ONCE = 16;
/** What the sweeps leave of a run's time to what is set aside: however far behind they are, it is looked at, too. */
const KEPT_FOR_ASIDES_MS = 30_000;

async function detect(run: Instant, remainingMs: () => number, deps: DetectDeps): Promise<DetectionRun> {
  const { referrals, configs, setAsides, log, metrics } = deps;
  const inForce = await inForceWithShards(configs, deps.shards);
  const { config, version } = inForce;
  const result: DetectionRun = { run, looked: 0, alertsWritten: 0, cutShort: false };
  const bad = new Map<string, LastingError>();
  const look = async (referralId: string): Promise<boolean> => {
    const { isWritten, alerts } = await detectReferral(referralId, { config, version, run }, deps);
    result.alertsWritten += alerts;
    result.looked += 1;
    return isWritten;
  };
  // One read for the whole run, as far as it sets nothing aside itself. If it fails it is tried again below.
  let unread: LastingError[] = [];
  const readAsides = (): Promise<SetAside[]> => {
    unread = [];
    return setAsides.all((error) => unread.push(error));
  };
  const before = await readAsides().catch(() => null);
  const aside = new Set(before?.filter(isUnwatched).map(({ referralId }) => referralId));
  const keptMs = before?.length === 0 ? 0 : KEPT_FOR_ASIDES_MS;
  const remainingToSweepMs = (): number => remainingMs() - keptMs;
  let oldestDue = run;
  const shards = shardsOf(inForce.shardCounts);
  const swept = await sweep({
    shards,
    shardsAtOnce: shards.length,
    itemsAtOnce: REFERRALS_AT_ONCE,
    pages: (shard) => referrals.due(shard, run),
    visit: async ({ referralId, wakeAt }) => {
      // What is set aside stays due for as long as it takes, is tried again below, and says nothing of how far the runs
      // are behind.
      if (aside.has(referralId)) return;
      try {
        await look(referralId);
      } catch (error) {
        if (!(error instanceof LastingError)) throw error;
        bad.set(referralId, error);
        return;
      } finally {
        if (!bad.has(referralId)) oldestDue = Math.min(oldestDue, wakeAt);
      }
    },
    referralIdOf: ({ referralId }) => referralId,
    remainingMs: remainingToSweepMs,
    log,
  });
  result.cutShort = swept.cutShort;
  const failures = swept.failures.map(({ error }) => error);
  failures.push(...(await setAsideUnlessAll(bad, result.looked, { by: 'detect-breaches', now: run }, deps)));
  if (swept.cutShort) metrics.count('RunsCutShort', 1);
  let isNews = bad.size > 0;
  let isApplied = inForce.pushedAt === inForce.appliedPush;
  // What is due comes first: a new configuration may take its time.
  if (!result.cutShort && isToBeSwept(inForce, run)) {
    const sweeping = await sweepConfig(inForce, { run, remainingMs: remainingToSweepMs, aside }, look, deps);
    isNews ||= sweeping.setAside > 0;
    isApplied = sweeping.finished;
    result.cutShort = !sweeping.finished;
    failures.push(...sweeping.failures);
  }
  if (!isApplied) metrics.gauge('UnappliedConfigurationMilliseconds', run - inForce.pushedAt);
  const attempt = async (referralId: string): Promise<Rebuilt> => {
    const rebuilt = await rebuildReferral(referralId, { config, version, now: run }, deps);
    await look(referralId);
    return rebuilt;
  };
  const asides = before === null || isNews ? await readAsides() : before;
  for (const error of unread) await logFailure(log, 'ITEM_UNREADABLE', error);
  // Whose a note is that can't be read nobody knows, so nobody tries it again.
  const setAside = unread.length + (await tryAgain({ run, remainingMs }, asides, attempt, deps));
  const failedShards = new Set(swept.failures.map(({ shard }) => shard)).size;
  metrics.gauge('SweepLagMilliseconds', run - oldestDue);
  if (setAside > 0) metrics.count('ReferralsSetAside', setAside);
  log.info('RUN_FINISHED', { ...result, setAside, sweepLagMs: run - oldestDue, failedShards });
  throwFailures(failures);
  return result;
}

export function createHandler(deps: DetectDeps) {
  return middy()
    .use(publishMetrics(deps.metrics))
    .use(failWithoutDetail(deps.log, { isIdle: isUnconfigured }))
    .handler((event: unknown, context: Context) =>
      detect(scheduleEvent.parse(event).time, () => context.getRemainingTimeInMillis(), {
        ...deps,
        log: failingIn(deps.log, { requestId: context.awsRequestId }),
      }),
    );
}
