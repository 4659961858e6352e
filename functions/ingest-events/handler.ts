/**
 * Trigger: SQS referral-events, in batches.
 * Reads: configuration, once a minute; the log and projection of each referral named; a practice's event that is
 * repeated; once, which types of event feeds have sent.
 * Writes: event log, projections (with when they are due); replaced words; practice events; feeds heard, and with what;
 * quarantine, and that something was refused; referrals that are set aside.
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
import type { Refusal } from '../../shared/contracts/refusal.ts';
import { type AcceptedEvent, type ReadMessage, readCloudEvent } from '../../shared/intake/cloudevents.ts';
import type { Backoff } from '../../shared/platform/backoff.ts';
import { cached } from '../../shared/platform/cached.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { type Log, ofReferral } from '../../shared/platform/logger.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { publishMetrics, reportItemFailures } from '../../shared/platform/middleware.ts';
import type { TimeSource } from '../../shared/platform/time-source.ts';
import {
  type ConfigInForce,
  type ConfigStore,
  inForceWithShards,
  isUnconfigured,
} from '../../shared/store/config-store.ts';
import type { FeedStore } from '../../shared/store/feed-store.ts';
import type { VersionedConfig } from '../../shared/store/fold-log.ts';
import type { PracticeStore } from '../../shared/store/practice-store.ts';
import { project } from '../../shared/store/projection.ts';
import type { QuarantineStore } from '../../shared/store/quarantine-store.ts';
import type { LoggedEvent, ReferralStore } from '../../shared/store/referral-store.ts';
import { type SetAsideStore, setAsideAll } from '../../shared/store/set-aside-store.ts';
import type { Refused } from '../../shared/store/sort-incoming.ts';
import type { UnmappedStore } from '../../shared/store/unmapped-store.ts';
import { type KeptEvent, noteFeeds } from './note-feeds.ts';
import { quarantineItem } from './quarantine-item.ts';

export interface IngestDeps {
  referrals: ReferralStore;
  configs: ConfigStore;
  quarantine: QuarantineStore;
  unmapped: UnmappedStore;
  feeds: FeedStore;
  practices: PracticeStore;
  setAsides: SetAsideStore;
  /** Into how many shards the due index is divided. */
  shards: number;
  time: TimeSource;
  backoff: Backoff;
  log: Log;
  metrics: Metrics;
}

/** The dependencies, with the configuration in force as it was a minute ago at most. */
type Deps = IngestDeps & { recentConfig: () => Promise<ConfigInForce> };

interface ReceivedRecord extends Pick<AcceptedEvent, 'unmapped'> {
  record: SQSRecord;
  logged: LoggedEvent;
}

interface Counts {
  events: number;
  duplicates: number;
  refused: number;
}

/** What a batch has come to so far. */
interface Progress {
  counts: Counts;
  kept: KeptEvent[];
}

const REFERRALS_AT_ONCE = 8;
/** Far shorter than detection waits before it sweeps under a new configuration. */
const CONFIG_KEPT_MS = MINUTE_MS;
const REFUSED: Record<Refused['reason'], string> = {
  id_reused: 'source and id were used before in this referral, with another type, time or data',
  limit: 'more than 2,000 events for one referral (2,100 for what ends, voids, reopens or retracts)',
  unmatched: 'the referral was closed longer ago than referrals are kept, and is being removed',
  too_large: 'one event of over 350 KB, as it is stored',
};
const UNFOLDABLE = 'with this event the referral can no longer be computed';
/** So often an event comes back with which its log can't be folded, for over an hour: a new release may be the reason. */
const MOST_RECEIVES = 12;

/** Takes a batch in. @returns each record's own result, settled, for the middleware */
async function ingest(event: SQSEvent, deps: Deps): Promise<PromiseSettledResult<unknown>[]> {
  const results = new Map<SQSRecord, PromiseSettledResult<unknown>>();
  const groups = new Map<string, ReceivedRecord[]>();
  const alone: { record: SQSRecord; read: ReadMessage; arrivedAt: number }[] = [];
  for (const record of event.Records) {
    const arrivedAt = Number(record.attributes.SentTimestamp);
    let read: ReadMessage;
    try {
      read = readCloudEvent(record.body, arrivedAt);
    } catch (reason) {
      // A fault of ours that one body brings out holds up no other.
      results.set(record, { status: 'rejected', reason });
      continue;
    }
    if ('event' in read && subjectKindOf(read.event) === 'referral') {
      const group = groups.get(read.event.subject) ?? [];
      const { event, sent, unmapped } = read;
      group.push({ record, logged: { event, arrivedAt, sent }, unmapped });
      groups.set(read.event.subject, group);
    } else {
      alone.push({ record, read, arrivedAt });
    }
  }

  const progress: Progress = { counts: { events: 0, duplicates: 0, refused: 0 }, kept: [] };
  const grouped = [...groups];
  for (const [record, result] of await ingestReferrals(grouped, deps, progress)) results.set(record, result);
  const others = await settleEach(alone, REFERRALS_AT_ONCE, ({ record, read, arrivedAt }) =>
    ingestOther(record, read, arrivedAt, deps, progress),
  );
  alone.forEach(({ record }, index) => {
    results.set(record, others[index] as PromiseSettledResult<unknown>);
  });
  for (const [record, failure] of await noteFeeds(progress.kept, deps)) results.set(record, failure);

  const settled = event.Records.map((record) => results.get(record) as PromiseSettledResult<unknown>);
  if (progress.counts.refused > 0) deps.metrics.count('InputRefused', progress.counts.refused);
  deps.log.info('EVENTS_INGESTED', { ...progress.counts, records: event.Records.length, referrals: grouped.length });
  return settled;
}

/** @returns the result of each referral's records, in their order */
async function ingestReferrals(
  groups: readonly [referralId: string, received: ReceivedRecord[]][],
  deps: Deps,
  progress: Progress,
): Promise<Map<SQSRecord, PromiseSettledResult<unknown>>> {
  const results = new Map<SQSRecord, PromiseSettledResult<unknown>>();
  if (groups.length === 0) return results;
  const { config, version } = await deps.recentConfig();
  const settled = await settleEach(groups, REFERRALS_AT_ONCE, ([referralId, received]) =>
    ingestReferral(referralId, received, { config, version }, deps, progress),
  );
  groups.forEach(([referralId, received], index) => {
    const result = settled[index] as PromiseSettledResult<Map<SQSRecord, unknown>>;
    for (const { record } of received) {
      const own: PromiseSettledResult<unknown> =
        result.status === 'fulfilled' && result.value.has(record)
          ? { status: 'rejected', reason: result.value.get(record) }
          : result;
      results.set(record, ofReferral(referralId, own));
    }
  });
  return results;
}

/** @returns which of its records failed by themselves, and why */
async function ingestReferral(
  referralId: string,
  received: ReceivedRecord[],
  versioned: VersionedConfig,
  deps: IngestDeps,
  { counts, kept }: Progress,
): Promise<Map<SQSRecord, unknown>> {
  const { referrals, unmapped, quarantine, time, backoff } = deps;
  const incoming = received.map(({ logged }) => logged);
  const { added, duplicates, refused, taken, failed, aside } = await project(referralId, incoming, {
    store: referrals,
    ...versioned,
    now: () => time.now(),
    backoff,
  });
  // After its events are in the log: detection, which may take it back at any time, then finds them there.
  if (aside !== null) await setAsideAll([[referralId, aside]], { by: 'ingest-events', now: time.now() }, deps);
  const recordOf = (logged: LoggedEvent) => received.find((each) => each.logged === logged) as ReceivedRecord;
  for (const { incoming, kept: first } of taken) await noteReplacedWords(first, recordOf(incoming).unmapped, unmapped);
  const refuse = async (logged: LoggedEvent, refusal: Pick<Refusal, 'reason' | 'detail'>): Promise<void> => {
    const { record } = recordOf(logged);
    const item = quarantineItem(record, { ...refusal, dialect: 'cloudevents' }, { ...logged, refusedAt: time.now() });
    await quarantine.add(item);
    counts.refused += 1;
  };
  for (const { logged, reason } of refused) await refuse(logged, { reason, detail: REFUSED[reason] });
  const back = new Map<SQSRecord, unknown>();
  for (const { logged, error } of failed) {
    const { record } = recordOf(logged);
    const isGivenUp = error instanceof LastingError && receivesOf(record) >= MOST_RECEIVES;
    if (isGivenUp) await refuse(logged, { reason: 'invalid', detail: UNFOLDABLE });
    else back.set(record, error);
  }
  for (const { incoming, kept: first } of taken) {
    const { source, type } = first.event;
    kept.push({ record: recordOf(incoming).record, source, type, arrivedAt: first.arrivedAt });
  }
  counts.events += added;
  counts.duplicates += duplicates;
  return back;
}

const receivesOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

/** Of repeated events too: whoever took one in may have died before its words were noted. */
async function noteReplacedWords(
  { event, arrivedAt }: LoggedEvent,
  fields: readonly string[],
  unmapped: UnmappedStore,
): Promise<void> {
  for (const field of fields) await unmapped.add({ event, field, arrivedAt });
}

/** Refused input, and events whose subject isn't a referral. */
async function ingestOther(
  record: SQSRecord,
  read: ReadMessage,
  arrivedAt: number,
  { quarantine, feeds, practices, time }: IngestDeps,
  { counts, kept }: Progress,
): Promise<void> {
  if ('refusal' in read) {
    await quarantine.add(quarantineItem(record, read.refusal, { arrivedAt, refusedAt: time.now() }));
    counts.refused += 1;
    return;
  }
  const { event } = read;
  switch (subjectKindOf(event)) {
    case 'practice': {
      const first = await practices.append(event, arrivedAt);
      kept.push({ record, source: event.source, type: event.type, arrivedAt: first.arrivedAt });
      if (first.written === 'written') counts.events += 1;
      else counts.duplicates += 1;
      return;
    }
    case 'feed':
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
    .handler((event) => ingest(event, { ...deps, recentConfig }));
}
