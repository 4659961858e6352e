import type { Config } from '../contracts/config.ts';
import type { Instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';

export interface ConfigInForce {
  version: string;
  config: Config;
  /** When the first configuration was pushed: nothing is owed for the time before. */
  since: Instant;
  /** The version by which every open referral was last folded and detected. */
  appliedVersion: string;
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
}
