import type { SQSBatchResponse } from 'aws-lambda';
import * as detect from '../../functions/detect-breaches/handler.ts';
import { type Rebuilt, rebuildReferral } from '../../functions/detect-breaches/rebuild-referral.ts';
import * as ingest from '../../functions/ingest-events/handler.ts';
import * as report from '../../functions/write-reports/handler.ts';
import { SimulatedTime } from '../../local/pipeline/simulated-time.ts';
import { lambdaContext } from '../../local/stand-ins/lambda-context.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { AlertRow, ReferralRow } from '../../shared/contracts/output.ts';
import { alertRow, byAlert, referralRow } from '../../shared/domain/export-rows.ts';
import { silentLog } from '../../shared/platform/logger.ts';
import { silentMetrics } from '../../shared/platform/metrics.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import type { Stores } from '../../shared/store/dynamo-stores.ts';
import type { DueShard, ReferralStore } from '../../shared/store/referral-store.ts';
import { runOf } from '../builders/instants.ts';
import { type Message, sqsEvent } from '../builders/sqs.ts';
import { MemoryReferralStore, memoryStores } from './memory-stores.ts';

/** Messages that reach ingest together: one batch of SQS, handed over at an instant. */
export interface Batch {
  at: Instant;
  messages: Message[];
}

export interface Rows {
  referrals: ReferralRow[];
  alerts: AlertRow[];
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** Each instant at which something falls due is met once; a history has some hundreds. */
const MOST_RUNS = 20_000;

/** The real ingest, detect and report handlers over stores of the test's choice, in simulated time. */
export class World {
  readonly config: Config;
  readonly stores: Stores;
  readonly time = new SimulatedTime(0);
  drawCharts: report.DrawCharts = async () => ({ drawn: new Uint8Array([1]) });
  readonly #shards: number;
  readonly #ingest: Handler;
  readonly #detect: Handler;
  readonly #report: Handler;

  private constructor(config: Config, stores: Stores, shards: number) {
    this.config = config;
    this.stores = stores;
    this.#shards = shards;
    const backoff = async (): Promise<void> => {};
    const deps = { ...stores, time: this.time, backoff, log: silentLog, metrics: silentMetrics, shards };
    this.#ingest = ingest.createHandler(deps) as unknown as Handler;
    this.#report = report.createHandler({ ...deps, drawCharts: (made) => this.drawCharts(made) }) as unknown as Handler;
    this.#detect = detect.createHandler(deps) as unknown as Handler;
  }

  /** @param options `since`: when the configuration is pushed; stores that aren't given are in memory */
  static async open(
    config: Config,
    { shards = 4, since = 0, ...given }: { shards?: number; since?: Instant } & Partial<Stores> = {},
  ): Promise<World> {
    const stores: Stores = { ...memoryStores({ shards }), ...given };
    await stores.configs.push(config, since);
    return new World(config, stores, shards);
  }

  /** Hands a batch to ingest. */
  async deliver({ at, messages }: Batch): Promise<SQSBatchResponse> {
    this.time.moveTo(at);
    return (await this.#ingest(sqsEvent(messages), lambdaContext('ingest-events', 60))) as SQSBatchResponse;
  }

  /** A detection run, as the schedule calls for it. */
  async detect(run: Instant): Promise<void> {
    this.time.moveTo(run);
    await this.#detect({ time: formatInstant(run) }, lambdaContext('detect-breaches', 300));
  }

  /** Makes a referral anew, as an operator does. */
  async rebuild(referralId: string, now: Instant): Promise<Rebuilt> {
    const { config, version } = await this.stores.configs.inForce();
    return rebuildReferral(referralId, { config, version, now }, { ...this.stores, backoff: async () => {} });
  }

  /** A report run, as the schedule calls for it. @returns what it says it did */
  async report(run: Instant): Promise<report.ReportsRun> {
    this.time.moveTo(run);
    return (await this.#report({ time: formatInstant(run) }, lambdaContext('write-reports', 900))) as report.ReportsRun;
  }

  /** Batches in their order and a detection run at each quarter hour at which anything is due, up to `until`. */
  async live(batches: readonly Batch[], until: Instant): Promise<void> {
    const waiting = batches.filter(({ at }) => at <= until);
    let runs = 0;
    for (let last = Number.NEGATIVE_INFINITY; ; ) {
      const earliest = Math.min(waiting[0]?.at ?? Number.POSITIVE_INFINITY, await this.#earliestWake(until));
      const run = runOf(Math.max(earliest, last + 1));
      if (run > until) break;
      runs += 1;
      if (runs > MOST_RUNS) throw new Error(`something is due at every run: after ${runs} runs still at ${run}`);
      while ((waiting[0]?.at ?? Number.POSITIVE_INFINITY) <= run) await this.deliver(waiting.shift() as Batch);
      if ((await this.#earliestWake(run)) <= run) await this.detect(run);
      last = run;
    }
    for (const batch of waiting) await this.deliver(batch);
  }

  /** Everything about the given referrals as rows, as of an instant. */
  async rows(referralIds: readonly string[], now: Instant): Promise<Rows> {
    const rows: Rows = { referrals: [], alerts: [] };
    for (const referralId of referralIds) {
      const stored = await this.stores.referrals.load(referralId);
      if (!stored) continue;
      const row = referralRow(stored.state, this.config.directory, now);
      if (row) rows.referrals.push(row);
      const own = unpackAlerts(stored).map(({ alert }) => alertRow(alert, stored.state, this.config.directory));
      rows.alerts.push(...own.sort(byAlert));
    }
    return rows;
  }

  async #earliestWake(until: Instant): Promise<Instant> {
    let earliest = Number.POSITIVE_INFINITY;
    for (let shard = 0; shard < this.#shards; shard += 1) {
      earliest = Math.min(earliest, await firstWake(this.stores.referrals, { shard, of: this.#shards }, until));
    }
    return earliest;
  }
}

/** When the first referral of a shard is due: asked of tables in memory without reading all that is due up to `until`. */
async function firstWake(referrals: ReferralStore, shard: DueShard, until: Instant): Promise<Instant> {
  if (referrals instanceof MemoryReferralStore) return referrals.firstWake(shard);
  for await (const page of referrals.due(shard, until)) return page[0]?.wakeAt ?? Number.POSITIVE_INFINITY;
  return Number.POSITIVE_INFINITY;
}
