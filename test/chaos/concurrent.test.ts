import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../local/stand-ins/send-messages.ts';
import { MINUTE_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, parseInstant } from '../../shared/contracts/instant.ts';
import { foldReferral } from '../../shared/domain/referral/fold.ts';
import { readCloudEvent } from '../../shared/intake/cloudevents.ts';
import { unpackAlerts } from '../../shared/store/alert-record.ts';
import { alertsIn } from '../builders/stored.ts';
import { at, message, organization, QUARTER, received } from './organization.ts';
import { timesSent } from './outcome.ts';
import { type Snapshot, World } from './world.ts';

/** Several workers on the same items at once: nothing is lost, nothing is doubled. */

const CONFIG = organization();
const MONDAY = at('2026-03-02T18:15:00Z');

let world: World;
let empty: Snapshot;
beforeAll(async () => {
  world = await World.open(at('2026-03-02T18:00:00Z'));
  await world.pushConfig(CONFIG);
  empty = await world.snapshot();
});
afterAll(() => world.close());
beforeEach(() => world.restore(empty));

/** A call every minute since the referral was received, and the referral itself, last. */
function manyEvents(referralId: string, count: number): OutgoingMessage[] {
  const start = at('2026-03-02T13:30:00Z');
  const calls = Array.from({ length: count - 1 }, (_, index) =>
    message(
      referralId,
      'contact.attempted',
      formatInstant(start + (index + 1) * MINUTE_MS),
      { channel: 'phone', outcome: 'no_answer' },
      { id: `call-${index + 1}`, arrives: '2026-03-02T18:10:00Z' },
    ),
  );
  const first = message(referralId, 'referral.received', formatInstant(start), received('stat'));
  return [...calls, { ...first, arrivedAt: at('2026-03-02T18:10:00Z') }];
}

/** What the events come to, taken one by one. */
function expectedState(referralId: string, messages: readonly OutgoingMessage[]) {
  const events = messages.flatMap(({ body }) => {
    const intake = readCloudEvent(body, MONDAY);
    return 'event' in intake ? [intake.event] : [];
  });
  return foldReferral(referralId, events, CONFIG);
}

async function ingest(messages: readonly OutgoingMessage[], workers = 10): Promise<void> {
  world.pipeline.time.moveTo(MONDAY);
  await world.pipeline.enqueue(messages);
  const { errors } = await world.changing(() => world.pipeline.drain('referral-events', { concurrency: workers }));
  expect(errors).toEqual([]);
  expect(Object.keys(await world.waiting())).not.toContain('referral-events-dlq');
}

/** Repeated so often, in an order that mixes the repetitions. */
const mixed = (messages: readonly OutgoingMessage[], times: number): OutgoingMessage[] =>
  Array.from({ length: times }, (_, turn) => [...messages.slice(turn), ...messages.slice(0, turn)]).flat();

describe('ten workers that ingest events of one referral at once', () => {
  it.each([
    ['different ones', manyEvents('R-1', 100)],
    ['the same ones', mixed(manyEvents('R-1', 10), 10)],
    ['different ones and the same', mixed(manyEvents('R-1', 40), 3)],
  ])('take in %s without losing or doubling any', async (_, messages) => {
    await ingest(messages);
    const distinct = [...new Map(messages.map((each) => [each.body, each])).values()];
    const { stored, log } = await world.pipeline.stores.referrals.loadLog('R-1');
    expect(log).toHaveLength(distinct.length);
    expect(stored?.state).toEqual(expectedState('R-1', distinct));
  });

  it('keep one of those that claim the same identity, and refuse each other', async () => {
    const [template] = manyEvents('R-1', 2);
    const rivals = Array.from({ length: 100 }, (_, index) => {
      const event = JSON.parse(template?.body ?? '');
      return { ...template, body: JSON.stringify({ ...event, time: formatInstant(MONDAY - index * MINUTE_MS) }) };
    });
    await ingest(rivals);
    const { log } = await world.pipeline.stores.referrals.loadLog('R-1');
    const refused = await world.pipeline.stores.quarantine.list('id_reused');
    expect(log).toHaveLength(1);
    const times = [
      ...log.map(({ event }) => event.time),
      ...refused.map(({ body }) => parseInstant(JSON.parse(body).time)),
    ];
    expect(times.toSorted()).toEqual(rivals.map((_, index) => MONDAY - index * MINUTE_MS).toSorted());
  });

  it('leave the alerts of one worker if detection runs between them', async () => {
    const messages = manyEvents('R-1', 60);
    await ingest(messages, 1);
    await world.step('detect-breaches', MONDAY);
    await world.step('detect-breaches', MONDAY + QUARTER);
    const alone = await alerts();

    await world.restore(empty);
    world.pipeline.time.moveTo(MONDAY);
    await world.pipeline.enqueue(messages);
    const drained = world.pipeline.drain('referral-events', { concurrency: 10 });
    for (let run = 0; run < 5; run += 1) await world.step('detect-breaches', MONDAY);
    await drained;
    await world.step('detect-breaches', MONDAY + QUARTER);
    const open = (rows: Awaited<ReturnType<typeof alerts>>) =>
      rows.filter(({ resolvedAt }) => resolvedAt === null).map(({ kind, level, dueAt }) => ({ kind, level, dueAt }));
    expect(open(await alerts())).toEqual(open(alone));
  });

  async function alerts() {
    return (await alertsIn(world.pipeline.stores.referrals, 'R-1')).map(({ alert }) => alert);
  }
});

/** A dozen stat referrals whose first clocks are over. */
const BREACHED = Array.from({ length: 12 }, (_, index) => `R-${index + 1}`);
const breaches = (referralIds: readonly string[] = BREACHED): OutgoingMessage[] =>
  referralIds.map((referralId) => message(referralId, 'referral.received', '2026-03-02T13:30:00Z', received('stat')));

describe('two detections that overlap', () => {
  it('for the same instant leave the very items of one', async () => {
    await ingest(breaches(), 1);
    const before = await world.snapshot();
    await world.step('detect-breaches', MONDAY);
    const one = await world.items();
    await world.restore(before);
    await Promise.all([world.step('detect-breaches', MONDAY), world.step('detect-breaches', MONDAY)]);
    expect(await world.items()).toEqual(one);
  });

  it('for different instants leave the alerts of one after the other, risen at either instant', async () => {
    await ingest(breaches(), 1);
    const before = await world.snapshot();
    const runs = [MONDAY, MONDAY + QUARTER];
    for (const run of [...runs, MONDAY + 2 * QUARTER]) await world.step('detect-breaches', run);
    const one = await risen();
    await world.restore(before);
    await Promise.all(runs.map((run) => world.step('detect-breaches', run)));
    await world.step('detect-breaches', MONDAY + 2 * QUARTER);
    const both = await risen();
    expect(both.map(({ openedAt, ...rest }) => rest)).toEqual(one.map(({ openedAt, ...rest }) => rest));
    for (const { openedAt } of both.filter(({ level }) => level === 'breached')) expect(runs).toContain(openedAt);
  });

  /** Every open alert, and that its referral is woken again for what comes next. */
  async function risen() {
    const stored = await world.pipeline.stores.referrals.loadMany(BREACHED);
    return stored
      .toSorted((a, b) => BREACHED.indexOf(a.state.referralId) - BREACHED.indexOf(b.state.referralId))
      .flatMap((each) =>
        unpackAlerts(each).map(({ alert: { referralId, kind, level, dueAt, openedAt, resolvedAt } }) => ({
          ...{ referralId, kind, level, dueAt, openedAt, resolvedAt, wakeAt: each.wakeAt },
        })),
      );
  }
});

describe('two planners at once', () => {
  beforeEach(async () => {
    await ingest(breaches(), 1);
    await world.step('detect-breaches', MONDAY);
  });

  it('of the same run plan each mail once, and it goes out once', async () => {
    await Promise.all([world.step('plan-mail', MONDAY), world.step('plan-mail', MONDAY)]);
    await sendAll(MONDAY);
    expect(Object.values(timesSent(world.pipeline.sent))).toEqual([1]);
    expect(await urgentlyTold()).toEqual(BREACHED.toSorted());
  });

  it('of different runs report a breach in one urgent mail only', async () => {
    const runs = [MONDAY, MONDAY + QUARTER];
    await Promise.all(runs.map((run) => world.step('plan-mail', run)));
    await sendAll(MONDAY + QUARTER);
    expect(await urgentlyTold()).toEqual(BREACHED.toSorted());
  });

  it('of which one knows of more leave nothing out', async () => {
    await world.step('plan-mail', MONDAY);
    await ingest(breaches(['R-more']), 1);
    await world.step('detect-breaches', MONDAY);
    // The schedule fires twice, or the run is tried again: the same instant once more.
    await world.step('plan-mail', MONDAY);
    await sendAll(MONDAY);
    await world.step('plan-mail', MONDAY + QUARTER);
    await sendAll(MONDAY + QUARTER);
    expect(await urgentlyTold()).toEqual([...BREACHED, 'R-more'].toSorted());
  });
});

describe('two senders at once', () => {
  it('send a mail once, however many messages name it', async () => {
    await ingest(breaches(), 1);
    await world.step('detect-breaches', MONDAY);
    await world.step('plan-mail', MONDAY);
    const [message] = (await world.snapshot()).mailJobs;
    await world.announceMails(Array.from({ length: 30 }, () => message as OutgoingMessage));
    await world.changing(() => world.pipeline.drain('mail-jobs', { concurrency: 3, once: true }));
    expect(Object.values(timesSent(world.pipeline.sent))).toEqual([1]);
    // What found the lease held comes back, and finds the mail sent.
    await sendAll(MONDAY);
    expect(Object.values(timesSent(world.pipeline.sent))).toEqual([1]);
    expect(await world.waiting()).toEqual({});
  });
});

async function sendAll(at: number): Promise<void> {
  await world.step('send-mail', at);
  await world.step('record-delivery', at);
  await world.step('send-mail', at);
}

/** The referrals that urgent mails named, once for each mail. */
async function urgentlyTold(): Promise<string[]> {
  const contents = await Promise.all(
    world.pipeline.sent.map(({ tags }) => world.pipeline.stores.mails.frozen(tags.mailId?.[0] ?? '')),
  );
  return contents
    .flatMap((content) => (content?.kind === 'urgent_alert' ? content.sections : []))
    .flatMap(({ rows }) => rows.map(({ referralId }) => referralId))
    .toSorted();
}
