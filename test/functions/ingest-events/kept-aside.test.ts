import { describe, expect, it } from 'vitest';
import { referralItem } from '../../../shared/store/referral-items.ts';
import type { LoggedEvent, StoredReferral } from '../../../shared/store/referral-store.ts';
import { OversizedItemError } from '../../../shared/store/table.ts';
import { type SentEvent, sent } from '../../builders/events.ts';
import { QUARTER } from '../../builders/instants.ts';
import { logged } from '../../builders/stored.ts';
import { MemoryReferralStore } from '../../doubles/memory-stores.ts';
import { atBroken, called, GARBAGE, open, received, TUESDAY } from '../poison-world.ts';

/** Events that come for a referral that can't be read, folded or stored: they are taken as those of any other. */

/** A store in which something happens before an event is put, and in which puts can fail. */
class WatchedStore extends MemoryReferralStore {
  onAppend: (logged: LoggedEvent) => Promise<void> = async () => {};
  onRepair: () => Promise<void> = async () => {};
  isFull = false;

  override async append(logged: LoggedEvent) {
    await this.onAppend(logged);
    return super.append(logged);
  }

  override async repair(...args: Parameters<MemoryReferralStore['repair']>) {
    const written = await super.repair(...args);
    await this.onRepair();
    return written;
  }

  override async save(stored: StoredReferral, expected: number | null) {
    if (this.isFull) throw new OversizedItemError('too large');
    return super.save(stored, expected);
  }
}

/** A referral that was taken in, and its stage. */
async function opened() {
  const referrals = new WatchedStore();
  const stage = { ...(await open({ referrals })), referrals };
  await stage.deliver([atBroken('R-bad'), called('R-bad'), received('R-1')]);
  return stage;
}
type Opened = Awaited<ReturnType<typeof opened>>;

const note = (id: string, subject = 'R-bad'): SentEvent => sent('note.received', TUESDAY, {}, { subject, id });
const other: SentEvent = { ...called('R-bad'), data: { channel: 'letter', outcome: 'sent' } } as SentEvent;

/** Ways in which nobody can compute on a referral whose log can be read. */
const UNCOMPUTABLE: [string, (stage: Opened) => Promise<void>][] = [
  [
    'can not be folded',
    async ({ configs }) => {
      configs.isBroken = true;
    },
  ],
  ['has a projection that can not be read', ({ referrals }) => referrals.damage('R-bad', { state: GARBAGE })],
  [
    'has a projection that no item can hold',
    async ({ referrals }) => {
      referrals.isFull = true;
    },
  ],
];

describe.each(UNCOMPUTABLE)('a referral that %s', (_, damage) => {
  it('refuses an id that was used before with other content, and takes the rest', async () => {
    const stage = await opened();
    await damage(stage);
    expect((await stage.deliver([other, note('new')], 2)).batchItemFailures).toEqual([]);
    expect(await stage.quarantine.all()).toMatchObject([{ reason: 'id_reused', body: JSON.stringify(other) }]);
    expect(stage.referrals.eventsOf('R-bad')).toBe(3);
    expect(await stage.aside()).toEqual(['R-bad']);
  });

  it('refuses an event that no item can hold, gives back one that can not be put, and takes the rest', async () => {
    const stage = await opened();
    await damage(stage);
    stage.referrals.onAppend = async ({ event: { id } }) => {
      if (id === 'huge') throw new OversizedItemError('too large');
      if (id === 'later') throw new Error('throttled');
    };
    expect((await stage.deliver([note('huge'), note('later'), note('new')], 2)).batchItemFailures).toHaveLength(1);
    expect(await stage.quarantine.all()).toMatchObject([{ reason: 'too_large', body: JSON.stringify(note('huge')) }]);
    expect(stage.referrals.eventsOf('R-bad')).toBe(3);
  });

  it('takes no more events than any other', async () => {
    const stage = await opened();
    for (let more = 2; more < 2_000; more += 1) await stage.referrals.append(logged(note(`note-${more}`)));
    await damage(stage);
    await stage.deliver([note('new')], 2);
    expect(await stage.quarantine.all()).toMatchObject([{ reason: 'limit', body: JSON.stringify(note('new')) }]);
    expect(stage.referrals.eventsOf('R-bad')).toBe(2_000);
  });
});

describe('a referral with an event that can not be read', () => {
  it('takes each event by itself', async () => {
    const stage = await opened();
    await stage.referrals.damage('R-bad', { event: 'no JSON' }, 'log');
    stage.referrals.onAppend = async ({ event: { id } }) => {
      if (id === 'huge') throw new OversizedItemError('too large');
    };
    const { batchItemFailures } = await stage.deliver([note('huge'), note('new'), called('R-bad')], 2);
    expect(batchItemFailures).toEqual([]);
    expect((await stage.quarantine.all()).map(({ reason }) => reason)).toEqual(['too_large']);
    expect(stage.referrals.eventsOf('R-bad')).toBe(3);
    expect(await stage.aside()).toEqual(['R-bad']);
  });
});

describe('an event that comes while detection makes its referral anew', () => {
  const loggedIn = async ({ referrals }: Opened) => (await referrals.load('R-bad'))?.state.logged;

  it('is put before its referral is set aside, so that the next run finds it', async () => {
    const stage = await opened();
    await stage.referrals.damage('R-bad', { state: GARBAGE });
    // Another event has set it aside already, and a run comes between what was read and what is put.
    await stage.deliver([note('first')], 2);
    stage.referrals.onAppend = async () => {
      stage.referrals.onAppend = async () => {};
      await stage.world.detect(TUESDAY + QUARTER);
    };
    await stage.referrals.damage('R-bad', { state: GARBAGE });
    await stage.deliver([note('second')], 3);
    await stage.world.detect(TUESDAY + 2 * QUARTER);
    expect(await loggedIn(stage)).toBe(4);
    expect(await stage.aside()).toEqual([]);
  });

  it('keeps it set aside until the next run, if it comes behind what that has read', async () => {
    const stage = await opened();
    await stage.referrals.damage('R-bad', { state: GARBAGE });
    await stage.deliver([note('first')], 2);
    stage.referrals.onRepair = async () => {
      stage.referrals.onRepair = async () => {};
      const { state } = referralItem((await stage.referrals.load('R-bad')) as StoredReferral, 4);
      await stage.referrals.damage('R-bad', { state: GARBAGE });
      await stage.deliver([note('second')], 3);
      await stage.referrals.damage('R-bad', { state });
    };
    await stage.world.detect(TUESDAY + QUARTER);
    expect(await stage.aside()).toEqual(['R-bad']);
    await stage.world.detect(TUESDAY + 2 * QUARTER);
    expect(await loggedIn(stage)).toBe(4);
    expect(await stage.aside()).toEqual([]);
  });
});
