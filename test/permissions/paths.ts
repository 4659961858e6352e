import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Call, Crash } from '../../local/cost/recorder.ts';
import { newDynamoClient } from '../../local/stand-ins/own-tables.ts';
import { type OutgoingMessage, sendMessages } from '../../local/stand-ins/send-messages.ts';
import { publishSesEvents } from '../../local/stand-ins/ses-events.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Log } from '../../shared/platform/logger.ts';
import { toItem } from '../../shared/store/dynamo.ts';
import { referralItemKey } from '../../shared/store/referral-items.ts';
import { at, message, organization, QUARTER, received } from '../chaos/organization.ts';
import { FIRST_CONFIG, LAST_CONFIG, ROUNDS, START } from '../chaos/scenario.ts';
import { HANDLERS, World } from '../chaos/world.ts';
import { namedAgain, otherDialects } from './dialect-paths.ts';

/** What a walk through every path of every function has seen. */
export interface Walk {
  calls: readonly Call[];
  /** What the functions logged: code, and what tells one path from another. */
  said: ReadonlySet<string>;
}

const [MONDAY, TUESDAY] = [ROUNDS.MONDAY.at, ROUNDS.TUESDAY.at];
const WEDNESDAY = TUESDAY + DAY_MS;
const FRIDAY = TUESDAY + 3 * DAY_MS;
/** In the organization's time zone 07:00, an hour after the reports of that week were due. */
const NEXT_MONDAY = at('2026-03-09T11:00:00Z');
/** A month more than referrals are kept. */
const AFTER_RETENTION = at('2028-04-20T03:20:00Z');
/** A quarantine item doesn't hold more than 50,000 characters of a body itself. */
const LONG_BODY = 'no JSON'.padEnd(60_000, '.');

/**
 * Runs the deployed handlers, on real SDK clients and stand-ins, through every path that makes calls: a week of ordinary
 * and refused input, other dialects, urgent mails and digests, senders that die, people who leave, and the end of what is kept.
 */
export async function walkEveryPath(): Promise<Walk> {
  const said = new Set<string>();
  const world = await World.open(START, listening(said));
  try {
    await world.pushConfig(FIRST_CONFIG);
    await monday(world);
    await otherDialects(world, MONDAY + QUARTER);
    await tuesday(world);
    await setAside(world);
    await acknowledged(world);
    await peopleLeave(world);
    await digestsThatNobodyWaitsFor(world);
    await run(world, HANDLERS, NEXT_MONDAY);
    await reports(world);
    await retirement(world);
    await namedAgain(world, AFTER_RETENTION + 2 * DAY_MS);
    return { calls: [...world.pipeline.recorder.calls], said };
  } finally {
    await world.close();
  }
}

/** Takes in all kinds of input; the urgent mail's first sender dies, its second finds it leased, its third sends it. */
async function monday(world: World): Promise<void> {
  const { messages } = ROUNDS.MONDAY;
  const again = message('R-stat', 'referral.received', '2026-03-02T13:30:00Z', received('routine'));
  await world.pipeline.enqueue([
    ...messages,
    ...messages,
    again,
    { body: LONG_BODY },
    message('R-closed', 'referral.received', '2026-03-02T13:30:00Z', received('routine')),
    message('R-closed', 'referral.closed', '2026-03-02T15:00:00Z', { reason: 'moved', evidence: 'letter' }),
    message('R-orphan', 'referral.accepted', '2026-03-02T15:00:00Z'),
  ]);
  await run(world, ['ingest-events', 'detect-breaches', 'plan-mail'], MONDAY);
  const { mailJobs } = await world.snapshot();
  await dyingAfter(1, 'send-mail', world, MONDAY);
  await run(world, ['send-mail'], MONDAY);
  await run(world, HANDLERS, MONDAY + QUARTER);
  await redelivered(world, mailJobs, MONDAY + QUARTER);
  await bounced(world);
}

/** Digests after a new configuration, by which every referral is folded again; escalated alerts go to `c1` as well. */
async function tuesday(world: World): Promise<void> {
  await world.pushConfig(escalatingTo('c1', LAST_CONFIG));
  await world.pipeline.enqueue(ROUNDS.TUESDAY.messages);
  await run(world, HANDLERS, TUESDAY);
}

/** A new configuration is carried through, but for a referral that nobody can read until it is repaired. */
async function setAside(world: World): Promise<void> {
  const { referrals } = world.pipeline.stores;
  const rewrite = async (alerts: Uint8Array | null): Promise<Uint8Array | null> => {
    const stored = await referrals.load('R-declined');
    if (stored === null) throw new Error('R-declined was taken in on Monday');
    await referrals.save({ ...stored, alerts, version: stored.version + 1 }, stored.version);
    return stored.alerts;
  };
  const readable = await rewrite(new Uint8Array([1, 2, 3]));
  await world.pushConfig(LAST_CONFIG);
  await run(world, ['detect-breaches'], TUESDAY + QUARTER).catch(() => {});
  await rewrite(readable);
  await run(world, ['detect-breaches'], TUESDAY + 2 * QUARTER);
}

/** An urgent breach is acknowledged before it is mailed. */
async function acknowledged(world: World): Promise<void> {
  const at = '2026-03-04T00:05:00Z';
  await world.pipeline.enqueue([message('R-seen', 'referral.received', '2026-03-03T13:30:00Z', received('stat'))]);
  await run(world, ['ingest-events', 'detect-breaches'], TUESDAY + DAY_MS / 2);
  const seen = { kind: 'first_attempt', by: 'c1' };
  await world.pipeline.enqueue([message('R-seen', 'alert.acknowledged', at, seen)]);
  await run(world, ['ingest-events', 'detect-breaches', 'plan-mail'], TUESDAY + DAY_MS / 2 + QUARTER);
}

/** A breach of somebody who has left and is nobody's now; a digest for one who left, and for one of elsewhere. */
async function peopleLeave(world: World): Promise<void> {
  await world.pipeline.enqueue([message('R-left', 'referral.received', '2026-03-03T13:30:00Z', received('stat'))]);
  await run(world, ['ingest-events', 'detect-breaches'], TUESDAY + DAY_MS / 2 + QUARTER);
  const { directory, policy } = organization();
  const elsewhere = {
    ...directory.people[0],
    ...{ id: 'c3', email: 'c3@example.com', routes: [] },
  } as Config['directory']['people'][0];
  const people = [...directory.people.filter(({ id }) => id !== 'c1'), elsewhere];
  await world.pushConfig({ policy, directory: { ...directory, people } });
  await run(world, ['plan-mail'], TUESDAY + DAY_MS / 2 + QUARTER);
  await run(world, ['plan-mail'], WEDNESDAY);
  await world.pushConfig({ policy, directory: { ...directory, people: [elsewhere] } });
  await run(world, ['send-mail', 'record-delivery'], WEDNESDAY);
}

/** A digest that is sent only when the next one has come, and one that has nothing to say. */
async function digestsThatNobodyWaitsFor(world: World): Promise<void> {
  const { directory, policy } = LAST_CONFIG;
  const idle = {
    ...directory.people[0],
    id: 'idle',
    routes: [{ site: 'elsewhere' }],
  } as Config['directory']['people'][0];
  await world.pushConfig({ policy, directory: { ...directory, people: [...directory.people, idle] } });
  await run(world, ['plan-mail'], FRIDAY - DAY_MS);
  await run(world, HANDLERS, FRIDAY);
}

/** The reports of the week, made while a referral has changed since their hour, and mailed to a leader. */
async function reports(world: World): Promise<void> {
  const { directory, policy } = LAST_CONFIG;
  const leader = { ...directory.people[0], id: 'leader', role: 'leader' } as Config['directory']['people'][0];
  await world.pushConfig({ policy, directory: { ...directory, people: [...directory.people, leader] } });
  await world.pipeline.enqueue([message('R-stat', 'note.received', '2026-03-09T11:00:00Z')]);
  await run(world, ['ingest-events'], NEXT_MONDAY + QUARTER);
  // The first writer dies; the next finds its lease.
  await dyingAfter(5, 'write-reports', world, NEXT_MONDAY + QUARTER);
  await run(world, ['write-reports'], NEXT_MONDAY + 2 * QUARTER);
  await run(world, ['write-reports', 'plan-mail', 'send-mail', 'record-delivery'], NEXT_MONDAY + 3 * QUARTER);
}

/**
 * What is closed for 25 months is retired one night and given away the next; an event between is refused. The night before
 * it can't be read, and detection makes it anew.
 */
async function retirement(world: World): Promise<void> {
  await run(world, ['detect-breaches'], AFTER_RETENTION - 2 * DAY_MS);
  await unreadable('R-closed', world);
  await run(world, ['retire-referrals', 'detect-breaches'], AFTER_RETENTION - DAY_MS);
  await run(world, ['retire-referrals'], AFTER_RETENTION);
  const late = message('R-closed', 'note.received', '2028-04-20T03:30:00Z');
  await world.pipeline.enqueue([late]);
  await run(world, ['ingest-events'], AFTER_RETENTION + QUARTER);
  await run(world, ['retire-referrals'], AFTER_RETENTION + DAY_MS);
}

async function unreadable(referralId: string, world: World): Promise<void> {
  const { pipeline } = world;
  const client = newDynamoClient(pipeline.endpoints.dynamodb);
  await world.changing(() =>
    client.send(
      new UpdateItemCommand({
        TableName: pipeline.resources.tables.referrals,
        Key: toItem(referralItemKey(referralId)),
        UpdateExpression: 'SET #state = :garbage',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: toItem({ ':garbage': new Uint8Array([1, 2, 3]) }),
      }),
    ),
  );
  client.destroy();
}

async function run(world: World, handlers: readonly Parameters<World['step']>[0][], at: Instant): Promise<void> {
  for (const handler of handlers) await world.step(handler, at);
}

/** Lets a function die after one of its calls. */
async function dyingAfter(call: number, name: 'send-mail' | 'write-reports', world: World, at: Instant): Promise<void> {
  world.pipeline.recorder.crashAfter(call, name);
  await run(world, [name], at).catch((error) => {
    if (!(error instanceof Crash)) throw error;
  });
}

async function redelivered(world: World, mailJobs: readonly OutgoingMessage[], at: Instant): Promise<void> {
  await world.announceMails(mailJobs);
  await run(world, ['send-mail'], at);
}

/** Mails come back; and SES reports what is about no mail of ours. */
async function bounced({ pipeline }: World): Promise<void> {
  const url = pipeline.resources.queues['delivery-events']?.url ?? '';
  await publishSesEvents(pipeline.sqs, url, pipeline.sent, ['Bounce', 'Complaint']);
  const foreign = pipeline.sent.slice(0, 1).flatMap((mail) => [
    { ...mail, tags: {} },
    { ...mail, tags: { mailId: ['2026-03-02-unknown'] } },
  ]);
  await publishSesEvents(pipeline.sqs, url, foreign, ['Send']);
  const validation = { Message: 'Successfully validated SNS topic for Amazon SES event publishing.' };
  await sendMessages(pipeline.sqs, url, [{ body: JSON.stringify(validation) }]);
  await pipeline.drain('delivery-events');
}

function escalatingTo(person: string, { policy, directory }: Config): Config {
  return {
    policy,
    directory: { ...directory, sites: directory.sites.map((site) => ({ ...site, escalateTo: person })) },
  };
}

function listening(said: Set<string>): Log {
  const hear: Log['info'] = (code, { why, kind, event, error } = {}) => {
    said.add([code, why ?? kind ?? event ?? error].filter(Boolean).join(' '));
  };
  return { info: hear, warn: hear, error: hear };
}
