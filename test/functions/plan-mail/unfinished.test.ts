import { describe, expect, it } from 'vitest';
import { isHourly, MOST_AGAIN, unfinishedMails } from '../../../functions/plan-mail/unfinished.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import type { Instant } from '../../../shared/contracts/instant.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { configWithLeader } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { mailJob } from '../../builders/stored.ts';
import { MailWorld } from '../send-mail/mail-world.ts';

/** Mails whose message was lost or given up, through the real handlers. */

const QUARTER_MS = 15 * MINUTE_MS;
/** 07:00 in New York. */
const MONDAY = at('03-02 12:00');
const TUESDAY = MONDAY + DAY_MS;

/** A world in which a referral of c-1 is late since Friday. */
async function opened(priority: 'routine' | 'stat', until: Instant): Promise<MailWorld> {
  const run = await MailWorld.open(configWithLeader());
  const received = until - 10 * DAY_MS;
  const event = sent('referral.received', received, receivedData({ coordinatorId: 'c-1', priority }), {
    subject: 'R-1',
  });
  await run.world.deliver({ at: received, messages: [{ body: JSON.stringify(event), sentAt: received }] });
  await run.world.detect(until);
  return run;
}

const mailsOf = ({ mailed }: MailWorld, kind: string) => mailed.filter(({ content }) => content.kind === kind);

describe('an urgent mail', () => {
  it('goes out at the next run if SES failed for 25 minutes and its message was given up', async () => {
    const run = await opened('stat', MONDAY + 2 * HOUR_MS);
    const breach = MONDAY + 2 * HOUR_MS;
    run.sesFails = true;
    await run.plan(breach);
    for (let minute = 0; minute < 25; minute += 6) await run.send(breach + minute * MINUTE_MS);
    run.lose();
    run.sesFails = false;
    for (const later of [2, 3, 4, 5]) await run.mail(breach + later * QUARTER_MS);
    expect(mailsOf(run, 'urgent_alert').map(({ at: when }) => when)).toEqual([breach + 3 * QUARTER_MS]);
    expect(
      (await run.world.stores.mails.dueOn('2026-03-02')).filter(({ kind }) => kind === 'urgent_alert'),
    ).toHaveLength(1);
  });

  it('gets no second message while its sender fails and tries again', async () => {
    const run = await opened('stat', MONDAY + 2 * HOUR_MS);
    run.sesFails = true;
    for (let minute = 0; minute < 120; minute += 1) {
      const now = MONDAY + 2 * HOUR_MS + minute * MINUTE_MS;
      if (minute % 15 === 2) await run.plan(now);
      if (minute % 6 === 2) await run.send(now);
    }
    const [urgent] = (await run.world.stores.mails.dueOn('2026-03-02')).filter(({ kind }) => kind === 'urgent_alert');
    expect(run.queued.filter((mailId) => mailId === urgent?.mailId)).toHaveLength(1);
  });
});

describe('a digest', () => {
  it('goes out within two hours if its message was lost', async () => {
    const run = await opened('routine', MONDAY);
    await run.plan(MONDAY);
    run.lose();
    for (let run15 = 1; run15 <= 8; run15 += 1) await run.mail(MONDAY + run15 * QUARTER_MS);
    const [digest, ...more] = mailsOf(run, 'coordinator_digest').filter(({ to }) => to === 'c-1@example.org');
    expect(more).toEqual([]);
    expect(digest).toMatchObject({ at: MONDAY + HOUR_MS, content: { recipient: { id: 'c-1' } } });
  });

  it('ends as superseded if the next one has come meanwhile', async () => {
    const run = await opened('routine', MONDAY);
    await run.plan(MONDAY);
    run.lose();
    await run.mail(TUESDAY);
    const digests = mailsOf(run, 'coordinator_digest').map(({ content }) => content.period);
    expect(digests).toEqual(['2026-03-03']);
    // The planner tells of Monday's again, and the sender finds it overtaken.
    for (let hour = 1; hour <= 16; hour += 1) await run.mail(TUESDAY + hour * HOUR_MS);
    const monday = (await run.world.stores.mails.dueOn('2026-03-02')).filter(
      ({ kind }) => kind === 'coordinator_digest',
    );
    expect(new Set(monday.map(({ status }) => status))).toEqual(new Set(['superseded']));
    expect(mailsOf(run, 'coordinator_digest')).toHaveLength(1);
  });

  it('that a run has put and not announced is announced by the next hour at the latest', async () => {
    const { again } = await left(MONDAY + 5 * MINUTE_MS, mailJob('m-1', { dueAt: MONDAY, status: 'planned' }));
    expect(again).toEqual(['m-1']);
  });
});

describe("a leader's report", () => {
  it('is announced again although it fell due many days ago', async () => {
    const run = await opened('routine', MONDAY);
    const monday = MONDAY + 7 * DAY_MS;
    await run.world.report(monday + 5 * DAY_MS);
    await run.plan(monday + 5 * DAY_MS);
    run.lose();
    for (let hour = 1; hour <= 24; hour += 1) await run.mail(monday + 5 * DAY_MS + hour * HOUR_MS);
    expect(mailsOf(run, 'weekly_report')).toHaveLength(1);
  });
});

/** What is announced again of these mails. */
const left = (now: Instant, ...known: MailJob[]) =>
  unfinishedMails(now, { known, reports: [], mails: { get: async () => null } });

describe('what is announced again', () => {
  it('is nothing that has ended', async () => {
    for (const status of ['sent', 'empty', 'undeliverable', 'superseded', 'held'] as const) {
      expect((await left(TUESDAY, mailJob('m-1', { dueAt: MONDAY, status }))).again).toEqual([]);
    }
  });

  it('is nothing that a sender may be at work on', async () => {
    const mail = mailJob('m-1', {
      kind: 'urgent_alert',
      dueAt: MONDAY,
      status: 'claimed',
      leaseUntil: TUESDAY - 6 * MINUTE_MS,
    });
    expect((await left(TUESDAY, mail)).again).toEqual([]);
  });

  it('is, if senders do not run at all, each digest a handful of times in two days, and urgent mails not much oftener', async () => {
    const digest = mailJob('digest', { kind: 'coordinator_digest', dueAt: MONDAY, status: 'queued' });
    const urgent = mailJob('urgent', { kind: 'urgent_alert', dueAt: MONDAY, status: 'queued' });
    const times: string[] = [];
    for (let run = 1; run <= 192; run += 1) {
      // 2 minutes after each quarter hour, as scheduled.
      times.push(...(await left(MONDAY + run * QUARTER_MS + 2 * MINUTE_MS, digest, urgent)).again);
    }
    expect(times.filter((mailId) => mailId === 'digest')).toHaveLength(6);
    expect(times.filter((mailId) => mailId === 'urgent')).toHaveLength(8);
  });

  it('is no more than a run has time for, urgent mails first, and says how many it left out', async () => {
    const mails = Array.from({ length: MOST_AGAIN + 3 }, (_, index) =>
      mailJob(`m-${index}`, { kind: 'liaison_digest', dueAt: MONDAY - index, status: 'queued' }),
    );
    const urgent = mailJob('urgent', { kind: 'urgent_alert', dueAt: MONDAY, status: 'planned' });
    const { again, leftOut } = await left(MONDAY + HOUR_MS, ...mails, urgent);
    expect([again.length, leftOut, again[0], again[1]]).toEqual([MOST_AGAIN, 4, 'urgent', `m-${MOST_AGAIN + 2}`]);
  });

  it('is looked for once an hour if it is not urgent, at a schedule of every quarter hour', () => {
    const runs = Array.from({ length: 96 }, (_, run) => MONDAY + run * QUARTER_MS + 2 * MINUTE_MS);
    expect(runs.filter(isHourly)).toHaveLength(24);
  });
});
