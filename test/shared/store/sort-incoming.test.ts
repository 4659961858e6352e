import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../../shared/contracts/instant.ts';
import { sentAs } from '../../../shared/domain/referral/content.ts';
import { project } from '../../../shared/store/projection.ts';
import type { LoggedEvent } from '../../../shared/store/referral-store.ts';
import { sortIncoming } from '../../../shared/store/sort-incoming.ts';
import { sampleConfig } from '../../builders/config.ts';
import { sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';

/** Whatever the order and the batches in which events with one identity come. */

const WRITTEN = at('03-02 16:00');
const CHANNELS = ['phone', 'sms', 'email', 'letter', 'portal'];
const CHANNEL = (minute: number) => CHANNELS[minute % CHANNELS.length] as string;

/** A version of an event: when its sender wrote it down decides what it says. */
function version(id: string, minute: number, isTranslated: boolean): LoggedEvent {
  const data = { channel: CHANNEL(minute), outcome: 'voicemail' };
  const recordedtime = formatInstant(WRITTEN + minute * 60_000);
  const event = { ...sent('contact.attempted', '03-02 15:00', data, { subject: 'R-1', id }), recordedtime };
  const read = logged(event, WRITTEN + minute * 60_000);
  return { ...read, sent: sentAs(data, read.event.data as never), ...(isTranslated && { isTranslated }) };
}

interface Version {
  id: string;
  minute: number;
}

const batched = (maxLength: number) =>
  fc.array(
    fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), minute: fc.nat({ max: 20 }) }), {
      minLength: 1,
      maxLength,
    }),
    { minLength: 1, maxLength: 6 },
  );

/** What stays of some versions, by what decides between two. */
function expected(batches: readonly Version[][], wins: (next: Version, kept: Version) => boolean): string[] {
  const kept = new Map<string, Version>();
  for (const each of batches.flat()) {
    const first = kept.get(each.id);
    if (!first || wins(each, first)) kept.set(each.id, each);
  }
  return [...kept.values()].map(({ id, minute }) => `${id} ${minute}`).sort();
}

const told = (log: readonly LoggedEvent[]): string[] =>
  log.map(({ event }) => `${event.id} ${((event.recordedAt ?? 0) - WRITTEN) / 60_000}`).sort();

/** Takes batches in, one after the other. */
function takeIn(batches: readonly Version[][], isTranslated: boolean) {
  let log: LoggedEvent[] = [];
  let refused = 0;
  for (const batch of batches) {
    const incoming = batch.map(({ id, minute }) => version(id, minute, isTranslated));
    const sorted = sortIncoming(incoming, log, false);
    expect(sorted.taken.length + sorted.refused.length).toBe(incoming.length);
    log = [...log.map((each) => sorted.replacing.get(each) ?? each), ...sorted.fresh];
    // What becomes of an event that repeats another is what becomes of that one.
    for (const { kept } of sorted.taken) expect(log).toContain(kept);
    refused += sorted.refused.length;
  }
  return { log, refused };
}

const EARLIEST = (next: Version, kept: Version): boolean => next.minute < kept.minute;

describe('of translated events with one id', () => {
  it('the one stays that was written down first, and nothing is refused', () => {
    fc.assert(
      fc.property(batched(8), (batches) => {
        const { log, refused } = takeIn(batches, true);
        expect(told(log)).toEqual(expected(batches, EARLIEST));
        expect(refused).toBe(0);
      }),
    );
  });

  it('the one that comes last stays of those written down and arrived at once', () => {
    const first = version('a', 1, true);
    const corrected = {
      ...first,
      event: { ...first.event, data: { ...first.event.data, outcome: 'sent' } },
      sent: 'x',
    };
    const { replacing, taken, refused } = sortIncoming([corrected as LoggedEvent], [first], false);
    expect([...replacing]).toEqual([[first, corrected]]);
    expect([taken.length, refused]).toEqual([1, []]);
    expect(sortIncoming([first], [first], false).replacing.size).toBe(0);
  });

  it('the one that arrived last stays of those written down at once, in any order', () => {
    // Each says something else: of two that say the same the first stays, and with it when it arrived.
    const arrived = (minute: number): LoggedEvent => ({
      ...version('a', 1, true),
      arrivedAt: WRITTEN + minute * 60_000,
      sent: `translated at ${minute}`,
    });
    const minutes = fc.uniqueArray(fc.nat({ max: 50 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(minutes, fc.nat({ max: 8 }), (order, cut) => {
        let log: LoggedEvent[] = [];
        for (const batch of [order.slice(0, cut), order.slice(cut)]) {
          const { replacing, fresh, refused } = sortIncoming(batch.map(arrived), log, false);
          expect(refused).toEqual([]);
          log = [...log.map((each) => replacing.get(each) ?? each), ...fresh];
        }
        expect(log).toEqual([arrived(Math.max(...order))]);
      }),
    );
  });

  it('the same stays in a store, also if batches come at once', async () => {
    const { config, version: inForce } = { config: sampleConfig(), version: 'v-1' };
    await fc.assert(
      fc.asyncProperty(batched(4), fc.boolean(), async (batches, atOnce) => {
        const store = new MemoryReferralStore();
        const take = (batch: readonly Version[]) =>
          project(
            'R-1',
            batch.map(({ id, minute }) => version(id, minute, true)),
            { store, config, version: inForce, now: () => at('03-03 14:00'), backoff: async () => {} },
          );
        const taken = [];
        if (atOnce) taken.push(...(await Promise.all(batches.map(take))));
        else for (const batch of batches) taken.push(await take(batch));
        expect(taken.flatMap(({ refused, failed }) => [...refused, ...failed])).toEqual([]);
        const { log, stored } = await store.loadLog('R-1');
        expect(told(log)).toEqual(expected(batches, EARLIEST));
        expect(stored?.state.logged).toBe(log.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('of CloudEvents with one id', () => {
  it('the first to arrive stays, and one that says something else is refused', () => {
    fc.assert(
      fc.property(batched(8), (batches) => {
        const { log, refused } = takeIn(batches, false);
        expect(told(log)).toEqual(expected(batches, () => false));
        const first = new Map<string, number>();
        const others = batches.flat().filter(({ id, minute }) => {
          if (!first.has(id)) first.set(id, minute);
          return CHANNEL(first.get(id) as number) !== CHANNEL(minute);
        });
        expect(refused).toBe(others.length);
      }),
    );
  });
});
