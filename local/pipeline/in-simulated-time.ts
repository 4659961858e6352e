import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { dailyMails, digestPeriods } from '../../shared/domain/mail/schedule.ts';
import { reportPeriods } from '../../shared/domain/report/periods.ts';
import { dueShard, URGENT } from '../../shared/store/keys.ts';
import { ownTables } from '../stand-ins/own-tables.ts';
import type { Arrival } from './input.ts';
import type { Pipeline } from './pipeline.ts';

export interface RunOptions {
  pipeline: Pipeline;
  config: Config;
  arrivals: readonly Arrival[];
  until: Instant;
  /** History: what arrives before this instant is taken in without detection and mail. */
  detectFrom?: Instant;
  onStep?: (at: Instant, delivered: number) => void;
}

const QUARTER_MS = 15 * MINUTE_MS;
const HISTORY_CHUNK = 500;
/**
 * A referral with this many messages has its batches handled one after the other: near the limit of its log it matters
 * which message arrives first.
 */
const FLOOD = 1_000;

/** The instant of the first detection run at or after an instant: runs are every quarter hour. */
export const runAtOrAfter = (instant: Instant): Instant => Math.ceil(instant / QUARTER_MS) * QUARTER_MS;

/**
 * Puts arrivals through the pipeline in simulated time, up to `until`. It steps from one quarter hour at which
 * something can happen to the next (a message arrives, a referral is due, the hour of a digest or report has come) and
 * skips the others. `onStep` gets the instant of each step and how many messages have been delivered so far.
 */
export async function runInSimulatedTime(options: RunOptions): Promise<void> {
  const { pipeline, config, until, detectFrom = Number.NEGATIVE_INFINITY, onStep } = options;
  const arrivals = options.arrivals
    .filter(({ deliverAt }) => deliverAt <= until)
    .toSorted((a, b) => a.deliverAt - b.deliverAt);
  const floods = floodsIn(arrivals);
  let delivered = 0;
  const deliverUpTo = async (instant: Instant): Promise<void> => {
    const from = delivered;
    while ((arrivals[delivered]?.deliverAt ?? Number.POSITIVE_INFINITY) <= instant) delivered += 1;
    if (delivered === from) return;
    // A message that arrives between two runs is handled, and possibly refused, at its own time.
    pipeline.time.moveTo(arrivals[delivered - 1]?.deliverAt ?? instant);
    await deliver(pipeline, arrivals.slice(from, delivered), floods);
  };

  const first = arrivals[0]?.deliverAt;
  if (first === undefined) return;
  pipeline.time.moveTo(first);
  await pipeline.pushConfig(config);
  if (detectFrom > first) {
    const end = Math.min(detectFrom, until);
    const history = arrivals.filter(({ deliverAt }) => deliverAt <= end);
    await takeHistory(pipeline, history, floods, end, onStep);
    delivered = history.length;
  }

  let last = Math.max(first, detectFrom) - 1;
  let hours: Hours = { digest: earliestDigest(config, last), report: earliestReport(config, last) };
  for (;;) {
    const next = nextRun(pipeline, [arrivals[delivered]?.deliverAt ?? null, hours.digest, hours.report], last);
    if (next === null || next > until) break;
    await deliverUpTo(next);
    hours = await runSchedules(pipeline, config, hours, next);
    onStep?.(next, delivered);
    last = next;
  }
  await deliverUpTo(until);
  pipeline.time.moveTo(until);
}

/** When the next digest and the next report are due. */
interface Hours {
  digest: Instant | null;
  report: Instant;
}

/** Calls the scheduled functions that have something to do at an instant. @returns the hours that come after it */
async function runSchedules(pipeline: Pipeline, config: Config, hours: Hours, at: Instant): Promise<Hours> {
  // If nothing is due, a run would query each shard and find nothing. That is half of all quarter hours.
  const wake = earliestWake(pipeline);
  if (wake !== null && wake <= at) await pipeline.invoke('detect-breaches', at);
  const reportIsDue = hours.report <= at;
  if (reportIsDue) await pipeline.invoke('write-reports', at);
  const urgent = firstEntry(pipeline, 'urgent', 'urgentKey', URGENT) !== undefined;
  const digestIsDue = hours.digest !== null && hours.digest <= at;
  if (urgent || digestIsDue || reportIsDue) await pipeline.mail(at);
  return {
    digest: digestIsDue ? earliestDigest(config, at) : hours.digest,
    report: reportIsDue ? earliestReport(config, at) : hours.report,
  };
}

/** Takes in what arrived before detection begins, at one instant. */
async function takeHistory(
  pipeline: Pipeline,
  arrivals: readonly Arrival[],
  floods: ReadonlySet<string | null>,
  at: Instant,
  onStep: RunOptions['onStep'],
): Promise<void> {
  pipeline.time.moveTo(at);
  let delivered = 0;
  for (const arrived of historyChunks(arrivals)) {
    await deliver(pipeline, arrived, floods);
    delivered += arrived.length;
    onStep?.(at, delivered);
  }
}

/** Keeps each referral's messages together, so that a referral costs one read and one projection. */
function historyChunks(arrivals: readonly Arrival[]): Arrival[][] {
  const chunks: Arrival[][] = [[]];
  for (const group of Map.groupBy(arrivals, ({ subject }) => subject).values()) {
    const chunk = chunks.at(-1) as Arrival[];
    if (chunk.length > 0 && chunk.length + group.length > HISTORY_CHUNK) chunks.push(group);
    else chunk.push(...group);
  }
  return chunks;
}

/** The next run after `last` at which something can happen: one of `known`, or a wake-up. Null if there is none. */
function nextRun(pipeline: Pipeline, known: readonly (Instant | null)[], last: Instant): Instant | null {
  const soonest = runAtOrAfter(last + 1);
  const instants = known.filter((instant) => instant !== null);
  // If it is the very next run anyway, there is no need to look for wake-ups.
  if (instants.some((instant) => instant <= soonest)) return soonest;
  const wake = earliestWake(pipeline);
  if (wake !== null) instants.push(wake);
  return instants.length === 0 ? null : Math.max(runAtOrAfter(Math.min(...instants)), soonest);
}

/** When the first referral is due; null if none is. */
function earliestWake(pipeline: Pipeline): Instant | null {
  const shards = Number(pipeline.resources.functions['detect-breaches'].env.DUE_SHARDS);
  const wakes = Array.from({ length: shards }, (_, shard) => dueHead(pipeline, dueShard(shards, shard)));
  const known = wakes.filter((wake) => wake !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** The first instant of a shard of the due index. */
function dueHead(pipeline: Pipeline, key: string): Instant | null {
  const head = firstEntry(pipeline, 'due', 'dueShard', key);
  return head?.wakeAt?.N === undefined ? null : Number(head.wakeAt.N);
}

/**
 * The first entry under a key of an index: from tables in memory, or from what the recorder has seen, as queries would cost
 * five requests a step.
 */
function firstEntry({ endpoints, recorder, resources }: Pipeline, IndexName: string, attribute: string, key: string) {
  return (ownTables(endpoints.dynamodb) ?? recorder).first(resources.tables.referrals ?? '', {
    IndexName,
    KeyConditionExpression: `${attribute} = :key`,
    ExpressionAttributeValues: { ':key': { S: key } },
  });
}

/** When the first digest after `after` is due; null if nobody gets one. */
function earliestDigest({ directory }: Config, after: Instant): Instant | null {
  const dues = dailyMails(directory).flatMap(
    ({ recipient }) => digestPeriods(recipient, after, after + 8 * DAY_MS)[0]?.dueAt ?? [],
  );
  return dues.length === 0 ? null : Math.min(...dues);
}

/** When the first report after `after` is due: on the next Monday at the latest. */
function earliestReport({ directory }: Config, after: Instant): Instant {
  const [first] = reportPeriods(directory.organization.timeZone, after, after + 8 * DAY_MS);
  return first?.asOf ?? Number.POSITIVE_INFINITY;
}

/** Sends what has arrived and hands it to ingest. A referral's messages stay together and in order. */
async function deliver(
  pipeline: Pipeline,
  arrived: readonly Arrival[],
  floods: ReadonlySet<string | null>,
): Promise<void> {
  for (const wave of waves(arrived)) {
    const bySubject = Map.groupBy(wave, ({ subject }) => subject);
    const messages = [...bySubject.values()].flat();
    const flood = wave.some(({ subject }) => floods.has(subject));
    const { rejected } = await pipeline.enqueue(messages);
    const expected = messages.length - rejected.length;
    const { errors } = await pipeline.drain('referral-events', { concurrency: flood ? 1 : 4, expected });
    if (errors.length > 0) throw errors[0];
    for (const { index } of rejected) {
      const message = messages[index];
      if (message) await pipeline.ingestDirectly(message);
    }
  }
}

function floodsIn(arrivals: readonly Arrival[]): Set<string | null> {
  const bySubject = Map.groupBy(arrivals, ({ subject }) => subject);
  return new Set(
    [...bySubject].filter(([subject, { length }]) => subject !== null && length >= FLOOD).map(([subject]) => subject),
  );
}

/** If two events share an identity, the first to arrive is kept, so they must not be handled at the same time. */
function waves(arrived: readonly Arrival[]): Arrival[][] {
  const all: Arrival[][] = [];
  let bodies = new Map<string, string>();
  let wave: Arrival[] = [];
  for (const arrival of arrived) {
    const known = arrival.identity === null ? undefined : bodies.get(arrival.identity);
    if (known !== undefined && known !== arrival.body) {
      all.push(wave);
      wave = [];
      bodies = new Map();
    }
    wave.push(arrival);
    if (arrival.identity !== null) bodies.set(arrival.identity, arrival.body);
  }
  if (wave.length > 0) all.push(wave);
  return all;
}
