import { createHandler, type ReportsRun } from '../../../functions/write-reports/handler.ts';
import { lambdaContext } from '../../../local/stand-ins/lambda-context.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { silentLog } from '../../../shared/platform/logger.ts';
import type { Metrics } from '../../../shared/platform/metrics.ts';
import type { World } from '../../doubles/world.ts';

/** Report runs over the stores of a world, one call of which fails, or after one of whose calls the function is killed. */

/** `call` is counted from 1 over all stores. A killed run's further calls are never made, its ending included. */
export interface Fault {
  how: 'fails' | 'killed before' | 'killed after';
  call: number;
}

export interface Ran {
  /** Null: it failed. */
  result: ReportsRun | null;
  metrics: Record<string, number>;
  /** How many calls of stores it made. */
  calls: number;
}

/** How many runs read all referrals at this moment, and how many did at once at most. */
export interface Readers {
  now: number;
  most: number;
  /** How often all were read. */
  times: number;
}

export const nobody = (): Readers => ({ now: 0, most: 0, times: 0 });

class Killed extends Error {}

/** A run of the real handler at an instant, as the schedule calls for it. @param at when it is called, if that is later */
export async function run(
  { stores }: World,
  scheduled: Instant,
  options: { at?: Instant; fault?: Fault | null; readers?: Readers; again?: boolean } = {},
): Promise<Ran> {
  const { at = scheduled, fault = null, readers = nobody(), again = false } = options;
  const ran: Ran = { result: null, metrics: {}, calls: 0 };
  const life = { isOver: false };
  /** Before each call; throws if the run is over. @returns what to do after it */
  const next = (): (() => void) => {
    if (life.isOver) throw new Killed();
    ran.calls += 1;
    if (fault?.call !== ran.calls) return () => {};
    if (fault.how === 'fails') throw new Error('ProvisionedThroughputExceeded');
    life.isOver = true;
    if (fault.how === 'killed before') throw new Killed();
    return () => {
      throw new Killed();
    };
  };
  const faulty = <S extends object>(store: S): S =>
    new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name === 'received') return () => reading(value.call(target), next, readers);
        return async (...args: unknown[]) => {
          const after = next();
          const answer: unknown = await value.apply(target, args);
          after();
          return answer;
        };
      },
    });
  const counted: Record<string, number> = {};
  const count: Metrics['count'] = (name, value) => {
    counted[name] = value;
  };
  // What a killed function has written out until then is all that anybody sees of it.
  const publish = (): void => {
    if (!life.isOver) Object.assign(ran.metrics, counted);
  };
  const handler = createHandler({
    referrals: faulty(stores.referrals),
    configs: faulty(stores.configs),
    quarantine: faulty(stores.quarantine),
    unmapped: faulty(stores.unmapped),
    unmatched: faulty(stores.unmatched),
    feeds: faulty(stores.feeds),
    reports: faulty(stores.reports),
    setAsides: faulty(stores.setAsides),
    drawCharts: async () => ({ drawn: new Uint8Array([1]) }),
    time: { now: () => at },
    log: silentLog,
    metrics: { count, gauge: () => {}, publish },
  }) as unknown as (event: unknown, context: unknown) => Promise<ReportsRun>;
  const event = { time: formatInstant(scheduled), ...(again && { again }) };
  ran.result = await handler(event, lambdaContext('write-reports', 900)).catch(() => null);
  return ran;
}

/** Pages of all referrals: each is a call, and so is the end. */
async function* reading<T>(pages: AsyncGenerator<T>, next: () => () => void, readers: Readers): AsyncGenerator<T> {
  readers.now += 1;
  readers.times += 1;
  readers.most = Math.max(readers.most, readers.now);
  try {
    next()();
    for await (const page of pages) {
      yield page;
      next()();
    }
  } finally {
    readers.now -= 1;
  }
}
