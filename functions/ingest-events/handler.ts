/**
 * Trigger: SQS referral-events, in batches.
 * Reads: configuration, once a minute; the log and projection of each referral named; a practice's event that is
 * repeated; once, which types of event feeds have sent. Of what came in another dialect: what its keys stand for, and what
 * waits for them.
 * Writes: event log, projections (with when they are due); replaced words; practice events; feeds heard, and with what;
 * quarantine, and that something was refused; referrals that are set aside; names of referrals, and what waits for one.
 * Idempotency: an event is put on condition of its absence, a projection on condition of its version; the same message
 * again finds its events in the log and changes nothing. What follows from an event once it is in the log is written
 * again, on condition, with the arrival that the log has: whoever died in between has lost nothing.
 * On failure: only what failed goes back to the queue (partial batch response), after maxReceiveCount to the dead-letter
 * queue. Bad input is not a failure: it goes to the quarantine with a reason. Nor is a referral that can't be read or
 * folded, or put: its events are kept, and then it is set aside.
 */
import middy from '@middy/core';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { subjectKindOf } from '../../shared/contracts/event.ts';
import { cached } from '../../shared/platform/cached.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { ReferralError } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { publishMetrics, reportItemFailures } from '../../shared/platform/middleware.ts';
import type { AliasStore } from '../../shared/store/alias-store.ts';
import {
  type ConfigInForce,
  type ConfigStore,
  inForceWithShards,
  isUnconfigured,
} from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';
import type { PracticeStore } from '../../shared/store/practice-store.ts';
import type { UnmatchedStore } from '../../shared/store/unmatched-store.ts';
import { Failures } from './failures.ts';
import { ingestReferral, type Progress, type ReceivedEvent, type ReferralDeps } from './ingest-referral.ts';
import { noteFeeds } from './note-feeds.ts';
import { quarantineItem } from './quarantine-item.ts';
import { type Received, readRecord, settingOf } from './read-record.ts';
import { type Sorted, sortOut } from './sort-out.ts';
import type { Afterwards } from './tying.ts';

export interface IngestDeps extends ReferralDeps {
  configs: ConfigStore;
  feeds: FeedStore;
  practices: PracticeStore;
  aliases: AliasStore;
  unmatched: UnmatchedStore;
  /** Into how many shards the due index is divided. */
  shards: number;
  metrics: Metrics;
}

/**
 * A body of thousands of members may take longer than the function has. What is done stays done, so a redelivery gets
 * further.
 */
class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/** The dependencies, with the configuration in force as it was a minute ago at most. */
type Deps = IngestDeps & {
  recentConfig: () => Promise<ConfigInForce>;
  /** Throws if nothing more may be begun. */
  inTime: () => void;
};

const REFERRALS_AT_ONCE = 8;
/** For what has begun, and for settling what is done. */
const RESERVE_MS = 15_000;
/** Far shorter than detection waits before it sweeps under a new configuration. */
const CONFIG_KEPT_MS = MINUTE_MS;

/** Takes a batch in. @returns each record's own result, settled, for the middleware */
async function ingest(event: SQSEvent, deps: Deps): Promise<PromiseSettledResult<unknown>[]> {
  const failures = new Failures();
  const counts = { events: 0, duplicates: 0, refused: 0, passedOver: 0, held: 0 };
  const progress: Progress = { counts, kept: [] };
  const received = await readAll(event.Records, deps, failures);
  const { groups, others, afterwards } = await sortOut(received, deps, failures, progress);
  const failed = await ingestReferrals([...groups], deps, failures, progress);
  await eachOr(failures, others, async (other) => {
    deps.inTime();
    await ingestOther(other, deps, progress);
  });
  for (const [record, { reason }] of await noteFeeds(progress.kept, deps)) failures.add(record, reason);
  await settle(afterwards, failed, failures);
  if (counts.refused > 0) deps.metrics.count('InputRefused', counts.refused);
  deps.log.info('EVENTS_INGESTED', { ...counts, records: event.Records.length, referrals: groups.size });
  return event.Records.map((record) => failures.resultOf(record));
}

/** Does work for each part; where it fails, its record comes back. */
async function eachOr<T extends { record: SQSRecord }>(
  failures: Failures,
  parts: readonly T[],
  work: (part: T) => Promise<void>,
): Promise<void> {
  const results = await settleEach(parts, REFERRALS_AT_ONCE, work);
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected') failures.add((parts[index] as T).record, result.reason);
  }
}

async function readAll(records: readonly SQSRecord[], deps: Deps, failures: Failures): Promise<Received[]> {
  const setting = async () => settingOf((await deps.recentConfig()).config);
  // A fault of ours that one body brings out holds up no other.
  const read = await settleEach(records, REFERRALS_AT_ONCE, (record) => readRecord(record, setting));
  for (const [index, result] of read.entries()) {
    if (result.status === 'rejected') failures.add(records[index] as SQSRecord, result.reason);
  }
  // Of a batch with a body of thousands of members the others are done first.
  return read
    .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    .toSorted((a, b) => a.length - b.length)
    .flat();
}

/** @returns the referrals of which something has to come back */
async function ingestReferrals(
  groups: readonly [referralId: string, received: ReceivedEvent[]][],
  deps: Deps,
  failures: Failures,
  progress: Progress,
): Promise<Set<string>> {
  const failed = new Set<string>();
  if (groups.length === 0) return failed;
  const { config, version } = await deps.recentConfig();
  const settled = await settleEach(groups, REFERRALS_AT_ONCE, async ([referralId, received]) => {
    deps.inTime();
    return ingestReferral(referralId, received, { config, version }, deps, progress);
  });
  for (const [index, [referralId, received]] of groups.entries()) {
    const result = settled[index] as PromiseSettledResult<Map<SQSRecord, unknown>>;
    for (const { record } of received) {
      const isBack = result.status === 'rejected' || result.value.has(record);
      if (!isBack) continue;
      failed.add(referralId);
      const reason = result.status === 'rejected' ? result.reason : result.value.get(record);
      failures.add(record, new ReferralError(referralId, reason));
    }
  }
  return failed;
}

/**
 * Lets go of what waited and settles its names, each referral's in their order. Not of a referral or by a record of which
 * something comes back: then a redelivery finds all that it has to.
 */
async function settle(
  afterwards: readonly Afterwards[],
  failed: ReadonlySet<string>,
  failures: Failures,
): Promise<void> {
  const due = afterwards.filter(({ referralId, record }) => !failed.has(referralId) && !failures.has(record));
  const chains = [...Map.groupBy(due, ({ referralId }) => referralId).values()];
  await settleEach(chains, REFERRALS_AT_ONCE, async (chain) => {
    for (const { record, run } of chain) {
      try {
        await run();
      } catch (error) {
        failures.add(record, error);
        // A name is settled only after what waited for it was let go.
        return;
      }
    }
  });
}

/** Refused input, and events whose subject isn't a referral. */
async function ingestOther(
  other: Sorted['others'][number],
  { quarantine, feeds, practices, unmapped, time }: IngestDeps,
  { counts, kept }: Progress,
): Promise<void> {
  if ('refusal' in other) {
    await quarantine.add(quarantineItem(other, other.refusal, time.now()));
    counts.refused += 1;
    return;
  }
  const { record, arrivedAt } = other;
  const { event } = other.accepted;
  switch (subjectKindOf(event)) {
    case 'practice': {
      const first = await practices.append(event, arrivedAt);
      kept.push({ record, source: event.source, type: event.type, arrivedAt: first.arrivedAt });
      if (first.written === 'written') counts.events += 1;
      else counts.duplicates += 1;
      return;
    }
    case 'feed':
      for (const field of other.accepted.unmapped) await unmapped.add({ event, arrivedAt, field });
      await feeds.markHeard(event.subject, event.time);
      counts.events += 1;
      return;
    case 'referral':
      throw new Error('an event of a referral belongs in its log');
  }
}

export function createHandler(deps: IngestDeps) {
  const { configs, shards, time, log } = deps;
  const recentConfig = cached(() => inForceWithShards(configs, shards), CONFIG_KEPT_MS, time);
  return middy<SQSEvent>()
    .use(publishMetrics(deps.metrics))
    .use(reportItemFailures(log, { isIdle: isUnconfigured }))
    .handler((event, context: { getRemainingTimeInMillis(): number }) => {
      const inTime = (): void => {
        if (context.getRemainingTimeInMillis() < RESERVE_MS) throw new OutOfTimeError();
      };
      return ingest(event, { ...deps, recentConfig, inTime });
    });
}
