import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { MailWorld } from './mail-world.ts';

/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');

/** A world in which a referral of c-1 is late. */
async function opened(): Promise<MailWorld> {
  const run = await MailWorld.open(sampleConfig());
  const received = at('02-20 12:00');
  const event = sent('referral.received', received, receivedData({ coordinatorId: 'c-1' }), { subject: 'R-1' });
  await run.world.deliver({ at: received, messages: [{ body: JSON.stringify(event), sentAt: received }] });
  await run.world.detect(MONDAY);
  await run.plan(MONDAY);
  return run;
}

describe('a mail for which the function has no time left', () => {
  it('goes back before anything is done with it, and is sent by the next one', async () => {
    const run = await opened();
    const queued = run.queued.length;
    expect(await run.send(MONDAY, 10)).toEqual({ mailed: [], failed: queued });
    const mails = await run.world.stores.mails.dueOn('2026-03-02');
    expect(new Set(mails.map(({ status }) => status))).toEqual(new Set(['queued']));
    const { mailed, failed } = await run.send(MONDAY + 6 * MINUTE_MS);
    expect(mailed.length).toBeGreaterThan(0);
    expect(failed).toBe(0);
  });

  it('may wait for its turn no longer than leaves SES and the table time to answer', async () => {
    const run = await opened();
    await run.send(MONDAY);
    expect(run.until).toBeGreaterThan(MONDAY + 40_000);
    expect(run.until).toBeLessThanOrEqual(MONDAY + 45_000);
  });
});
