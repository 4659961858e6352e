import { describe, expect, it } from 'vitest';
import { createHandler as detection } from '../../functions/detect-breaches/handler.ts';
import { createHandler as retirement } from '../../functions/retire-referrals/handler.ts';
import { DAY_MS, HOUR_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { OperationsContent } from '../../shared/contracts/mail.ts';
import { type Log, silentLog } from '../../shared/platform/logger.ts';
import { type Metrics, silentMetrics } from '../../shared/platform/metrics.ts';
import type { StoredReferral } from '../../shared/store/referral-store.ts';
import { sampleConfig } from '../builders/config.ts';
import { type SentEvent, sent } from '../builders/events.ts';
import { QUARTER } from '../builders/instants.ts';
import { MemoryReferralStore } from '../doubles/memory-stores.ts';
import { atBroken, FRIDAY, GARBAGE, open, received, TUESDAY } from './poison-world.ts';

/** The notes of what is set aside: who tries again, who takes back, and when it isn't the referrals. */

class WatchedStore extends MemoryReferralStore {
  /** What was read by itself, to be looked at or made anew. */
  readonly looks: string[] = [];

  override load(referralId: string): Promise<StoredReferral | null> {
    this.looks.push(referralId);
    return super.load(referralId);
  }

  override inspect(referralId: string) {
    this.looks.push(referralId);
    return super.inspect(referralId);
  }
}

const context = { getRemainingTimeInMillis: () => 300_000 } as never;
const closed = (subject: string): SentEvent =>
  sent('referral.closed', TUESDAY, { reason: 'moved' }, { subject, id: 'closed' });
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `R-${index}`);

async function opened() {
  const referrals = new WatchedStore();
  const stage = { ...(await open({ referrals })), referrals };
  let reads = 0;
  const all = stage.setAsides.all.bind(stage.setAsides);
  stage.setAsides.all = (onUnreadable) => {
    reads += 1;
    return all(onUnreadable);
  };
  return {
    ...stage,
    /** How often the notes were read while something ran. */
    readsIn: async (run: () => Promise<unknown>): Promise<number> => {
      reads = 0;
      await run();
      return reads;
    },
    note: (referralId: string, by: string, since: Instant) =>
      stage.setAsides.put({ referralId, by, error: 'ComputationError: RangeError', since }),
    operations: async (due: Instant) => {
      const { mailed, failed } = await stage.run.mail(due);
      expect(failed).toBe(0);
      return mailed.find(({ content }) => content.kind === 'operations')?.content as OperationsContent;
    },
  };
}

describe('a detection run', () => {
  it('does not fail because of what is set aside already, and looks at each once, if nothing else is due', async () => {
    const { configs, deliver, world, aside, referrals } = await opened();
    await deliver([received('R-well'), ...ids(12).map((id) => atBroken(id))]);
    configs.isBroken = true;
    await world.detect(FRIDAY);
    expect(await aside()).toEqual(ids(12).sort());
    referrals.looks.length = 0;
    await world.detect(FRIDAY + QUARTER);
    expect(referrals.looks.sort()).toEqual(ids(12).sort());
    expect(await aside()).toEqual(ids(12).sort());
  });

  it('reads the notes once if it sets nothing aside', async () => {
    const { deliver, note, readsIn, world } = await opened();
    await deliver([received('R-1')]);
    expect(await readsIn(() => world.detect(TUESDAY + QUARTER))).toBe(1);
    await note('R-1', 'detect-breaches', TUESDAY);
    expect(await readsIn(() => world.detect(TUESDAY + 2 * QUARTER))).toBe(1);
  });

  it('looks at all that is due if the notes can not be read at first', async () => {
    const { deliver, kinds, setAsides, world } = await opened();
    await deliver([received('R-1')]);
    const { all } = setAsides;
    setAsides.all = async () => {
      setAsides.all = all;
      throw new Error('throttled');
    };
    await world.detect(FRIDAY);
    expect(await kinds('R-1')).toContain('acceptance breached');
  });
});

describe('a note that can not be read', () => {
  it('holds up no run: it is logged and counted, and the others are tried', async () => {
    const { deliver, note, setAsides, world, aside } = await opened();
    await deliver([received('R-1'), received('R-2')]);
    for (const id of ['R-1', 'R-2']) await note(id, 'detect-breaches', TUESDAY);
    await setAsides.damage('R-2', { since: 'long ago' });
    const lines: string[] = [];
    const counts: unknown[] = [];
    const hear: Log['info'] = (code) => void lines.push(code);
    const metrics: Metrics = { ...silentMetrics, count: (...count) => void counts.push(count) };
    const log = { info: hear, warn: hear, error: hear };
    const run = detection({ ...world.stores, shards: 4, backoff: async () => {}, log, metrics });
    await run({ time: formatInstant(TUESDAY + QUARTER) }, context);
    expect(lines).toContain('ITEM_UNREADABLE');
    expect(counts).toContainEqual(['ReferralsSetAside', 1]);
    await setAsides.damage('R-2', { since: TUESDAY });
    expect(await aside()).toEqual(['R-2']);
  });

  it('holds up no mail', async () => {
    const { deliver, note, operations, run, setAsides, world } = await opened();
    await deliver([received('R-1')]);
    await world.detect(FRIDAY - QUARTER);
    for (const id of ['R-1', 'R-2']) await note(id, 'write-reports', FRIDAY - QUARTER);
    await setAsides.damage('R-2', { error: 7 });
    expect((await operations(FRIDAY)).setAside).toMatchObject([{ referralId: 'R-1' }]);
    expect(run.mailed.map(({ content }) => content.kind)).toContain('coordinator_digest');
  });
});

describe('a referral that can not be set aside', () => {
  it('holds up no urgent mail of others, and the planning fails', async () => {
    const { deliver, referrals, run, setAsides, world } = await opened();
    await deliver(['R-1', 'R-2'].map((id) => received(id, { priority: 'stat' })));
    await world.detect(FRIDAY - QUARTER);
    await referrals.damage('R-2', { state: GARBAGE });
    setAsides.all = async () => {
      throw new Error('throttled');
    };
    await expect(run.plan(FRIDAY - QUARTER)).rejects.toThrow();
    const mails = (await world.stores.mails.dueOn('2026-03-06')).filter(({ kind }) => kind === 'urgent_alert');
    expect(mails.flatMap(({ urgent }) => urgent.map(({ referralId }) => referralId))).toContain('R-1');
  });
});

describe('what another function than detection met', () => {
  it('stays until that function would have met it again, and is named meanwhile', async () => {
    const { deliver, note, operations, world, aside } = await opened();
    await deliver([received('R-1')]);
    await note('R-1', 'send-mail', FRIDAY - QUARTER);
    await world.detect(FRIDAY);
    expect(await aside()).toEqual(['R-1']);
    expect((await operations(FRIDAY)).setAside).toMatchObject([{ referralId: 'R-1', since: FRIDAY - QUARTER }]);
    // The next digest meets it, too.
    await note('R-1', 'send-mail', FRIDAY + DAY_MS);
    await world.detect(FRIDAY + DAY_MS + 26 * HOUR_MS - QUARTER);
    expect(await aside()).toEqual(['R-1']);
    await world.detect(FRIDAY + DAY_MS + 26 * HOUR_MS);
    expect(await aside()).toEqual([]);
  });

  it('is taken back at once if what is stored was wrong, and is made anew', async () => {
    const { deliver, note, referrals, world, aside } = await opened();
    await deliver([received('R-1')]);
    await world.detect(TUESDAY + QUARTER);
    await referrals.damage('R-1', { state: GARBAGE });
    await note('R-1', 'send-mail', TUESDAY + QUARTER);
    await world.detect(TUESDAY + 2 * QUARTER);
    expect(await aside()).toEqual([]);
  });

  it('stays through a push: the referral is made anew, but nothing was wrong with it', async () => {
    const { configs, deliver, note, world, aside } = await opened();
    await deliver([received('R-1')]);
    await world.detect(TUESDAY + QUARTER);
    await note('R-1', 'send-mail', TUESDAY + QUARTER);
    const config = sampleConfig();
    for (const site of config.directory.sites) site.holidays = [...(site.holidays ?? []), '2026-03-04'];
    // So late that the sweep under it hasn't begun.
    await configs.push(config, TUESDAY + 2 * QUARTER - 1);
    await world.detect(TUESDAY + 2 * QUARTER);
    expect(await aside()).toEqual(['R-1']);
  });

  it('is noted by detection, too, if it fails there', async () => {
    const { configs, deliver, note, setAsides, world, aside } = await opened();
    await deliver([atBroken('R-bad')]);
    configs.isBroken = true;
    await note('R-bad', 'send-mail', TUESDAY);
    await world.detect(TUESDAY + QUARTER);
    expect((await setAsides.all()).map(({ by }) => by).sort()).toEqual(['detect-breaches', 'send-mail']);
    configs.isBroken = false;
    await world.detect(TUESDAY + 26 * HOUR_MS);
    expect(await aside()).toEqual([]);
  });

  it('is as unwatched as any if it fails in detection, though an earlier release has noted the other under its key', async () => {
    const { configs, deliver, note, setAsides, world, aside } = await opened();
    await deliver([atBroken('R-bad')]);
    await note('R-bad', 'detect-breaches', TUESDAY);
    await setAsides.damage('R-bad', { by: 'write-reports', met: undefined, metAt: undefined });
    configs.isBroken = true;
    await world.detect(TUESDAY + QUARTER);
    expect(await setAsides.all()).toMatchObject([{ by: 'detect-breaches', since: TUESDAY, met: 1 }]);
    configs.isBroken = false;
    await world.detect(TUESDAY + 2 * QUARTER);
    expect(await aside()).toEqual([]);
  });

  it('is in no digest as not shown: detection watches it', async () => {
    const { deliver, note, run, world } = await opened();
    await deliver([received('R-1'), received('R-quiet'), closed('R-quiet')]);
    await world.detect(FRIDAY - QUARTER);
    await note('R-quiet', 'write-reports', FRIDAY - QUARTER);
    const unshown = async (due: Instant) => {
      const { mailed } = await run.mail(due);
      const digest = mailed.find(({ content }) => content.kind === 'coordinator_digest')?.content;
      return digest && 'sections' in digest && 'unshown' in digest ? digest.unshown : [];
    };
    expect(await unshown(FRIDAY)).toEqual([]);
    await note('R-quiet', 'detect-breaches', FRIDAY);
    expect(await unshown(FRIDAY + 3 * DAY_MS)).toEqual(['R-quiet']);
  });
});

describe('if ten fail and none succeeds, it is not the referrals', () => {
  /** Twelve referrals whose items nobody can read, and who looks at them. */
  type Stage = Awaited<ReturnType<typeof opened>>;
  const WHO: [name: string, prepare: (stage: Stage) => Promise<() => Promise<unknown>>][] = [
    [
      'retire-referrals',
      async ({ deliver, world }) => {
        await deliver(ids(12).flatMap((id) => [received(id), closed(id)]));
        for (const days of [1, 30, 60, 400]) await world.detect(TUESDAY + days * DAY_MS);
        const now = TUESDAY + 800 * DAY_MS;
        const handler = retirement({ ...world.stores, months: 25, time: { now: () => now }, log: silentLog });
        return () => handler({ time: formatInstant(now) }, context) as Promise<unknown>;
      },
    ],
    [
      'plan-mail',
      async ({ deliver, run, world }) => {
        await deliver(ids(12).map((id) => received(id, { priority: 'stat' })));
        await world.detect(FRIDAY - QUARTER);
        expect(await world.stores.referrals.pendingUrgent()).toHaveLength(12);
        return () => run.plan(FRIDAY - QUARTER);
      },
    ],
    [
      'send-mail',
      async ({ deliver, run, world }) => {
        await deliver(ids(12).map((id) => received(id)));
        await world.detect(FRIDAY - QUARTER);
        return async () => {
          const { failed } = await run.mail(FRIDAY);
          if (failed > 0) throw new Error('a mail failed');
        };
      },
    ],
    [
      'write-reports',
      async ({ deliver, world }) => {
        await deliver(ids(12).map((id) => received(id)));
        return () => world.report(FRIDAY + 3 * DAY_MS);
      },
    ],
  ];

  it.each(WHO)('%s fails, and sets none aside', async (_, prepare) => {
    const stage = await opened();
    const run = await prepare(stage);
    for (const id of ids(12)) await stage.referrals.damage(id, { state: GARBAGE });
    await expect(run()).rejects.toThrow();
    expect(await stage.aside()).toEqual([]);
  });

  it.each(WHO)('%s goes on if they are set aside already', async (name, prepare) => {
    const stage = await opened();
    const run = await prepare(stage);
    for (const id of ids(12)) await stage.referrals.damage(id, { state: GARBAGE });
    for (const id of ids(12)) await stage.note(id, 'detect-breaches', TUESDAY);
    await run();
    expect((await stage.setAsides.all()).filter(({ by }) => by === name)).toHaveLength(12);
  });
});
