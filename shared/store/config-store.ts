import type { Config } from '../contracts/config.ts';
import type { Instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';

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
  /** When the first configuration was pushed: nothing is owed for the time before. */
  since: Instant;
  /** The version by which every open referral was last folded and detected. */
  appliedVersion: string;
  progress: Progress;
}

/** No configuration was pushed to this stage yet. */
export class NoConfigurationError extends Error {
  override readonly name = 'NoConfigurationError';

  constructor() {
    super('no configuration has been pushed yet: run `loopwatch config push DIR --stage STAGE`');
  }
}

/** Configurations: every version that was pushed, and which is in force. */
export interface ConfigStore {
  /** The configuration in force with its version. Throws NoConfigurationError if none was pushed. */
  inForce(): Promise<ConfigInForce>;
  /** @returns the version's name: the same configuration pushed twice is one version */
  push(config: Config, now: Instant): Promise<string>;
  /** Notes that every open referral was folded and detected by a version, unless another is in force by now. */
  markApplied(version: string): Promise<Written>;
  /** Notes how far the reports have come, unless a later run has noted more. */
  markReports(progress: { reportsUntil: Instant; reportsFinished: number }): Promise<Written>;
  /** Notes how far planning has come, unless a later run has noted more. */
  markPlanned(progress: { plannedUntil: Instant; plannedVersion: string; reportsPlanned: number }): Promise<Written>;
}
