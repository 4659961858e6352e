import { NumberValueImpl } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import type { LoopEvent } from '../../shared/contracts/event.ts';
import type { CoordinatorDigestContent, OperationsContent } from '../../shared/contracts/mail.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { accepted, sent } from '../builders/events.ts';
import { at, QUARTER } from '../builders/instants.ts';
import { alertsIn } from '../builders/stored.ts';
import { atBroken, called, FRIDAY, GARBAGE, moved, open, received, TUESDAY } from './poison-world.ts';
import { MONDAY_9, stored, WEEK_10 } from './write-reports/report-world.ts';

/**
 * One referral on which nothing can be computed, or that can't be read: it is set aside, and holds up no other, no run, no
 * mail and no report. Real handlers over stores in memory.
 */

describe('an event with which its referral can not be computed', () => {
  it('comes back alone, and its referral goes on without it', async () => {
    const { configs, deliver, stage, aside } = await open();
    configs.isBroken = true;
    const { batchItemFailures } = await deliver([received('R-1'), moved('R-1'), called('R-1'), received('R-2')]);
    expect(batchItemFailures).toHaveLength(1);
    expect(await stage('R-1')).toBe('to_schedule');
    expect(await stage('R-2')).toBe('to_contact');
    expect(await aside()).toEqual([]);
  });

  it('is taken in if it can be computed with by the time that it comes back', async () => {
    const { configs, deliver, referrals } = await open();
    configs.isBroken = true;
    await deliver([received('R-1'), moved('R-1')]);
    configs.isBroken = false;
    await deliver([moved('R-1')], 2);
    expect((await referrals.load('R-1'))?.state.site).toBe('cape');
  });

  it('is quarantined once it has come back for over an hour', async () => {
    const { configs, deliver, quarantine } = await open();
    configs.isBroken = true;
    expect((await deliver([received('R-1'), moved('R-1')], 11)).batchItemFailures).toHaveLength(1);
    expect((await deliver([moved('R-1')], 12)).batchItemFailures).toEqual([]);
    expect(await quarantine.all()).toMatchObject([{ reason: 'invalid', body: JSON.stringify(moved('R-1')) }]);
  });
});

/** Ways in which what is stored of R-bad goes bad, once it and its neighbours were taken in. */
const DAMAGES: [name: string, damage: (stage: Awaited<ReturnType<typeof open>>) => Promise<void>][] = [
  [
    'can not be folded',
    async ({ configs }) => {
      configs.isBroken = true;
    },
  ],
  ['has a projection that can not be read', ({ referrals }) => referrals.damage('R-bad', { state: GARBAGE })],
  ['has alerts that can not be read', ({ referrals }) => referrals.damage('R-bad', { alerts: GARBAGE })],
  [
    'has a number that no number here can hold',
    ({ referrals }) => referrals.damage('R-bad', { version: NumberValueImpl.from('12345678901234567890.5') }),
  ],
  ['has events that can not be read', ({ referrals }) => referrals.damage('R-bad', { event: 'no JSON' }, 'log')],
];

describe.each(DAMAGES)('a referral that %s', (_name, damage) => {
  async function damaged() {
    const opened = await open();
    await opened.deliver([atBroken('R-bad'), received('R-1'), received('R-2')]);
    await opened.world.detect(TUESDAY + QUARTER);
    await damage(opened);
    return opened;
  }

  it('keeps every event that comes, and gives none back', async () => {
    const { deliver, referrals } = await damaged();
    expect((await deliver([called('R-bad'), called('R-1')], 2)).batchItemFailures).toEqual([]);
    expect(referrals.eventsOf('R-bad')).toBe(2);
  });

  it('fails no detection run, and leaves its neighbours their alerts', async () => {
    const { world, kinds } = await damaged();
    await world.detect(FRIDAY);
    await world.detect(FRIDAY + QUARTER);
    expect(await kinds('R-1')).toContain('acceptance breached');
    expect(await kinds('R-2')).toEqual(await kinds('R-1'));
  });

  it('fails no mail: what the mail can not show it names', async () => {
    const { run, world } = await damaged();
    await world.detect(FRIDAY - QUARTER);
    const { mailed, failed } = await run.mail(FRIDAY);
    expect(failed).toBe(0);
    const digest = mailed.find(({ content }) => content.kind === 'coordinator_digest');
    if (digest?.content.kind !== 'coordinator_digest') throw new Error('expected a digest');
    const { sections, unshown = [] } = digest.content;
    const named = sections.flatMap(({ rows }) => rows.map(({ referralId }) => referralId));
    expect([...named, ...unshown].sort()).toEqual(['R-1', 'R-2', 'R-bad']);
    expect(digest.text.includes('Not shown: R-bad. Loopwatch')).toBe(unshown.length > 0);
  });

  it('fails no report: the others are counted, and it says who is not', async () => {
    const { world } = await damaged();
    await world.report(MONDAY_9);
    const { received: counted, dataQuality } = await stored(world, WEEK_10);
    expect(counted.n + (dataQuality.setAside ?? 0)).toBe(3);
    expect(counted.n).toBeGreaterThanOrEqual(2);
  });
});

describe('a referral that is set aside', () => {
  it('is named in the operations mail, new ones as new', async () => {
    const { configs, deliver, run, world } = await open();
    await deliver([atBroken('R-bad'), received('R-1')]);
    configs.isBroken = true;
    await world.detect(FRIDAY - QUARTER);
    const operations = async (due: number) => {
      const { mailed } = await run.mail(due);
      return mailed.find(({ content }) => content.kind === 'operations')?.content as OperationsContent;
    };
    expect((await operations(FRIDAY)).setAside).toEqual([
      { referralId: 'R-bad', since: FRIDAY - QUARTER, isNew: true },
    ]);
    expect((await operations(FRIDAY + 96 * QUARTER)).setAside).toMatchObject([{ isNew: false }]);
  });

  it('is looked at again by every run, and comes back once it can be computed on', async () => {
    const { configs, deliver, world, aside, kinds } = await open();
    await deliver([atBroken('R-bad')]);
    configs.isBroken = true;
    await deliver([called('R-bad')], 2);
    expect(await aside()).toEqual(['R-bad']);
    await world.detect(FRIDAY);
    expect(await kinds('R-bad')).toEqual([]);
    configs.isBroken = false;
    await world.detect(FRIDAY + QUARTER);
    expect(await aside()).toEqual([]);
    expect(await kinds('R-bad')).toContain('acceptance breached');
  });

  it.each([
    ['its projection', { state: GARBAGE }],
    ['its alerts', { alerts: GARBAGE }],
    ['its version', { version: 'x' }],
    ['when it is due', { wakeAt: at('2030-01-01T00:00:00Z') }],
    ['its place in the due index', { dueShard: undefined, wakeAt: undefined }],
    ['whose it is', { coordinatorKey: 'x' }],
    ['the item', null],
  ] as [string, Item | null][])('is made anew from its log if somebody has damaged %s', async (_what, change) => {
    const { deliver, referrals, world } = await open();
    await deliver([received('R-1'), called('R-1'), received('R-2')]);
    for (let run = TUESDAY; run <= FRIDAY; run += QUARTER) await world.detect(run);
    const [before, due] = [await referrals.load('R-1'), await alertsIn(referrals, 'R-1')];
    await referrals.damage('R-1', change);
    await world.rebuild('R-1', FRIDAY + 1);
    await world.detect(FRIDAY + QUARTER);
    const after = await referrals.load('R-1');
    expect({ ...after, version: 0 }).toEqual({ ...before, version: 0 });
    expect(await alertsIn(referrals, 'R-1')).toEqual(due);
  });

  it('is left as it is where nothing is wrong', async () => {
    const { deliver, referrals, world } = await open();
    await deliver([received('R-1'), called('R-1')]);
    await world.detect(FRIDAY);
    const before = await referrals.load('R-1');
    expect(await world.rebuild('R-1', FRIDAY + 1)).toBe('unchanged');
    expect(await referrals.load('R-1')).toEqual(before);
    expect(await world.rebuild('R-never', FRIDAY)).toBe('absent');
  });
});

describe('an item that can not be read', () => {
  const digestOf = async ({ run }: Awaited<ReturnType<typeof open>>, due: number) => {
    const { mailed, failed } = await run.mail(due);
    const digest = mailed.find(({ content, to }) => content.kind === 'coordinator_digest' && to.startsWith('c-1'));
    return { digest: digest?.content as CoordinatorDigestContent | undefined, failed };
  };
  const named = (digest: CoordinatorDigestContent | undefined): string[] =>
    (digest?.sections ?? []).flatMap(({ rows }) => rows.map(({ referralId }) => referralId)).sort();

  it('of an owner key hides nobody: its referrals are found all the same', async () => {
    const opened = await open();
    await opened.deliver([received('R-1'), received('R-2')]);
    await opened.world.detect(FRIDAY - QUARTER);
    await opened.referrals.damageOwnerKeys('coordinator', { site: 7 });
    expect(named((await digestOf(opened, FRIDAY)).digest)).toEqual(['R-1', 'R-2']);
    await opened.world.report(MONDAY_9);
    expect((await stored(opened.world, WEEK_10)).received.n).toBe(2);
  });

  it('of a mail holds up no planning, no digest after it and no operations mail', async () => {
    const opened = await open();
    await opened.deliver([received('R-1')]);
    await opened.world.detect(FRIDAY - QUARTER);
    await digestOf(opened, FRIDAY);
    expect(await opened.mails.damage(({ personId }) => personId === 'c-1', { status: 'lost' })).toBe(1);
    const monday = FRIDAY + 3 * 96 * QUARTER - 4 * QUARTER;
    const { digest, failed } = await digestOf(opened, monday);
    expect(failed).toBe(0);
    expect(named(digest)).toEqual(['R-1']);
  });

  it('of a practice leaves its liaison the rest', async () => {
    const opened = await open();
    const { practices } = opened.world.stores;
    const event = sent('practice.contacted', TUESDAY, { by: 'L-1' }, { subject: 'practice-1' });
    await practices.append(accepted(event), TUESDAY);
    const told: string[] = [];
    const broken = accepted({ ...event, id: 'broken' });
    await practices.append({ ...broken, data: 7 } as unknown as LoopEvent, TUESDAY);
    const [facts] = await practices.facts(['practice-1'], ({ name }) => told.push(name));
    expect(facts?.lastContactAt).toBe(TUESDAY);
    expect(told).toEqual(['UnreadableItemError']);
    await expect(practices.facts(['practice-1'])).rejects.toThrow('practice');
  });
});

describe('a report that can not be made for one scope', () => {
  it.each(['drawn', 'compared'])(
    'because it can not be %s is written without that, and so are all others',
    async (what) => {
      const opened = await open();
      await opened.deliver([received('R-1')]);
      const { reports } = opened.world.stores;
      if (what === 'drawn') opened.world.drawCharts = async () => Promise.reject(new RangeError('no such colour'));
      const before = { kind: 'weekly' as const, period: '2026-W09', scope: 'organization' };
      if (what === 'compared') await reports.save(before, { report: 7 as never, charts: {} });
      await opened.world.report(MONDAY_9);
      expect((await stored(opened.world, WEEK_10)).received.n).toBe(1);
      expect((await reports.finishedPeriods()).map(({ period }) => period)).toContain('2026-W10');
    },
  );

  it('because its name is longer than a key is stored and found under a hash', async () => {
    const { reports } = (await open()).world.stores;
    const key = { kind: 'weekly' as const, period: '2026-W10', scope: `specialty=${'x'.repeat(2000)}` };
    const report = { report: { week: '2026-W10' } as never, charts: {} };
    expect(await reports.save(key, report)).toBe('written');
    expect(await reports.save({ ...key, scope: `${key.scope}y` }, report)).toBe('written');
    expect(await reports.save(key, report)).toBe('conflict');
  });
});

describe('if all fail', () => {
  it("the referrals aren't blamed: the run fails, and none is set aside", async () => {
    const { configs, deliver, world, aside } = await open();
    await deliver(Array.from({ length: 12 }, (_, index) => atBroken(`R-${index}`)));
    configs.isBroken = true;
    await expect(world.detect(FRIDAY)).rejects.toThrow('ComputationError: RangeError');
    expect(await aside()).toEqual([]);
  });
});
