import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '../../shared/contracts/instant.ts';
import type { Item } from '../../shared/store/dynamo.ts';
import { expectNothingLost, expectNothingLostOfLateFacts, type Outcome, outcomeOf, timesSent } from './outcome.ts';
import { FIRST_CONFIG, LAST, ROUNDS, type Round, START } from './scenario.ts';
import { HANDLERS, type Handler, type Snapshot, World } from './world.ts';

/**
 * Every handler is stopped before and after each of its AWS calls, and the work goes on as it would: SQS delivers
 * again, the schedule comes round again. What came of it is compared with a run in which nothing happened.
 *
 * A function that died leaves nothing but tables, queues and sent mails. Where these are as another crash of the same
 * step left them, what follows is the same, and is not run twice.
 */

type Day = keyof typeof ROUNDS;
interface Point {
  day: Day;
  handler: Handler;
}
type Step = [Handler, Instant];

let world: World;
let undisturbed: Outcome;
const before = new Map<string, Snapshot>();
/** The outcome of each round, once the next quarter hour is over. */
const after = new Map<Day, { items: Map<string, Item>; sent: string[] }>();

const keyOf = ({ day, handler }: Point): string => `${day} ${handler}`;
const everything = (at: Instant): Step[] => HANDLERS.map((handler): Step => [handler, at]);

async function begin({ messages, config }: Round): Promise<void> {
  if (config) await world.pushConfig(config);
  await world.pipeline.enqueue(messages);
}

async function run(steps: readonly Step[]): Promise<void> {
  for (const [handler, at] of steps) await world.step(handler, at);
}

beforeAll(async () => {
  world = await World.open(START);
  await world.pushConfig(FIRST_CONFIG);
  for (const day of Object.keys(ROUNDS) as Day[]) {
    const round = ROUNDS[day];
    await begin(round);
    for (const handler of HANDLERS) {
      before.set(keyOf({ day, handler }), await world.snapshot());
      await world.step(handler, round.at);
    }
    await run(everything(round.next));
    after.set(day, { items: await world.items(), sent: sentNow() });
  }
  await run(everything(LAST));
  undisturbed = await outcomeOf(world);
});
afterAll(() => world.close());

/** Brings the world back to the point where a step has its work before it. */
async function goBack(point: Point): Promise<void> {
  await world.restore(before.get(keyOf(point)) as Snapshot);
  if (point.handler === 'ingest-events') await world.pipeline.enqueue(ROUNDS[point.day].messages);
}

const sentNow = (): string[] => world.pipeline.sent.map(({ tags }) => tags.mailId?.[0] ?? '').sort();

/** What the tables hold, without what the local SES makes up each time. */
function readable(items: Map<string, Item>, without: readonly string[] = []): Record<string, Item> {
  const left = ['messageId', ...without];
  return Object.fromEntries(
    [...items].map(([key, item]) => [
      key,
      Object.fromEntries(Object.entries(item).filter(([name]) => !left.includes(name))),
    ]),
  );
}

/** All that decides what follows, as one string. */
async function fingerprint(): Promise<string> {
  return JSON.stringify([readable(await world.items()), sentNow(), await world.waiting()]);
}

interface Stop {
  side: 'before' | 'after';
  call: number;
}
/** The stops of a step that leave different states. Tests that go on from the same step don't look for them again. */
const differing = new Map<string, readonly Stop[]>();

/** Stops a step at each of its calls; `recover` goes on from each state that this leaves, and checks. */
async function stopAtEach(point: Point, recover: (round: Round) => Promise<void>): Promise<void> {
  const { handler, day } = point;
  const round = ROUNDS[day];
  const stopAt = async ({ side, call }: Stop) => {
    await goBack(point);
    return world.crash(handler, round.at, side, call);
  };
  const goOn = async ({ side, call }: Stop): Promise<void> => {
    try {
      await recover(round);
      expect(await world.waiting(), 'left on the queues').toEqual({});
    } catch (error) {
      throw new Error(`${handler} stopped ${side} call ${call}`, { cause: error });
    }
  };

  const known = differing.get(keyOf(point));
  for (const stop of known ?? []) {
    expect((await stopAt(stop)).stopped).toBe(true);
    await goOn(stop);
  }
  if (known) return;

  const seen = new Map<string, Stop>();
  for (const side of ['before', 'after'] as const) {
    for (let call = 1; ; call += 1) {
      const { stopped, calls } = await stopAt({ side, call });
      if (!stopped) {
        // Where a function has to read a new configuration first, there was one more.
        expect(call, 'calls that were not stopped').toBeGreaterThan(calls);
        break;
      }
      const left = await fingerprint();
      if (seen.has(left)) continue;
      seen.set(left, { side, call });
      await goOn({ side, call });
    }
  }
  differing.set(keyOf(point), [...seen.values()]);
}

const following = (handler: Handler, at: Instant): Step[] =>
  HANDLERS.slice(HANDLERS.indexOf(handler) + 1).map((later): Step => [later, at]);

function expectAsUndisturbed(items: Map<string, Item>, day: Day, without: readonly string[] = []): void {
  const reference = after.get(day);
  expect(readable(items, without)).toEqual(readable(reference?.items ?? new Map(), without));
  expect(sentNow()).toEqual(reference?.sent);
}

const DAYS = Object.keys(ROUNDS) as Day[];
const pointsOf = (...handlers: Handler[]): Point[] =>
  DAYS.flatMap((day) => handlers.map((handler): Point => ({ day, handler })));

/** The sweep under a new configuration says how many it has written: a run that died before it said so isn't counted. */
const COUNTED = ['swept'];

describe('stopped at any call', () => {
  it.each(pointsOf('ingest-events', 'detect-breaches', 'plan-mail', 'record-delivery'))(
    'on $day and run again at once, $handler leaves the very items of an undisturbed run',
    async (point) => {
      await stopAtEach(point, async ({ at, next }) => {
        await run([[point.handler, at], ...following(point.handler, at), ...everything(next)]);
        expectAsUndisturbed(await world.items(), point.day, COUNTED);
      });
    },
  );

  it.each(pointsOf('record-delivery'))(
    'on $day and run again a quarter of an hour later, $handler leaves the very items of an undisturbed run',
    async (point) => {
      await stopAtEach(point, async ({ next }) => {
        await run(everything(next));
        expectAsUndisturbed(await world.items(), point.day);
      });
    },
  );

  it.each(pointsOf('ingest-events', 'detect-breaches', 'plan-mail'))(
    'on $day and run again only after all that follows it, $handler loses nothing and doubles nothing',
    async (point) => {
      await stopAtEach(point, async (round) => {
        await run([...following(point.handler, round.at), ...everything(round.next)]);
        if (point.day === 'MONDAY') {
          await begin(ROUNDS.TUESDAY);
          await run(everything(ROUNDS.TUESDAY.at));
        }
        await run(everything(LAST));
        expect(Math.max(...Object.values(timesSent(world.pipeline.sent)))).toBe(1);
        const check = point.handler === 'ingest-events' ? expectNothingLostOfLateFacts : expectNothingLost;
        check(await outcomeOf(world), undisturbed, round);
      });
    },
  );
});

/** Fields of a mail that say when it was sent, and by whose lease. */
const WHEN_SENT = ['leaseUntil', 'sentAt', 'sesSendAt', 'sesDeliveryAt'];

describe('send-mail, stopped at any call', () => {
  it.each(pointsOf('send-mail'))(
    'on $day, sends no second mail once SES has reported the first, within the lease and after it',
    async (point) => {
      await stopAtEach(point, async ({ at, next }) => {
        await run([['send-mail', at], ['record-delivery', at], ...everything(next)]);
        expectAsUndisturbed(await world.items(), point.day, WHEN_SENT);
      });
    },
  );

  it.each(pointsOf('send-mail'))(
    'on $day, sends a second mail only if SES has not reported the first within the lease',
    async (point) => {
      await stopAtEach(point, async ({ next }) => {
        const unknown = await sentButNotEnded();
        await run([['send-mail', next], ['record-delivery', next], ...everything(next)]);
        const once = Object.fromEntries((after.get(point.day)?.sent ?? []).map((mailId) => [mailId, 1]));
        const twice = Object.fromEntries(unknown.map((mailId) => [mailId, 2]));
        expect(timesSent(world.pipeline.sent)).toEqual({ ...once, ...twice });
        await expectBothToSayTheSame(unknown);
      });
    },
  );

  /** The one case that nobody can decide: SES took the mail, the sender died on the answer, SES has reported nothing yet. */
  async function sentButNotEnded(): Promise<string[]> {
    const mails = await Promise.all(sentNow().map((mailId) => world.pipeline.stores.mails.get(mailId)));
    return mails.flatMap((mail) => (mail && mail.status !== 'sent' ? [mail.mailId] : []));
  }

  async function expectBothToSayTheSame(mailIds: readonly string[]): Promise<void> {
    for (const mailId of mailIds) {
      const [first, second] = world.pipeline.sent.filter(({ tags }) => tags.mailId?.[0] === mailId);
      expect(bodyOf(second?.raw)).toBe(bodyOf(first?.raw));
      expect(second?.destinations).toEqual(first?.destinations);
    }
  }
});

/** A mail without its headers and the boundary between its parts, which are new each time. */
function bodyOf(raw: Uint8Array | undefined): string {
  const text = Buffer.from(raw ?? []).toString('latin1');
  const boundary = /boundary="?([^"\r\n;]+)/.exec(text)?.[1] ?? '';
  return text.slice(text.indexOf('\r\n\r\n')).replaceAll(boundary, 'boundary');
}
