import { createHash } from 'node:crypto';
import type { Config } from '../../shared/contracts/config.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Written } from '../../shared/store/conditional-write.ts';
import { type ConfigInForce, type ConfigStore, NoConfigurationError } from '../../shared/store/config-store.ts';
import { copy } from './memory-items.ts';

export class MemoryConfigStore implements ConfigStore {
  #config: ConfigInForce | null = null;

  async inForce(): Promise<ConfigInForce> {
    if (!this.#config) throw new NoConfigurationError();
    return this.#config;
  }

  async push(config: Config, now: Instant): Promise<string> {
    const version = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16);
    if (this.#config?.version !== version) {
      const { since = now, appliedVersion = version } = this.#config ?? {};
      this.#config = { version, config: copy(config), since, appliedVersion };
    }
    return version;
  }

  async markApplied(version: string): Promise<Written> {
    if (this.#config?.version !== version) return 'conflict';
    this.#config = { ...this.#config, appliedVersion: version };
    return 'written';
  }
}
