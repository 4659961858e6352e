import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Arrival } from '../../local/pipeline/input.ts';
import { toArrivals } from '../../local/pipeline/input.ts';
import type { InputLine } from '../../local/pipeline/input-files.ts';
import { readOut } from '../../local/pipeline/read-out.ts';
import { simulate } from '../../local/simulate/simulate.ts';
import { type QueueHandler, QueuePump } from '../../local/stand-ins/queue-pump.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS, HOUR_MS } from '../../shared/contracts/duration.ts';
import { formatInstant, type Instant } from '../../shared/contracts/instant.ts';
import type { MailContent } from '../../shared/contracts/mail.ts';
import type { AlertRow } from '../../shared/contracts/output.ts';
import { at } from './organization.ts';
import { timesSent } from './outcome.ts';
import { HANDLERS, type Handler, type Snapshot, World } from './world.ts';

/** A function doesn't run from Tuesday to Friday, and is compared with a week in which all of them do. */

const WEEK_BEGINS = at('2026-03-02T10:00:00Z');
const MONDAY_NIGHT = at('2026-03-02T23:00:00Z');
/** Friday, 05:00 in New York: Thursday's digests are late by less than a day, Tuesday's and Wednesday's by more. */
const RECOVERY = at('2026-03-06T10:00:00Z');
const FRIDAY_NOON = at('2026-03-06T17:00:00Z');

const { lines, directory, policy } = simulate({ referrals: 60, weeks: 5, seed: 11, until: FRIDAY_NOON });
const config: Config = { directory, policy };
const arrivals = toArrivals(
  lines.map((body, index): InputLine => ({ body, file: 'events.ndjson', position: index + 1 })),
  FRIDAY_NOON,
).toSorted((a, b) => a.arrivedAt - b.arrivedAt);

let world: World;
let monday: Snapshot;
/** The week without an outage, as it was at the recovery and at its end. */
let atRecovery: AlertRow[];
let week: { out: Awaited<ReturnType<typeof readOut>>; mails: Mail[] };

beforeAll(async () => {
  world = await World.open(WEEK_BEGINS);
  await world.pushConfig(config);
  await deliver(Number.NEGATIVE_INFINITY, WEEK_BEGINS);
  await play(WEEK_BEGINS, MONDAY_NIGHT);
  monday = await world.snapshot();

  await play(MONDAY_NIGHT + HOUR_MS, RECOVERY);
  atRecovery = (await outcome(RECOVERY)).alerts;
  await play(RECOVERY + HOUR_MS, FRIDAY_NOON);
  week = { out: await outcome(FRIDAY_NOON), mails: await mails() };
});
afterAll(() => world.close());
beforeEach(() => world.restore(monday));

async function deliver(after: Instant, until: Instant): Promise<void> {
  const arrived = arrivals.filter((arrival: Arrival) => arrival.arrivedAt > after && arrival.arrivedAt <= until);
  await world.pipeline.enqueue(arrived);
}

/** Runs the days' hours from one instant to another; a function that is down is not called. */
async function play(from: Instant, to: Instant, down: readonly Handler[] = []): Promise<void> {
  let delivered = from - HOUR_MS;
  for (let hour = from; hour <= to; hour += HOUR_MS) {
    // At night nothing is due but what the morning finds as well.
    if (hour % DAY_MS < WEEK_BEGINS % DAY_MS) continue;
    await deliver(delivered, hour);
    delivered = hour;
    for (const handler of HANDLERS) if (!down.includes(handler)) await world.step(handler, hour);
  }
  await deliver(delivered, to);
}

const outcome = (now: Instant) => readOut(world.pipeline, config, now);

interface Mail {
  content: MailContent;
  /** When its period came. */
  dueAt: Instant;
  mailId: string;
}

async function mails(): Promise<Mail[]> {
  const {
    sent,
    stores: { mails },
  } = world.pipeline;
  return Promise.all(
    sent.map(async ({ tags }) => {
      const mailId = tags.mailId?.[0] ?? '';
      const [job, content] = await Promise.all([mails.get(mailId), mails.frozen(mailId)]);
      if (!job || !content) throw new Error(`mail ${mailId} was sent but is not in the table`);
      return { content, dueAt: job.dueAt, mailId };
    }),
  );
}

const open = (rows: readonly AlertRow[]): AlertRow[] => rows.filter(({ resolvedAt }) => resolvedAt === null);
/** What an alert is, whenever it was found. */
const found = (rows: readonly AlertRow[]) =>
  open(rows).map(({ referralId, kind, instance, level, dueAt }) => ({ referralId, kind, instance, level, dueAt }));
const keyOf = ({ referralId, kind, instance }: AlertRow): string => `${referralId} ${kind} ${instance}`;

describe('detection and planning that do not run for three days', () => {
  beforeEach(() => play(MONDAY_NIGHT + HOUR_MS, RECOVERY - HOUR_MS, ['detect-breaches', 'plan-mail']));

  it('find at their first run every alert that a week without an outage holds then', async () => {
    const before = new Set(open((await outcome(RECOVERY)).alerts).map(keyOf));
    await play(RECOVERY, RECOVERY);
    const { alerts } = await outcome(RECOVERY);
    expect(found(alerts)).toEqual(found(atRecovery));
    const late = open(alerts).filter((row) => !before.has(keyOf(row)) && row.openedAt !== null);
    expect(late.length).toBeGreaterThan(10);
    expect(new Set(late.map(({ openedAt }) => openedAt))).toEqual(new Set([formatInstant(RECOVERY)]));
  });

  it('delay digests and skip nothing: the first reports as new what the missed ones would have reported', async () => {
    await play(RECOVERY, FRIDAY_NOON);
    const delayed = (await mails()).filter(({ content }) => content.asOf >= RECOVERY);
    const missed = week.mails.filter(({ dueAt }) => dueAt > MONDAY_NIGHT && dueAt < RECOVERY - DAY_MS);
    const held = new Set(open(atRecovery).map(({ referralId, kind }) => `${referralId} ${kind}`));
    let compared = 0;
    for (const { content: said } of missed) {
      if (said.kind !== 'coordinator_digest') continue;
      const first = delayed.find(
        ({ content }) => content.kind === said.kind && content.recipient.id === said.recipient.id,
      )?.content;
      const news = newsOf(said).filter((row) => held.has(row));
      expect(first && rowsOf(first)).toEqual(expect.arrayContaining(news));
      compared += news.length;
    }
    expect(compared).toBeGreaterThan(5);
  });

  it('ask of the first digest what happened since the last one that was sent', async () => {
    await play(RECOVERY, FRIDAY_NOON);
    const all = await mails();
    const coordinators = new Set(all.map(({ content }) => content.recipient.id));
    let compared = 0;
    for (const id of coordinators) {
      const own = all.filter(({ content }) => content.kind === 'coordinator_digest' && content.recipient.id === id);
      const last = own.findLast(({ content }) => content.asOf <= MONDAY_NIGHT)?.content;
      const first = own.find(({ content }) => content.asOf >= RECOVERY)?.content;
      if (!last || !first) continue;
      expect('since' in first && first.since).toBe(last.asOf);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(3);
  });

  it('send each mail once, and report at once the urgent breaches that rose meanwhile', async () => {
    await play(RECOVERY, FRIDAY_NOON);
    expect(Math.max(...Object.values(timesSent(world.pipeline.sent)))).toBe(1);
    const told = (all: readonly Mail[]) =>
      all.filter(({ content }) => content.kind === 'urgent_alert').flatMap(({ content }) => rowsOf(content));
    const stillOpen = new Set(open(atRecovery).map(({ referralId, kind }) => `${referralId} ${kind}`));
    const expected = told(week.mails).filter((row) => stillOpen.has(row));
    expect(expected.length).toBeGreaterThan(0);
    expect(told(await mails())).toEqual(expect.arrayContaining(expected));
    expect(new Set(told(await mails())).size).toBe(told(await mails()).length);
  });
});

describe('a sender that does not run for three days', () => {
  it('mails each recipient one digest of a kind, which reaches back to the last that was sent', async () => {
    const before = await mails();
    await play(MONDAY_NIGHT + HOUR_MS, RECOVERY - HOUR_MS, ['send-mail']);
    await world.step('send-mail', RECOVERY);
    const late = (await mails()).slice(before.length).filter(({ content }) => content.kind !== 'urgent_alert');
    const recipients = late.map(({ content }) => `${content.kind} ${content.recipient.id}`);
    expect(recipients.length).toBeGreaterThan(3);
    expect(new Set(recipients).size).toBe(recipients.length);
    for (const { content } of late) {
      const last = before.findLast(
        ({ content: earlier }) => earlier.kind === content.kind && earlier.recipient.id === content.recipient.id,
      );
      if (last && 'since' in content) expect(content.since).toBe(last.content.asOf);
    }
  });
});

describe('ingest that does not run for three days', () => {
  it('catches up: referrals are the same, and so are the alerts that hold', async () => {
    await play(MONDAY_NIGHT + HOUR_MS, RECOVERY - HOUR_MS, ['ingest-events']);
    await play(RECOVERY, FRIDAY_NOON);
    await expectTheWeek();
  });

  it('loses nothing that went to the dead-letter queue meanwhile and was moved back', async () => {
    await play(MONDAY_NIGHT + HOUR_MS, RECOVERY - HOUR_MS, ['ingest-events']);
    await failEveryTime();
    expect((await world.waiting())['referral-events']).toBeUndefined();
    const { 'referral-events-dlq': dead = 0 } = await world.waiting();
    expect(dead).toBeGreaterThan(20);
    await redrive();
    await play(RECOVERY, FRIDAY_NOON);
    await expectTheWeek();
    expect(await world.waiting()).toEqual({});
  });

  it('loses nothing if for a day every invocation fails: nothing becomes a dead letter', async () => {
    await play(MONDAY_NIGHT + HOUR_MS, RECOVERY - HOUR_MS, ['ingest-events']);
    await failEveryTime(DAY_MS);
    const { 'referral-events': kept = 0, 'referral-events-dlq': dead = 0 } = await world.waiting();
    expect(kept).toBeGreaterThan(20);
    expect(dead).toBe(0);
    await play(RECOVERY, FRIDAY_NOON);
    await expectTheWeek();
    expect(await world.waiting()).toEqual({});
  });

  async function expectTheWeek(): Promise<void> {
    const { referrals, alerts, quarantine } = await outcome(FRIDAY_NOON);
    expect(referrals).toEqual(week.out.referrals);
    expect(quarantine).toEqual(week.out.quarantine);
    expect(found(alerts)).toEqual(found(week.out.alerts));
  }

  /** Every invocation fails, as it would without memory, for a while, or else until SQS gives up. */
  async function failEveryTime(forMs = Number.POSITIVE_INFINITY): Promise<void> {
    const { sqs: client, resources } = world.pipeline;
    const { eventSource, name: functionName, timeoutSeconds } = resources.functions['ingest-events'];
    const queue = resources.queues['referral-events'];
    if (!queue || !eventSource) throw new Error('ingest-events has no queue');
    const handler: QueueHandler = async () => {
      throw new Error('out of memory');
    };
    const pump = new QueuePump({ client, queue, eventSource, functionName, timeoutSeconds, handler });
    const receives = Math.ceil(forMs / (queue.visibilityTimeoutSeconds * 1000));
    for (let tries = 0; tries < receives; tries += 1) {
      const { failed } = await pump.drain({ once: true });
      if (failed === 0) return;
    }
  }

  /** Moves the dead letters back, as `dlq redrive` does. */
  async function redrive(): Promise<void> {
    const { sqs, resources } = world.pipeline;
    const [from, to] = ['referral-events-dlq', 'referral-events'].map((purpose) => resources.queues[purpose]?.url);
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: from, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      if (Messages.length === 0) return;
      for (const { Body: MessageBody, MessageAttributes, ReceiptHandle } of Messages) {
        await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody, MessageAttributes }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
      }
    }
  }
});

/** What a digest says for the first time. */
function newsOf(content: MailContent): string[] {
  if (content.kind !== 'coordinator_digest') return [];
  const news = content.sections.filter(({ section }) =>
    ['now', 'newly_breached', 'missed_or_cancelled'].includes(section),
  );
  return news.flatMap(({ rows }) =>
    rows
      .filter(({ state }) => state === 'new' || state === 'worse')
      .map(({ referralId, kind }) => `${referralId} ${kind}`),
  );
}

function rowsOf(content: MailContent): string[] {
  if (content.kind === 'liaison_digest' || content.kind === 'weekly_report') return [];
  return content.sections.flatMap(({ rows }) =>
    rows.flatMap((row) => [row, ...row.also].map(({ kind }) => `${row.referralId} ${kind}`)),
  );
}
