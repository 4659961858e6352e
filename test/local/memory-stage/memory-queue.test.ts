import { describe, expect, it } from 'vitest';
import { maxReceiveCount, visibilitySeconds } from '../../../infra/settings.ts';
import { MemoryQueue } from '../../../local/memory-stage/memory-queue.ts';

const VISIBILITY_MS = visibilitySeconds('mail-jobs') * 1000;

describe('a queue in memory', () => {
  it('hides what was received until the visibility timeout is over, and counts', () => {
    const queue = new MemoryQueue('mail-jobs');
    queue.send('a', { sentAt: 0 });
    expect(queue.receive(0)).toMatchObject([{ body: 'a', receives: 1 }]);
    expect(queue.receive(VISIBILITY_MS - 1)).toEqual([]);
    expect(queue.nextVisible()).toBe(VISIBILITY_MS);
    expect(queue.receive(VISIBILITY_MS)).toMatchObject([{ body: 'a', receives: 2 }]);
    expect(queue.size).toBe(1);
  });

  it('forgets what is deleted, and shows late what comes late', () => {
    const queue = new MemoryQueue('mail-jobs');
    queue.delete(queue.send('a', { sentAt: 0 }));
    queue.send('b', { sentAt: 0, visibleAt: 5 });
    expect(queue.receive(4)).toEqual([]);
    expect(queue.receive(5)).toMatchObject([{ body: 'b', sentAt: 0 }]);
  });

  it('gives up what was received too often', () => {
    const queue = new MemoryQueue('mail-jobs');
    queue.send('a', { sentAt: 0 });
    const most = maxReceiveCount('mail-jobs');
    for (let count = 0; count < most; count += 1) expect(queue.receive(count * VISIBILITY_MS)).toHaveLength(1);
    expect(queue.receive(most * VISIBILITY_MS)).toEqual([]);
    expect(queue.dead).toMatchObject([{ body: 'a', receives: most }]);
    expect(queue.size).toBe(0);
  });
});
