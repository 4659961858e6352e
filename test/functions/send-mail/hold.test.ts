import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../../shared/contracts/instant.ts';
import { mailRows } from '../../../shared/contracts/mail-rows.ts';
import type { MailJob } from '../../../shared/store/mail-store.ts';
import { configWithLeader } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { type Mailed, MailWorld } from './mail-world.ts';

/** A stage that makes and keeps every mail and sends none, and what goes out once it does, through the real handlers. */

const QUARTER_MS = 15 * MINUTE_MS;
/** 07:00 in New York, on a Tuesday. */
const TUESDAY = at('03-03 12:00');
const WEDNESDAY = TUESDAY + DAY_MS;
const THURSDAY = WEDNESDAY + DAY_MS;

/** A world whose mail is held, with a leader. */
async function held(): Promise<MailWorld> {
  const run = await MailWorld.open(configWithLeader());
  run.hold(true);
  return run;
}

async function receive(run: MailWorld, id: string, received: Instant, priority: 'routine' | 'stat'): Promise<void> {
  const data = receivedData({ coordinatorId: 'c-1', priority });
  const event = sent('referral.received', received, data, { subject: id });
  await run.world.deliver({ at: received, messages: [{ body: JSON.stringify(event), sentAt: received }] });
}

async function say(run: MailWorld, type: 'referral.closed', id: string, time: Instant): Promise<void> {
  const event = sent(type, time, { reason: 'moved', evidence: 'letter' }, { subject: id });
  await run.world.deliver({ at: time, messages: [{ body: JSON.stringify(event), sentAt: time }] });
}

/** Detection, planning and sending at each of some instants. */
async function go(run: MailWorld, ...instants: Instant[]): Promise<Mailed[]> {
  const mailed: Mailed[] = [];
  for (const instant of instants) {
    await run.world.detect(instant);
    mailed.push(...(await run.mail(instant)).mailed);
  }
  return mailed;
}

/** The quarter hours from an instant on. */
const quarters = (from: Instant, count: number): Instant[] =>
  Array.from({ length: count }, (_, quarter) => from + quarter * QUARTER_MS);

const mailsOf = async (run: MailWorld, kind: MailJob['kind'], ...days: Instant[]): Promise<MailJob[]> => {
  const dates = days.map((day) => formatInstant(day).slice(0, 10));
  const mails = (await Promise.all(dates.map((date) => run.world.stores.mails.dueOn(date)))).flat();
  return mails.filter((mail) => mail.kind === kind && ['c-1', 'b-1', 'operations'].includes(mail.personId));
};
const statuses = (mails: readonly MailJob[]) => mails.map(({ status }) => status).sort();
const contentOf = async (run: MailWorld, mail: MailJob | undefined) =>
  (await run.world.stores.mails.frozen(mail?.mailId ?? '')) ?? expect.unreachable('nothing is frozen');
const digestsOf = (mailed: readonly Mailed[]) =>
  mailed.filter(({ content, to }) => content.kind === 'coordinator_digest' && to === 'c-1@example.org');

describe('while mail is held', () => {
  it('everything is made and kept, and nothing is sent', async () => {
    const run = await held();
    await receive(run, 'R-late', TUESDAY - 10 * DAY_MS, 'routine');
    await receive(run, 'R-stat', TUESDAY - 3 * DAY_MS, 'stat');
    await run.world.report(TUESDAY - DAY_MS);
    await go(run, TUESDAY);
    expect(run.mailed).toEqual([]);
    const [digest, ...others] = await mailsOf(run, 'coordinator_digest', TUESDAY);
    expect(others).toEqual([]);
    expect(digest).toMatchObject({ status: 'held', heldAt: TUESDAY, sentAt: null, messageId: null });
    expect(mailRows(await contentOf(run, digest)).map(({ referralId }) => referralId)).toContain('R-late');
    expect(statuses(await mailsOf(run, 'urgent_alert', TUESDAY))).toEqual(['held']);
    expect(statuses(await mailsOf(run, 'operations', TUESDAY))).toEqual([expect.stringMatching(/held|empty/)]);
    expect(new Set(run.made.map(({ kind }) => kind))).toContain('coordinator_digest');
  });

  it('each digest reads as if the one before had been sent', async () => {
    const [shadow, live] = await Promise.all([held(), held()]);
    live.hold(false);
    for (const run of [shadow, live]) {
      await receive(run, 'R-old', TUESDAY - 10 * DAY_MS, 'routine');
      await go(run, TUESDAY, WEDNESDAY);
      await receive(run, 'R-new', WEDNESDAY - 9 * DAY_MS, 'routine');
      await go(run, THURSDAY);
    }
    const sentDigests = digestsOf(live.mailed).map(({ content }) => content);
    const heldDigests = await mailsOf(shadow, 'coordinator_digest', TUESDAY, WEDNESDAY, THURSDAY);
    expect(sentDigests).toHaveLength(3);
    expect(await Promise.all(heldDigests.map((mail) => contentOf(shadow, mail)))).toEqual(sentDigests);
    expect(sentDigests[2]).toMatchObject({ hasLast: true, since: WEDNESDAY });
  });

  it('a message that comes again sends nothing, nor does the planner announce it again', async () => {
    const run = await held();
    await receive(run, 'R-stat', TUESDAY - 3 * DAY_MS, 'stat');
    await go(run, ...quarters(TUESDAY, 24));
    expect(run.mailed).toEqual([]);
    expect(run.queued).toEqual([]);
    expect(statuses(await mailsOf(run, 'urgent_alert', TUESDAY))).toEqual(['held']);
  });

  it('a mail that SES took before, whose sender died, counts as sent once SES says so', async () => {
    const run = await held();
    await receive(run, 'R-late', TUESDAY - 10 * DAY_MS, 'routine');
    await go(run, TUESDAY);
    const [digest] = await mailsOf(run, 'coordinator_digest', TUESDAY);
    const mailId = digest?.mailId ?? '';
    const content = await contentOf(run, digest);
    await run.tell({ at: TUESDAY, to: 'c-1@example.org', content, subject: '', text: '', mailId }, 'Send');
    expect(await run.world.stores.mails.get(mailId)).toMatchObject({ status: 'sent' });
  });
});

describe('when the hold is lifted', () => {
  it('no digest that was held goes out, and the first one refers to none of them', async () => {
    const run = await held();
    await receive(run, 'R-old', TUESDAY - 10 * DAY_MS, 'routine');
    await go(run, TUESDAY, WEDNESDAY);
    run.hold(false);
    const lifted = await go(run, ...quarters(WEDNESDAY + 2 * HOUR_MS, 40));
    expect(digestsOf(lifted)).toEqual([]);
    const [first, ...others] = digestsOf(await go(run, THURSDAY));
    expect(others).toEqual([]);
    expect(first?.content).toMatchObject({ hasLast: false });
    expect(mailRows(first?.content ?? expect.unreachable()).map(({ state }) => state)).toEqual(['new']);
    expect(statuses(await mailsOf(run, 'coordinator_digest', TUESDAY, WEDNESDAY))).toEqual(['held', 'held']);
  });

  it('the first digest goes by the last one that was sent, if there was one before the hold', async () => {
    const run = await held();
    run.hold(false);
    await receive(run, 'R-old', TUESDAY - 10 * DAY_MS, 'routine');
    await go(run, TUESDAY);
    run.hold(true);
    await go(run, WEDNESDAY);
    run.hold(false);
    const [first] = digestsOf(await go(run, THURSDAY));
    expect(first?.content).toMatchObject({ hasLast: true, since: TUESDAY });
  });

  it('an urgent alert of the last day that is still open is mailed anew, once', async () => {
    const run = await held();
    await receive(run, 'R-open', TUESDAY - 3 * DAY_MS, 'stat');
    await receive(run, 'R-over', TUESDAY - 3 * DAY_MS, 'stat');
    await go(run, ...quarters(TUESDAY + HOUR_MS, 4));
    await say(run, 'referral.closed', 'R-over', TUESDAY + 3 * HOUR_MS);
    run.hold(false);
    const mailed = await go(run, ...quarters(TUESDAY + 4 * HOUR_MS, 16));
    const urgent = mailed.filter(({ content }) => content.kind === 'urgent_alert');
    expect(urgent).toHaveLength(1);
    expect(urgent.flatMap(({ content }) => mailRows(content).map(({ referralId }) => referralId))).not.toContain(
      'R-over',
    );
    expect(urgent[0]?.text).toContain('R-open');
    expect(urgent[0]?.at).toBeLessThanOrEqual(TUESDAY + 4 * HOUR_MS + 2 * QUARTER_MS);
    expect(statuses(await mailsOf(run, 'urgent_alert', TUESDAY))).toEqual(['sent', 'superseded']);
  });

  it('an urgent alert that was held for more than a day is in the digest alone', async () => {
    const run = await held();
    await receive(run, 'R-open', TUESDAY - 3 * DAY_MS, 'stat');
    await go(run, TUESDAY);
    run.hold(false);
    const [mail] = await mailsOf(run, 'urgent_alert', TUESDAY);
    const kindsIn = (content: Mailed['content']) => mailRows(content).map(({ kind }) => kind);
    const before = kindsIn(await contentOf(run, mail));
    const mailed = await go(run, ...quarters(WEDNESDAY + QUARTER_MS, 90));
    const urgent = mailed.filter(({ content }) => content.kind === 'urgent_alert');
    expect(urgent.flatMap(({ content }) => kindsIn(content)).filter((kind) => before.includes(kind))).toEqual([]);
    expect((await mailsOf(run, 'urgent_alert', TUESDAY)).map(({ status }) => status)).toEqual(['held']);
    expect(digestsOf(mailed).flatMap(({ content }) => mailRows(content).map(({ referralId }) => referralId))).toEqual([
      'R-open',
    ]);
  });

  it.each([
    ['of the last day goes out as it was made, once', 0, 5 * HOUR_MS, ['weekly_report']],
    ['that was held for longer never does', 0, 25 * HOUR_MS, []],
    ['that was written late goes by when it was held: it goes out', 3 * DAY_MS, 23 * HOUR_MS, ['weekly_report']],
    ['that was written late and held for longer never does', 3 * DAY_MS, 25 * HOUR_MS, []],
  ])("a leader's report %s", async (_, late, after, kinds) => {
    const run = await held();
    // 06:00 in New York, on a Monday.
    const monday = at('03-09 10:00');
    await receive(run, 'R-late', TUESDAY - 10 * DAY_MS, 'routine');
    await run.world.report(monday + late);
    await run.mail(monday + late);
    const [report] = await mailsOf(run, 'weekly_report', monday);
    expect(report).toMatchObject({ status: 'held', heldAt: monday + late });
    run.hold(false);
    const mailed: Mailed[] = [];
    for (const instant of quarters(monday + late + after, 8)) mailed.push(...(await run.mail(instant)).mailed);
    const reports = mailed.filter(({ content }) => content.kind === 'weekly_report');
    expect(reports.map(({ content }) => content.kind)).toEqual(kinds);
    if (kinds.length > 0) expect(reports[0]?.content).toEqual(await contentOf(run, report));
  });

  it('of weeks of held mail nothing goes out, whatever lies on the queue still', async () => {
    const run = await held();
    await receive(run, 'R-late', TUESDAY - 10 * DAY_MS, 'routine');
    await receive(run, 'R-stat', TUESDAY - 3 * DAY_MS, 'stat');
    const days = Array.from({ length: 14 }, (_, day) => TUESDAY + day * DAY_MS);
    await go(run, ...days);
    const before = (await Promise.all(days.map((day) => run.world.stores.mails.dueOn(formatInstant(day).slice(0, 10)))))
      .flat()
      .filter(({ status }) => status === 'held');
    expect(before.length).toBeGreaterThan(14);
    run.hold(false);
    run.redeliver(before.map(({ mailId }) => mailId));
    expect((await run.send(TUESDAY + 14 * DAY_MS - 6 * HOUR_MS)).mailed).toEqual([]);
    const mailed = await go(run, TUESDAY + 14 * DAY_MS);
    expect(mailed.filter(({ content }) => content.period < '2026-03-17')).toEqual([]);
  });
});

describe('an urgent mail that was held', () => {
  it('is mailed anew once if its sender dies between giving back and the end', async () => {
    const run = await held();
    await receive(run, 'R-open', TUESDAY - 3 * DAY_MS, 'stat');
    await go(run, TUESDAY);
    run.hold(false);
    const { mails } = run.world.stores;
    const finish = mails.finish.bind(mails);
    mails.finish = async () => {
      mails.finish = finish;
      throw new Error('the sender died');
    };
    await run.plan(TUESDAY + QUARTER_MS);
    expect((await run.send(TUESDAY + QUARTER_MS)).failed).toBe(1);
    const mailed = await go(run, ...quarters(TUESDAY + 2 * QUARTER_MS, 20));
    expect(mailed.filter(({ content }) => content.kind === 'urgent_alert')).toHaveLength(1);
    expect(statuses(await mailsOf(run, 'urgent_alert', TUESDAY))).toEqual(['sent', 'superseded']);
  });

  it('is held again if the hold comes back before it is seen to', async () => {
    const run = await held();
    await receive(run, 'R-open', TUESDAY - 3 * DAY_MS, 'stat');
    await go(run, TUESDAY);
    run.hold(false);
    await run.plan(TUESDAY + QUARTER_MS);
    run.hold(true);
    await run.send(TUESDAY + QUARTER_MS + MINUTE_MS);
    await go(run, ...quarters(TUESDAY + 2 * QUARTER_MS, 4));
    expect(run.mailed).toEqual([]);
    expect(statuses(await mailsOf(run, 'urgent_alert', TUESDAY))).toEqual(['held']);
  });

  it('grows older if it is held once more: while only the planner sends again, it isn’t taken up for ever', async () => {
    const run = await held();
    await receive(run, 'R-open', TUESDAY - 3 * DAY_MS, 'stat');
    await go(run, TUESDAY);
    for (let instant = TUESDAY + HOUR_MS; instant <= WEDNESDAY; instant += HOUR_MS) {
      run.hold(false);
      await run.plan(instant);
      run.hold(true);
      await run.send(instant);
    }
    const [mail] = await mailsOf(run, 'urgent_alert', TUESDAY);
    expect(mail).toMatchObject({ status: 'held', heldAt: TUESDAY });
    run.hold(false);
    await run.plan(WEDNESDAY + HOUR_MS);
    expect(run.queued).not.toContain(mail?.mailId);
  });
});
