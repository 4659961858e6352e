import type { Config } from '../contracts/config.ts';
import type { Instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';
import type { DueShard } from './referral-store.ts';

/**
 * How far the schedules have come. It stands beside the configuration in force, which every run reads anyway, so that a
 * run with nothing to do reads nothing else.
 */
export interface Progress {
  /** Reports that were due at or before this instant are finished, or too old to be made. */
  reportsUntil: Instant | null;
  /** How many periods have finished reports. */
  reportsFinished: number;
  /** Digests that were due at or before this instant are planned, by the configuration `plannedVersion`. */
  plannedUntil: Instant | null;
  plannedVersion: string | null;
  /** `reportsFinished` when the mails of reports were last planned. */
  reportsPlanned: number;
}

export interface ConfigInForce {
  version: string;
  config: Config;
  /** When it was pushed. */
  pushedAt: Instant;
  /** When the first configuration was pushed: nothing is owed for the time before. */
  since: Instant;
  /** When the configuration was pushed under which every referral in the due index was last folded and detected. */
  appliedPush: Instant;
  /** Every number of shards into which the due index was ever divided: entries may lie in any of them. */
  shardCounts: readonly number[];
  progress: Progress;
}

/** Somebody put a configuration in force. */
export interface ConfigPush {
  version: string;
  pushedAt: Instant;
  /** Who, as AWS names them. Null: it wasn't noted, or wasn't known. */
  by: string | null;
}

/**
 * The configuration in force, for a caller that writes entries of the due index.
 * @param shards into how many shards the caller divides it: noted, unless it is, so that entries are looked for there
 */
export async function inForceWithShards(
  configs: Pick<ConfigStore, 'inForce' | 'noteShards'>,
  shards: number,
): Promise<ConfigInForce> {
  const inForce = await configs.inForce();
  if (inForce.shardCounts.includes(shards)) return inForce;
  await configs.noteShards(shards);
  return configs.inForce();
}

/** The shards of the due index in which entries may lie. */
export function shardsOf(counts: readonly number[]): DueShard[] {
  return counts.flatMap((of) => Array.from({ length: of }, (_, shard) => ({ shard, of })));
}

/** No configuration was pushed to this stage yet. */
export class NoConfigurationError extends Error {
  override readonly name = 'NoConfigurationError';

  constructor() {
    super('no configuration has been pushed yet: run `npx loopwatch config push DIR --stage STAGE`');
  }
}

/** Whether a run has nothing to do yet because no configuration was pushed, for the middleware that ends it quietly. */
export const isUnconfigured = (error: unknown): boolean => error instanceof NoConfigurationError;

/** Configurations: every version that was pushed, and which is in force. */
export interface ConfigStore {
  /** The configuration in force with its version. Throws NoConfigurationError if none was pushed. */
  inForce(): Promise<ConfigInForce>;
  /** A configuration that was pushed at any time. Null: there is none of this version. */
  get(version: string): Promise<Config | null>;
  /** Notes a number of shards, before the first entry is written under it. */
  noteShards(count: number): Promise<void>;
  /**
   * Puts a configuration in force, unless it is.
   * @param by who pushes it, as AWS names them
   * @returns the version's name: the same configuration pushed twice is one version
   */
  push(config: Config, now: Instant, by?: string | null): Promise<string>;
  /** Every push that changed what is in force, latest first. Of an earlier release's pushes only the last is known. */
  pushes(): Promise<ConfigPush[]>;
  /**
   * Notes that every referral in the due index was folded and detected under the configuration pushed at an instant, but
   * for what was set aside, unless another is in force by now.
   */
  markApplied(push: Instant): Promise<Written>;
  /** Notes how far the reports have come, unless a later run has noted more. */
  markReports(progress: { reportsUntil: Instant; reportsFinished: number }): Promise<Written>;
  /** Notes how far planning has come, unless a later run has noted more. */
  markPlanned(progress: { plannedUntil: Instant; plannedVersion: string; reportsPlanned: number }): Promise<Written>;
}
