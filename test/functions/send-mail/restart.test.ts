import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { type Mailed, MailWorld } from './mail-world.ts';

/** Ten days in which nothing runs, neither schedules nor mail; then everything runs again. */

/** 07:00 in New York. */
const TUESDAY = at('03-03 12:00');
const LAST = TUESDAY;
const RESTART = LAST + 10 * DAY_MS;

async function receive(run: MailWorld, id: string, received: Instant): Promise<void> {
  const data = receivedData({ coordinatorId: 'c-1', priority: 'routine' });
  const event = sent('referral.received', received, data, { subject: id });
  await run.world.deliver({ at: received, messages: [{ body: JSON.stringify(event), sentAt: received }] });
}

/** A world in which digests went out until the outage. R-old has been late for days, R-mid and R-new aren't yet. */
async function stopped(): Promise<MailWorld> {
  const run = await MailWorld.open(sampleConfig());
  await receive(run, 'R-old', LAST - 10 * DAY_MS);
  for (let day = 3; day >= 0; day -= 1) {
    await run.world.detect(LAST - day * DAY_MS);
    await run.mail(LAST - day * DAY_MS);
  }
  await receive(run, 'R-mid', LAST - 2 * DAY_MS);
  await receive(run, 'R-new', LAST + HOUR_MS);
  return run;
}

function rowsOf(mail: Mailed | undefined) {
  const content = mail?.content;
  if (content?.kind !== 'coordinator_digest') throw new Error('no digest');
  return content.sections.flatMap(({ section, rows }) =>
    rows.map(({ referralId, state }) => ({ section, referralId, state })),
  );
}

const digestsOf = (mailed: readonly Mailed[]) =>
  mailed.filter(({ content, to }) => content.kind === 'coordinator_digest' && to === 'c-1@example.org');

describe('the first digest after ten days in which nothing ran', () => {
  it('tells what is new since the last one from what is not', async () => {
    const run = await stopped();
    await run.world.detect(RESTART);
    const { mailed, failed } = await run.mail(RESTART);
    expect(failed).toBe(0);
    const [digest, ...more] = digestsOf(mailed);
    expect(more).toEqual([]);
    expect(digest?.content).toMatchObject({ since: LAST });
    expect(rowsOf(digest)).toEqual([
      { section: 'due', referralId: 'R-new', state: 'new' },
      { section: 'newly_breached', referralId: 'R-mid', state: 'new' },
      { section: 'still_open', referralId: 'R-old', state: 'worse' },
    ]);
  });

  it('is the same if the digests between were planned, but SES took none', async () => {
    const run = await stopped();
    run.sesFails = true;
    for (let day = 1; day < 10; day += 1) await run.mail(LAST + day * DAY_MS);
    run.sesFails = false;
    await run.world.detect(RESTART);
    const [digest, ...more] = digestsOf((await run.mail(RESTART)).mailed);
    expect(more).toEqual([]);
    expect(digest?.content).toMatchObject({ since: LAST });
    expect(rowsOf(digest).map(({ referralId, section }) => [referralId, section])).toEqual([
      ['R-new', 'due'],
      ['R-mid', 'newly_breached'],
      ['R-old', 'still_open'],
    ]);
  });

  it('is followed by one that counts on', async () => {
    const run = await stopped();
    for (const day of [0, 4]) {
      await run.world.detect(RESTART + day * DAY_MS);
      await run.mail(RESTART + day * DAY_MS);
    }
    const [last] = digestsOf(run.mailed).slice(-1);
    const old = rowsOf(last).find(({ referralId }) => referralId === 'R-old');
    expect(old).toMatchObject({ section: 'still_open', state: expect.any(Number) });
    expect(rowsOf(last).find(({ referralId }) => referralId === 'R-mid')?.section).toBe('still_open');
  });
});

describe('the first operations mail after ten days in which nothing ran', () => {
  it('tells of a mail that bounced just after the last one was made', async () => {
    const run = await stopped();
    const [last] = digestsOf(run.mailed).slice(-1);
    if (!last) throw new Error('no digest');
    await run.tell(last, 'Bounce');
    const { mailed } = await run.mail(RESTART);
    const operations = mailed.find(({ content }) => content.kind === 'operations')?.content;
    expect(operations).toMatchObject({
      undelivered: [{ personId: 'c-1', kind: 'coordinator_digest', why: 'bounced', count: 1 }],
    });
  });
});
