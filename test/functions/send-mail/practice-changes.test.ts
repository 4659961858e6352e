import { NumberValueImpl } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Config, Person } from '../../../shared/contracts/config.ts';
import { DAY_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import type { LiaisonDigestContent } from '../../../shared/contracts/mail.ts';
import type { ReferralState } from '../../../shared/contracts/state.ts';
import { sampleConfig } from '../../builders/config.ts';
import { at } from '../../builders/instants.ts';
import { STORED_CONFIG, stateOf, storedReferral } from '../../builders/stored.ts';
import { MemoryReferralStore, memoryStores } from '../../doubles/memory-stores.ts';
import { overdue } from '../../shared/mail/practice-change-samples.ts';
import { MailWorld } from './mail-world.ts';

/** The weekly practice changes of a liaison through the real handlers. */

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');

/** Stores referrals of a practice, received the given numbers of days before Monday. */
async function receive(
  store: MemoryReferralStore,
  practiceId: string,
  daysAgo: readonly number[],
  { config = STORED_CONFIG, ...over }: Partial<ReferralState> & { config?: string } = {},
): Promise<void> {
  for (const [index, ago] of daysAgo.entries()) {
    const referralId = `${practiceId}-${ago}-${index}`;
    const receivedAt = MONDAY - ago * DAY_MS;
    const state = stateOf(referralId, { practiceId, receivedAt, stage: 'loop_closed', clocks: [], ...over });
    await store.save(storedReferral(referralId, { state, config, wakeAt: null }), null);
  }
}

const every = (gap: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / gap) + 1 }, (_, index) => from + index * gap);

function config(liaison: Partial<Person> = {}): Config {
  const { policy, directory } = sampleConfig();
  const people = directory.people.map((person) => (person.id === 'l-1' ? { ...person, ...liaison } : person));
  const practices = [
    ...directory.practices,
    { id: 'practice-3', name: 'Third Practice', liaisonId: 'l-1' },
    { id: 'practice-4', name: 'Fourth Practice', liaisonId: 'l-1' },
    { id: 'practice-5', name: 'Fifth Practice', liaisonId: 'l-1' },
  ];
  return { policy, directory: { ...directory, people, practices } };
}

async function digestOf(run: MailWorld, instant: Instant): Promise<LiaisonDigestContent | undefined> {
  const { mailed } = await run.mail(instant);
  return mailed.map(({ content }) => content).find((content) => content.kind === 'liaison_digest');
}

/** One practice for each change, and one of another liaison that declines as well, all folded with the configuration. */
async function world(liaison: Partial<Person> = {}, store = new MemoryReferralStore()) {
  const { configs } = memoryStores();
  const folded = { config: await configs.push(config(liaison), 0) };
  const note = {
    ...folded,
    clocks: [overdue('note', MONDAY - 20 * DAY_MS)],
    stage: 'awaiting_note' as const,
  };
  await receive(store, 'practice-1', [50, 10], { ...folded, declines: [{ at: MONDAY - 9 * DAY_MS, reason: 'other' }] });
  await receive(store, 'practice-1', every(4, 57, 237), folded);
  await receive(store, 'practice-2', every(4, 57, 237), folded);
  await receive(store, 'practice-3', every(4, 98, 300), note);
  await receive(store, 'practice-4', [3], folded);
  return MailWorld.open(config(liaison), { referrals: store, configs });
}

describe("the changes of a liaison's practices", () => {
  it("are in Monday's digest, with causes, and not in Tuesday's", async () => {
    const run = await world();
    const monday = await digestOf(run, MONDAY);
    expect(monday?.allClear).toBe(false);
    expect(monday?.practiceChanges).toMatchObject([
      {
        practiceId: 'practice-1',
        change: 'declining',
        observed: 2,
        causes: { declines: 2, lateNotes: 0, longWaits: 0 },
      },
      { practiceId: 'practice-3', change: 'inactive', causes: { declines: 0, longWaits: 0 } },
      { practiceId: 'practice-4', change: 'new', causes: { declines: 0, lateNotes: 0, longWaits: 0 } },
    ]);
    expect(monday?.practiceChanges[1]?.causes.lateNotes).toBe(every(4, 98, 300).length);
    const said = run.mailed.find(({ content }) => content === monday)?.text;
    expect(said).toContain('Third Practice - inactive: no referral since');
    expect(await digestOf(run, MONDAY + DAY_MS)).toBeUndefined();
  });

  it("are in Wednesday's digest if the liaison's week begins then", async () => {
    const run = await world({ workdays: ['wed', 'thu', 'fri'] });
    expect(await digestOf(run, MONDAY)).toBeUndefined();
    const wednesday = await digestOf(run, MONDAY + 2 * DAY_MS);
    expect(wednesday?.practiceChanges.map(({ practiceId }) => practiceId)).toEqual([
      'practice-1',
      'practice-3',
      'practice-4',
    ]);
    expect(await digestOf(run, MONDAY + 3 * DAY_MS)).toBeUndefined();
  });

  it("don't prevent an all-clear if no practice has changed", async () => {
    const run = await MailWorld.open(config());
    expect(await digestOf(run, MONDAY)).toMatchObject({ allClear: true, practiceChanges: [], morePracticeChanges: 0 });
  });

  it('are capped, with a count of the rest', async () => {
    const store = new MemoryReferralStore();
    const { policy, directory } = config();
    const practices = Array.from({ length: 40 }, (_, index) => ({
      id: `p-${index}`,
      name: `P ${index}`,
      liaisonId: 'l-1',
    }));
    for (const { id } of practices) await receive(store, id, [3]);
    const run = await MailWorld.open({ policy, directory: { ...directory, practices } }, { referrals: store });
    const monday = await digestOf(run, MONDAY);
    expect(monday?.practiceChanges).toHaveLength(25);
    expect(monday?.morePracticeChanges).toBe(15);
  });

  it('are found without reading projections of practices that have not changed', async () => {
    const asked: string[] = [];
    class Listening extends MemoryReferralStore {
      override async loadMany(ids: readonly string[]) {
        asked.push(...ids);
        return super.loadMany(ids);
      }
    }
    const store = new Listening();
    await receive(store, 'practice-5', every(7, 1, 200));
    await digestOf(await world({}, store), MONDAY);
    expect(asked.some((id) => id.startsWith('practice-1'))).toBe(true);
    expect(asked.filter((id) => /^practice-[245]/.test(id))).toEqual([]);
  });

  it.each(['receivedFrom', 'loadMany'] as const)('fail the digest if %s fails', async (name) => {
    class Broken extends MemoryReferralStore {
      override async receivedFrom(practiceId: string) {
        if (name === 'receivedFrom') throw new Error('throttled');
        return super.receivedFrom(practiceId);
      }
      override async loadMany(ids: readonly string[]) {
        if (name === 'loadMany' && ids.length > 0) throw new Error('throttled');
        return super.loadMany(ids);
      }
    }
    const run = await world({}, new Broken());
    const { mailed, failed } = await run.mail(MONDAY);
    expect(failed).toBe(1);
    expect(mailed.filter(({ content }) => content.kind === 'liaison_digest')).toEqual([]);
  });

  it('are found without a referral whose place in the index somebody has damaged: it is set aside', async () => {
    const store = new MemoryReferralStore();
    const run = await world({}, store);
    await receive(store, 'practice-5', [1, 8]);
    await store.damage('practice-5-1-0', { receivedAt: NumberValueImpl.from('12345678901234567890.5') });
    const { mailed, failed } = await run.mail(MONDAY);
    expect(failed).toBe(0);
    expect(mailed.filter(({ content }) => content.kind === 'liaison_digest')).toHaveLength(1);
    expect(await run.world.stores.setAsides.all()).toMatchObject([{ referralId: 'practice-5-1-0' }]);
  });
});
