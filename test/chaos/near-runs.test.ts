import { expect, it } from 'vitest';
import { detectReferral } from '../../functions/detect-breaches/detect-referral.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { holdingAt } from '../../shared/domain/alert/detect.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { project } from '../../shared/store/projection.ts';
import type { LoggedEvent, StoredReferral } from '../../shared/store/referral-store.ts';
import { sampleConfig } from '../builders/config.ts';
import { receivedData, sent } from '../builders/events.ts';
import { at, QUARTER } from '../builders/instants.ts';
import { logged } from '../builders/stored.ts';
import { MemoryReferralStore } from '../doubles/memory-stores.ts';

/** Ingest within minutes of a detection run: whatever a run should have seen is seen by it, or by the next. */

const CONFIG = sampleConfig();
const VERSION = 'in-force';
const RECEIVED = at('03-02 14:00');
const backoff = async (): Promise<void> => {};

const take = (store: MemoryReferralStore, event: LoggedEvent, now: () => Instant) =>
  project('R-1', [event], { store, config: CONFIG, version: VERSION, now, backoff });
const detect = (store: MemoryReferralStore, run: Instant) =>
  detectReferral('R-1', { config: CONFIG, version: VERSION, run }, { referrals: store, backoff });

async function received(): Promise<MemoryReferralStore> {
  const store = new MemoryReferralStore();
  const event = logged(sent('referral.received', RECEIVED, receivedData({ priority: 'urgent' })), RECEIVED);
  await take(store, event, () => RECEIVED);
  return store;
}

async function stored(store: MemoryReferralStore): Promise<StoredReferral> {
  const found = await store.load('R-1');
  if (found === null) throw new Error('the referral was taken in');
  return found;
}

const openKinds = (referral: StoredReferral): string[] =>
  unpackAlerts(referral)
    .filter(({ alert }) => alert.resolvedAt === null)
    .map(({ alert }) => alert.kind)
    .toSorted();
const heldAt = ({ state }: StoredReferral, run: Instant): string[] =>
  holdingAt(state, CONFIG, run)
    .map(({ kind }) => kind)
    .toSorted();

it('a run sees an event of the minute before it, also if the next due lies just behind the run', async () => {
  const store = await received();
  let run = RECEIVED;
  const isJustBeforeADue = (referral: StoredReferral): boolean =>
    openKinds(referral).includes('acceptance') && referral.wakeAt === run + QUARTER + 1;
  for (; !isJustBeforeADue(await stored(store)); run += QUARTER) {
    if (run > RECEIVED + 60 * DAY_MS) throw new Error('no due falls on a quarter hour');
    await detect(store, run + QUARTER);
  }
  const next = run + QUARTER;
  const accepted = logged(sent('referral.accepted', next - MINUTE_MS, {}), next - MINUTE_MS);
  await take(store, accepted, () => next - MINUTE_MS);
  await detect(store, next);
  expect(openKinds(await stored(store))).toEqual(heldAt(await stored(store), next));
});

it('what a run resolved while ingest was writing is opened again by the next, if it holds', async () => {
  const store = await received();
  const run = at('04-20 15:15');
  for (let before = RECEIVED; before < run; before += QUARTER) await detect(store, before);
  expect(openKinds(await stored(store))).not.toEqual([]);
  // A pause that begins with the run, announced by a sender whose clock is ahead.
  const pause = sent('referral.paused', run, { reason: 'medical_hold' });
  await take(store, logged(pause, run - MINUTE_MS), () => run - MINUTE_MS);

  let now = run - 1_000;
  /** Appending takes two seconds, in which the run comes: ingest loses the race, and reads again. */
  class Slow extends MemoryReferralStore {
    override async append(event: LoggedEvent) {
      const written = await super.append(event);
      now = run + 1_000;
      await detect(store, run);
      return written;
    }
  }
  const { source, id } = pause;
  const retraction = logged(sent('event.retracted', now, { source, id }), now);
  await take(new Slow({ tables: store.tables }), retraction, () => now);
  expect(openKinds(await stored(store))).toEqual([]);

  await detect(store, run + QUARTER);
  expect(openKinds(await stored(store))).toEqual(heldAt(await stored(store), run + QUARTER));
  expect(openKinds(await stored(store))).not.toEqual([]);
});
