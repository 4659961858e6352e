import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { type Config, configSchema } from '../contracts/config.ts';
import { type Instant, instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';
import { type ConfigInForce, type ConfigStore, NoConfigurationError } from './config-store.ts';
import { configKey } from './operations-keys.ts';
import { readItem, readPacked } from './read-item.ts';
import type { Table } from './table.ts';

const progress = z.object({
  reportsUntil: instant.nullable().default(null),
  reportsFinished: z.number().default(0),
  plannedUntil: instant.nullable().default(null),
  plannedVersion: z.string().nullable().default(null),
  reportsPlanned: z.number().default(0),
});
const currentItem = z
  .object({ version: z.string(), since: instant, appliedVersion: z.string() })
  .extend(progress.shape)
  .transform(({ version, since, appliedVersion, ...own }) => ({ version, since, appliedVersion, progress: own }));
/** Read with the contract's own schema: a setting that came after the push has its default. */
const configItem = z.object({ config: configSchema });

/** Configurations in the operations table. */
export class DynamoConfigStore implements ConfigStore {
  readonly #table: Table;
  #cached: { version: string; config: Config } | null = null;

  constructor(table: Table) {
    this.#table = table;
  }

  /** One small read a call; the configuration itself is read only when its version has changed. */
  async inForce(): Promise<ConfigInForce> {
    const item = await this.#table.get(configKey('current'));
    if (!item) throw new NoConfigurationError();
    const current = readItem(currentItem, item, 'operations config current');
    return { ...current, config: await this.#config(current.version) };
  }

  async #config(version: string): Promise<Config> {
    if (this.#cached?.version !== version) {
      const item = await this.#table.get(configKey(version));
      if (!item) throw new Error(`configuration ${version} is named as current but is not there`);
      this.#cached = { version, ...readPacked(configItem, item, 'operations config <version>', 'config') };
    }
    return this.#cached.config;
  }

  async push(config: Config, now: Instant): Promise<string> {
    const text = JSON.stringify(config);
    const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
    await this.#table.putNew({ ...configKey(version), config: gzipSync(text) });
    await this.#table.update({
      key: configKey('current'),
      UpdateExpression:
        'SET version = :version, since = if_not_exists(since, :now), appliedVersion = if_not_exists(appliedVersion, :version)',
      ConditionExpression: 'attribute_not_exists(version) OR version <> :version',
      values: { ':version': version, ':now': now },
    });
    return version;
  }

  markReports({ reportsUntil, reportsFinished }: Parameters<ConfigStore['markReports']>[0]): Promise<Written> {
    return this.#table.update({
      key: configKey('current'),
      UpdateExpression: 'SET reportsUntil = :until, reportsFinished = :finished',
      // A run that was overtaken knows less.
      ConditionExpression: 'attribute_not_exists(reportsUntil) OR reportsUntil <= :until',
      values: { ':until': reportsUntil, ':finished': reportsFinished },
    });
  }

  markPlanned({
    plannedUntil,
    plannedVersion,
    reportsPlanned,
  }: Parameters<ConfigStore['markPlanned']>[0]): Promise<Written> {
    return this.#table.update({
      key: configKey('current'),
      UpdateExpression: 'SET plannedUntil = :until, plannedVersion = :version, reportsPlanned = :reports',
      ConditionExpression: 'attribute_not_exists(plannedUntil) OR plannedUntil <= :until',
      values: { ':until': plannedUntil, ':version': plannedVersion, ':reports': reportsPlanned },
    });
  }

  markApplied(version: string): Promise<Written> {
    return this.#table.update({
      key: configKey('current'),
      UpdateExpression: 'SET appliedVersion = :version',
      ConditionExpression: 'version = :version',
      values: { ':version': version },
    });
  }
}
