import fc from 'fast-check';
import { Random } from '../../local/simulate/random.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Batch } from '../doubles/world.ts';
import type { SentEvent } from './events.ts';
import type { Arriving } from './histories.ts';
import { histories } from './histories.ts';
import { QUARTER } from './instants.ts';

/** Ways in which the same events can arrive: in any order, some more than once, in batches of any size, at any instants. */

/** The events of several referrals' histories in one list. */
export function mixedHistories(subjects: readonly string[], maxEvents: number): fc.Arbitrary<SentEvent[]> {
  return fc
    .tuple(...subjects.map((subject) => histories(subject, { maxEvents })))
    .map((all: Arriving[][]) => all.flat().map(({ event }) => event));
}

/** What determines a delivery. It is small, so that a counterexample can be read. */
export const shuffles = fc.record({
  seed: fc.nat(),
  repeated: fc.constantFrom(0, 0.1, 0.5),
  largest: fc.integer({ min: 1, max: 10 }),
});
type Shuffle = Parameters<Parameters<typeof shuffles.map>[0]>[0];

/** The events in any order, some of them a second time, in batches of 1 to 10. */
function batchesOf(events: readonly SentEvent[], { seed, repeated, largest }: Shuffle): SentEvent[][] {
  const random = new Random(seed);
  const messages = [...events, ...events.filter(() => random.chance(repeated))]
    .map((event) => ({ event, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
  const batches: SentEvent[][] = [];
  while (messages.length > 0) batches.push(messages.splice(0, 1 + Math.floor(random.next() * largest)));
  return batches;
}

const batchAt = (events: readonly SentEvent[], at: Instant): Batch => ({
  at,
  messages: events.map((event) => ({ body: JSON.stringify(event), sentAt: at })),
});

/** Batches that all arrive in the quarter hour that ends at `run`, so that no detection runs between them. */
export function withinAQuarter(events: readonly SentEvent[], shuffle: Shuffle, run: Instant): Batch[] {
  const batches = batchesOf(events, shuffle);
  const step = Math.floor(QUARTER / (batches.length + 1));
  return batches.map((batch, index) => batchAt(batch, run - QUARTER + (index + 1) * step));
}

/** Batches hours and days apart, with detection runs between them, the last by `until`. */
export function overDays(events: readonly SentEvent[], shuffle: Shuffle, from: Instant, until: Instant): Batch[] {
  const random = new Random(shuffle.seed, 1);
  let at = from;
  return batchesOf(events, shuffle).map((batch) => {
    at = Math.min(at + Math.floor(random.next() * 2 * 96) * QUARTER, until);
    return batchAt(batch, at);
  });
}
