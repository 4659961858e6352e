import { describe, expect, it } from 'vitest';
import { SimulatedTime } from '../../../local/pipeline/simulated-time.ts';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { cached } from '../../../shared/platform/cached.ts';
import { at } from '../../builders/instants.ts';

const NOW = at('03-02 14:00');

/** A value that is kept for a minute: the first load gives 1, the next 2. Those in `failing` fail. */
function counted({ failing = [] }: { failing?: number[] } = {}) {
  const time = new SimulatedTime(NOW);
  let loads = 0;
  const load = async (): Promise<number> => {
    loads += 1;
    const value = loads;
    await Promise.resolve();
    if (failing.includes(value)) throw new Error(`load ${value} failed`);
    return value;
  };
  return { value: cached(load, MINUTE_MS, time), time, loads: () => loads };
}

describe('a value that is kept for a minute', () => {
  it('is not loaded before anybody asks', () => {
    expect(counted().loads()).toBe(0);
  });

  it('is loaded once for all who ask within the minute', async () => {
    const { value, time, loads } = counted();
    expect(await value()).toBe(1);
    time.moveTo(NOW + MINUTE_MS - 1);
    expect(await value()).toBe(1);
    expect(loads()).toBe(1);
  });

  it('is loaded again once the minute is over, counted from the load', async () => {
    const { value, time } = counted();
    await value();
    time.moveTo(NOW + MINUTE_MS - 1);
    await value();
    time.moveTo(NOW + MINUTE_MS);
    expect(await value()).toBe(2);
    time.moveTo(NOW + 2 * MINUTE_MS - 1);
    expect(await value()).toBe(2);
  });

  it('is loaded once for callers at once', async () => {
    const { value, loads } = counted();
    expect(await Promise.all([value(), value(), value()])).toEqual([1, 1, 1]);
    expect(loads()).toBe(1);
  });

  it('is not kept if its load failed: all who waited for it fail, and the next caller loads again', async () => {
    const { value, loads } = counted({ failing: [1] });
    const first = await Promise.allSettled([value(), value()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await value()).toBe(2);
    expect(loads()).toBe(2);
  });

  it('is not given beyond its minute because the next load fails', async () => {
    const { value, time } = counted({ failing: [2] });
    await value();
    time.moveTo(NOW + MINUTE_MS);
    await expect(value()).rejects.toThrow('load 2 failed');
    expect(await value()).toBe(3);
  });

  it('is kept, although an older load fails after it was loaded', async () => {
    const time = new SimulatedTime(NOW);
    const loads: { give: (value: number) => void; fail: (error: Error) => void }[] = [];
    const load = () => new Promise<number>((give, fail) => loads.push({ give, fail }));
    const value = cached(load, MINUTE_MS, time);
    const old = value();
    time.moveTo(NOW + MINUTE_MS);
    const next = value();
    loads[1]?.give(7);
    expect(await next).toBe(7);
    loads[0]?.fail(new Error('too late'));
    await expect(old).rejects.toThrow('too late');
    expect(await value()).toBe(7);
    expect(loads).toHaveLength(2);
  });

  it('is loaded again if time was set back by a minute', async () => {
    const { value, time } = counted();
    await value();
    time.restart(NOW - MINUTE_MS);
    expect(await value()).toBe(2);
  });
});
