import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discardAll } from '../../../local/operate/quarantine-discard.ts';
import { deskOf } from '../../../local/operate/quarantine-list.ts';
import { outcomeOf, replay } from '../../../local/operate/quarantine-replay.ts';
import { standingOf } from '../../../local/operate/quarantine-selection.ts';
import { scan } from '../../../local/stand-ins/scan.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/contracts/duration.ts';
import { REFUSAL_REASONS } from '../../../shared/contracts/vocabulary.ts';
import { sampleConfig } from '../../builders/config.ts';
import { receivedData, sent } from '../../builders/events.ts';
import { at } from '../../builders/instants.ts';
import { type Operated, openOperated } from './operator.ts';

/** Sending refused messages again, and discarding them, by an operator who may die at any call. */

const MONDAY = at('03-02 14:00');
const NOTHING_WAITED = { dryRun: false, wait: 0 };

let operated: Operated;
let serial = 0;

beforeAll(async () => {
  operated = await openOperated(MONDAY, sampleConfig());
});

afterAll(() => operated.close());

type Kind = 'early' | 'wrong' | 'long' | 'feed' | 'practice';
const KINDS: readonly Kind[] = ['early', 'wrong', 'long', 'feed', 'practice'];
/** Those that only came too early: the machine's time, by which SQS stamps what is sent again, is long after. */
const HEALS: Record<Kind, boolean> = { early: true, wrong: false, long: false, feed: true, practice: true };

const AHEAD = MONDAY + 2 * HOUR_MS;

function bodyOf(kind: Kind, subject: string): string {
  switch (kind) {
    case 'early':
      return JSON.stringify(sent('referral.received', AHEAD, receivedData(), { subject }));
    case 'wrong':
      return JSON.stringify({ ...sent('referral.received', MONDAY, receivedData(), { subject }), type: 'no.such' });
    case 'long':
      return `no JSON ${subject} ${'x'.repeat(60_000)}`;
    case 'feed':
      return JSON.stringify(sent('feed.heartbeat', AHEAD, {}, { subject }));
    case 'practice':
      return JSON.stringify(sent('practice.contacted', AHEAD, { by: 'l-1' }, { subject }));
  }
}

/** Sends messages that are refused. @returns their bodies */
async function refuse(kinds: readonly Kind[]): Promise<{ kind: Kind; body: string }[]> {
  const { pipeline } = operated;
  const messages = kinds.map((kind) => {
    serial += 1;
    return { kind, body: bodyOf(kind, `R-op-${serial}`) };
  });
  await pipeline.enqueue(
    messages.map(({ body }, index) => ({
      body,
      arrivedAt: MONDAY,
      // Some say where they come from, some don't.
      attributes: index % 2 === 0 ? { file: 'feed.ndjson', position: String(serial - index) } : {},
    })),
  );
  await pipeline.drain('referral-events');
  return messages;
}

/** Everything in the quarantine, with its body. */
async function kept() {
  const desk = deskOf(operated.target());
  const all = [];
  for (const reason of REFUSAL_REASONS) {
    for await (const page of desk.pages(reason)) all.push(...page);
  }
  return Promise.all(all.map(async (entry) => ({ entry, body: await desk.body(entry) })));
}

async function replayAll() {
  for (const reason of REFUSAL_REASONS) await replay(operated.target(), { reason }, NOTHING_WAITED);
}

async function discardEverything(): Promise<void> {
  for (const reason of REFUSAL_REASONS) await discardAll(operated.target(), { reason }, { taken: false, found: 0 });
}

async function settleAll(): Promise<void> {
  await operated.pipeline.drain('referral-events');
  for (const { entry } of await kept()) {
    if (entry.replayedAt !== undefined) await outcomeOf(entry, operated.target());
  }
}

describe('sending refused messages again', () => {
  it('marks what is taken in, and what is refused again', async () => {
    await refuse(KINDS);
    expect((await kept()).map(({ entry }) => standingOf(entry))).toEqual(KINDS.map(() => 'refused'));
    await replayAll();
    expect((await kept()).map(({ entry }) => standingOf(entry))).toEqual(KINDS.map(() => 'sent_again'));
    await settleAll();
    const standings = (await kept()).map(({ entry }) => standingOf(entry)).sort();
    expect(standings).toEqual(['refused_again', 'refused_again', 'taken_in', 'taken_in', 'taken_in']);
    await discardEverything();
  });

  it('sends nothing in a dry run, and says what the intake would refuse', async () => {
    await refuse(['early', 'wrong']);
    operated.pipeline.time.moveTo(MONDAY + DAY_MS);
    const dry = { dryRun: true, wait: 0 };
    expect(await replay(operated.target(), { reason: 'time_in_future' }, dry)).toMatchObject({
      sent: 1,
      wouldRefuse: {},
    });
    expect(await replay(operated.target(), { reason: 'unknown_type' }, dry)).toMatchObject({
      sent: 1,
      wouldRefuse: { unknown_type: 1 },
    });
    expect(await operated.pipeline.drain('referral-events')).toMatchObject({ batches: 0 });
    expect((await kept()).map(({ entry }) => entry.replayedAt)).toEqual([undefined, undefined]);
    await discardEverything();
  });

  it('keeps what is refused for another reason under that reason, and lists it once', async () => {
    const { pipeline } = operated;
    const [message] = await refuse(['early']);
    const event = JSON.parse(message?.body ?? '');
    // Meanwhile the sender has used the id for something else.
    await pipeline.enqueue([{ body: JSON.stringify({ ...event, time: '2026-03-02T13:00:00Z' }), arrivedAt: MONDAY }]);
    await pipeline.drain('referral-events');
    await replayAll();
    await settleAll();
    const found = (await kept()).map(({ entry, body }) => [entry.reason, standingOf(entry), body === message?.body]);
    expect(found.sort()).toEqual([
      ['id_reused', 'refused', true],
      ['time_in_future', 'elsewhere', true],
    ]);
    await discardEverything();
  });

  it('loses and doubles nothing, however often it is done and wherever it dies', async () => {
    const death = fc.record({ side: fc.constantFrom('before', 'after'), call: fc.integer({ min: 1, max: 40 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 12 }),
        fc.array(fc.record({ death, drained: fc.boolean() }), { maxLength: 3 }),
        async (kinds, tries) => {
          const messages = await refuse(kinds);
          for (const { death, drained } of tries) {
            await operated.dying(death.side as 'before', death.call, replayAll);
            if (drained) await operated.pipeline.drain('referral-events');
          }
          await replayAll();
          await settleAll();
          const all = await kept();
          expect(all).toHaveLength(messages.length);
          for (const { kind, body } of messages) {
            const [own] = all.filter((each) => each.body === body);
            expect(own && standingOf(own.entry)).toBe(HEALS[kind] ? 'taken_in' : 'refused_again');
          }
          // What is taken in isn't sent any more.
          await operated.pipeline.drain('referral-events');
          const again = await replay(operated.target(), { reason: 'time_in_future' }, NOTHING_WAITED);
          expect(again).toMatchObject({ sent: 0, takenIn: messages.filter(({ kind }) => HEALS[kind]).length });
          await discardEverything();
          await operated.pipeline.drain('referral-events');
          await discardEverything();
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('discarding refused messages', () => {
  /** What is left of the quarantine in the table, pieces too. */
  const left = async () =>
    (await scan(operated.pipeline.dynamodb, 'loopwatch-local-operations')).filter(({ pk }) =>
      /^quarantine(-body)?#/.test(String(pk)),
    );

  it('leaves nothing of them, and no item that readers fail on, wherever it dies', async () => {
    for (let call = 1, died = true; died; call += 1) {
      for (const side of ['before', 'after'] as const) {
        await refuse(['long', 'wrong']);
        died = await operated.dying(side, call, discardEverything);
        for (const reason of REFUSAL_REASONS) await operated.pipeline.stores.quarantine.list(reason);
        await kept();
        await discardEverything();
        expect(await left()).toEqual([]);
      }
    }
  });

  it('takes only what was asked for', async () => {
    await refuse(['long', 'wrong']);
    await discardAll(operated.target(), { reason: 'malformed' }, { taken: false, found: 1 });
    expect((await kept()).map(({ entry }) => entry.reason)).toEqual(['unknown_type']);
    await discardAll(operated.target(), { reason: 'unknown_type' }, { taken: true, found: 0 });
    expect(await kept()).toHaveLength(1);
    await discardEverything();
  });

  it('is kept again if it comes again', async () => {
    const [message] = await refuse(['long']);
    await discardEverything();
    await operated.pipeline.enqueue([{ body: message?.body ?? '', arrivedAt: MONDAY }]);
    await operated.pipeline.drain('referral-events');
    expect((await kept()).map(({ body }) => body)).toEqual([message?.body]);
    await discardEverything();
  });
});
