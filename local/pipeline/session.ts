import type { Config } from '../../shared/contracts/config.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { QuarantineRow } from '../../shared/contracts/output.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { type Database, endpointOverrides, startStandIns } from '../stand-ins/index.ts';
import { localTemplates } from '../stand-ins/templates.ts';
import { runInSimulatedTime } from './in-simulated-time.ts';
import type { Arrival } from './input.ts';
import { Pipeline } from './pipeline.ts';
import { type ReadOut, readOut } from './read-out.ts';
import { countBy, type Summary } from './write-out.ts';

export interface SessionOptions {
  config: Config;
  arrivals: readonly Arrival[];
  until: Instant;
  detectFrom?: Instant;
  /** What could not even be read: it is among what was refused. */
  unreadable?: readonly QuarantineRow[];
  onStep?: (at: Instant, delivered: number) => void;
  /** Gets what the functions log. */
  log?: Log;
  /** What stands in for DynamoDB. */
  database?: Database;
}

/** What came out of a replay. Its stand-ins are still up until `close`. */
export interface Session {
  pipeline: Pipeline;
  out: ReadOut;
  summary: Summary;
  close(): Promise<void>;
}

/** Starts the stand-ins, puts arrivals through the pipeline up to an instant, and reads out the result. */
export async function runSession({
  config,
  arrivals,
  until,
  unreadable = [],
  log,
  database,
  ...options
}: SessionOptions): Promise<Session> {
  const started = performance.now();
  const [templates, standIns] = await Promise.all([
    localTemplates(),
    startStandIns({ overrides: endpointOverrides(process.env), ...(database && { database }) }),
  ]);
  try {
    const start = arrivals.reduce((first, { deliverAt }) => Math.min(first, deliverAt), until);
    const pipeline = await Pipeline.open(templates, standIns.endpoints, start, log);
    await runInSimulatedTime({ pipeline, config, arrivals, until, ...options });
    const functions = pipeline.recorder.summary();
    const out = await readOut(pipeline, config, until, unreadable);
    const undone = await pipeline.undone();
    const wallSeconds = (performance.now() - started) / 1000;
    const summary = summarize(out, { ...pipeline.ingested, undone }, until, functions, wallSeconds);
    const close = async (): Promise<void> => {
      pipeline.close();
      await standIns.stop();
    };
    return { pipeline, out, summary, close };
  } catch (error) {
    await standIns.stop();
    throw error;
  }
}

function summarize(
  out: ReadOut,
  { events, duplicates, undone }: { events: number; duplicates: number; undone: Record<string, number> },
  until: Instant,
  functions: Summary['functions'],
  wallSeconds: number,
): Summary {
  // Calls that no function made, such as those that push the configuration.
  const { unnamed, ...named } = functions;
  const breaches = out.alerts.filter(({ openedAt }) => openedAt !== null);
  return {
    until: formatInstant(until),
    events,
    duplicates,
    referrals: out.referrals.length,
    byStage: countBy(out.referrals, ({ stage }) => stage),
    alerts: out.alerts.length,
    breachesByKind: countBy(breaches, ({ kind }) => kind),
    mails: out.mails.length,
    mailsByKind: countBy(out.mails, ({ kind }) => kind),
    refused: out.quarantine.length,
    refusedByReason: countBy(out.quarantine, ({ reason }) => reason),
    undone,
    wallSeconds: Math.round(wallSeconds * 10) / 10,
    functions: named,
  };
}
