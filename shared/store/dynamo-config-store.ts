import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { type Config, configSchema } from '../contracts/config.ts';
import { type Instant, instant } from '../contracts/instant.ts';
import { type Backoff, jitteredBackoff } from '../platform/backoff.ts';
import { retryOnConflict, type Written } from './conditional-write.ts';
import { type ConfigInForce, type ConfigPush, type ConfigStore, NoConfigurationError } from './config-store.ts';
import { CONFIG_PUSHES, configKey, configPushKey } from './operations-keys.ts';
import { readItem, readPacked } from './read-item.ts';
import type { Table } from './table.ts';

const progress = z.object({
  reportsUntil: instant.nullable().default(null),
  reportsFinished: z.number().default(0),
  plannedUntil: instant.nullable().default(null),
  plannedVersion: z.string().nullable().default(null),
  reportsPlanned: z.number().default(0),
});
const currentItem = z.object({
  version: z.string(),
  since: instant,
  pushedAt: instant,
  appliedPush: instant,
  shardCounts: z.set(z.number()).default(() => new Set<number>()),
  ...progress.shape,
});
/** Of the item that says what is in force: by whom it was pushed. A release that doesn't say leaves what was said before. */
const lastPush = z.object({
  version: z.string(),
  pushedAt: instant,
  pushedBy: z.object({ by: z.string().nullable(), at: instant }).nullable().default(null),
});
const pushItem = z.object({ version: z.string(), pushedAt: instant, by: z.string().nullable() });
/** Read with the contract's own schema: a setting that came after the push has its default. */
const configItem = z.object({ config: configSchema });

/** Configurations in the operations table. */
export class DynamoConfigStore implements ConfigStore {
  readonly #table: Table;
  readonly #backoff: Backoff;
  #cached: { version: string; config: Config } | null = null;

  constructor(table: Table, { backoff = jitteredBackoff }: { backoff?: Backoff } = {}) {
    this.#table = table;
    this.#backoff = backoff;
  }

  /** One small read a call; the configuration itself is read only when its version has changed. */
  async inForce(): Promise<ConfigInForce> {
    const item = await this.#table.get(configKey('current'));
    if (!item) throw new NoConfigurationError();
    const { version, since, pushedAt, appliedPush, shardCounts, ...progress } = readItem(
      currentItem,
      item,
      'operations config current',
    );
    const config = await this.#config(version);
    const counts = [...shardCounts].sort((a, b) => a - b);
    return { version, config, since, pushedAt, appliedPush, shardCounts: counts, progress };
  }

  async noteShards(count: number): Promise<void> {
    await retryOnConflict('the configuration in force', this.#backoff, async () => {
      const { shardCounts } = await this.inForce();
      if (shardCounts.includes(count)) return 'noted';
      return this.#table.update({
        key: configKey('current'),
        UpdateExpression: 'SET shardCounts = :next',
        ConditionExpression: shardCounts.length === 0 ? 'attribute_not_exists(shardCounts)' : 'shardCounts = :read',
        values: {
          ':next': new Set([...shardCounts, count]),
          ...(shardCounts.length > 0 && { ':read': new Set(shardCounts) }),
        },
      });
    });
  }

  async get(version: string): Promise<Config | null> {
    const item = await this.#table.get(configKey(version));
    return item ? readPacked(configItem, item, 'operations config <version>', 'config').config : null;
  }

  async #config(version: string): Promise<Config> {
    if (this.#cached?.version !== version) {
      const config = await this.get(version);
      if (!config) throw new Error(`configuration ${version} is named as current but is not there`);
      this.#cached = { version, config };
    }
    return this.#cached.config;
  }

  async push(config: Config, now: Instant, by: string | null = null): Promise<string> {
    const text = JSON.stringify(config);
    const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
    await this.#table.putNew({ ...configKey(version), config: gzipSync(text) });
    await retryOnConflict('the configuration in force', this.#backoff, async () => {
      const last = await this.#lastPush();
      if (last?.version === version) return 'in force';
      // It was noted by who pushed it, unless they died, or had a release that noted nothing.
      if (last !== null) await this.#note(last);
      return this.#table.update({
        key: configKey('current'),
        UpdateExpression:
          'SET version = :version, pushedAt = :now, pushedBy = :by, since = if_not_exists(since, :now), appliedPush = if_not_exists(appliedPush, :now)',
        ConditionExpression:
          last === null ? 'attribute_not_exists(version)' : 'version = :lastVersion AND pushedAt = :lastPush',
        values: {
          ':version': version,
          ':now': now,
          ':by': { by, at: now },
          ...(last !== null && { ':lastVersion': last.version, ':lastPush': last.pushedAt }),
        },
      });
    });
    const last = await this.#lastPush();
    if (last !== null) await this.#note(last);
    return version;
  }

  async pushes(): Promise<ConfigPush[]> {
    const [items, last] = await Promise.all([this.#table.partition(CONFIG_PUSHES), this.#lastPush()]);
    const noted = items.map((item) => readItem(pushItem, item, 'operations config-pushes <instant>#<version>'));
    const isNoted = noted.some(({ version, pushedAt }) => version === last?.version && pushedAt === last.pushedAt);
    return (last === null || isNoted ? noted : [...noted, last]).reverse();
  }

  /** The push of the configuration in force. Null: nothing was pushed yet. */
  async #lastPush(): Promise<ConfigPush | null> {
    const item = await this.#table.get(configKey('current'));
    if (!item) return null;
    const { version, pushedAt, pushedBy } = readItem(lastPush, item, 'operations config current');
    return { version, pushedAt, by: pushedBy?.at === pushedAt ? pushedBy.by : null };
  }

  #note({ version, pushedAt, by }: ConfigPush): Promise<Written> {
    return this.#table.putNew({ ...configPushKey(pushedAt, version), version, pushedAt, by });
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

  markApplied(push: Instant): Promise<Written> {
    return this.#table.update({
      key: configKey('current'),
      UpdateExpression: 'SET appliedPush = :push',
      ConditionExpression: 'pushedAt = :push',
      values: { ':push': push },
    });
  }
}
