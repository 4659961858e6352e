import { describe, expect, it } from 'vitest';
import { Random } from '../../../local/simulate/random.ts';
import { FAIR, FaultLayer } from '../../../local/soak/fault-layer.ts';
import { HeldQueue } from '../../../local/soak/held-queue.ts';
import { weeksOf } from '../../../local/soak/soak.ts';
import { StandInStage } from '../../../local/soak/stand-in-stage.ts';

/** The stage of `npm run soak -- --stand-ins`: the clients of the SDK as they are, with faults around them. */

describe('a stage on the stand-ins', () => {
  it('hands what a function failed on to it again, and nothing before its time', async () => {
    const { config, messages, from } = weeksOf({ referrals: 6, weeks: 1, seed: 1 });
    const faults = new FaultLayer(new Random(1), { now: () => from, onKilled: () => {} });
    const stage = await StandInStage.open(from, faults);
    try {
      await stage.pushConfig(config);
      const queue = stage.queues['referral-events'];
      const ofReferrals = messages.filter(({ subject }) => subject.startsWith('R-'));
      const [first, second] = ofReferrals.map(({ body, sentAt, subject }) => ({
        body,
        sentAt,
        attributes: { subject },
      }));
      if (!first || !second) throw new Error('no messages');
      queue.send(first.body, first);
      queue.send(second.body, { ...second, visibleAt: second.sentAt + 1 });
      stage.time.moveTo(second.sentAt);

      faults.weather = { ...FAIR, down: ['dynamodb'] };
      expect(await stage.consume('referral-events')).toEqual({ done: [] });
      await expect(stage.run('plan-mail', second.sentAt)).rejects.toThrow();
      expect(faults.total).toBeGreaterThan(1);
      expect(queue.nextVisible()).toBe(Number.NEGATIVE_INFINITY);
      expect(await stage.undone()).toEqual({ dead: 0, waiting: 2 });

      faults.weather = FAIR;
      const { done } = await stage.consume('referral-events');
      expect(done.map(({ attributes }) => attributes.subject)).toEqual([first.attributes.subject]);
      expect(queue.nextVisible()).toBe(second.sentAt + 1);
      expect((await stage.items('referrals')).length).toBeGreaterThan(0);
      await expect(stage.run('detect-breaches', second.sentAt)).resolves.toBeDefined();
    } finally {
      await stage.close();
    }
  });
});

describe('a queue of messages that are to come', () => {
  it('hands each out once, when its time has come', () => {
    const queue = new HeldQueue();
    queue.send('late', { sentAt: 1, visibleAt: 3 });
    queue.send('early', { sentAt: 2 });
    expect(queue.nextVisible()).toBe(2);
    expect(queue.take(2).map(({ body }) => body)).toEqual(['early']);
    expect(queue.take(2)).toEqual([]);
    expect([queue.size, queue.nextVisible()]).toEqual([1, 3]);
    expect(queue.take(3).map(({ body }) => body)).toEqual(['late']);
    expect(queue.nextVisible()).toBeNull();
  });
});
