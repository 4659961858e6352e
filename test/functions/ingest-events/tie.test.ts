import type { SQSRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tie } from '../../../functions/ingest-events/tie.ts';
import type { Untied } from '../../../functions/ingest-events/tying.ts';
import type { AliasStore } from '../../../shared/store/alias-store.ts';
import type { UnmatchedStore } from '../../../shared/store/unmatched-store.ts';
import { at } from '../../builders/instants.ts';
import { memoryStores } from '../../doubles/memory-stores.ts';

const NOW = at('03-02 14:00');
const SENDER = 'scheduling';

interface Said {
  name: string;
  referralId: string | null;
  keys: string[];
}

function untied({ name, referralId, keys }: Said, receives = 1): Untied {
  return {
    record: {
      messageId: name,
      attributes: { ApproximateReceiveCount: String(receives) },
      messageAttributes: {},
    } as unknown as SQSRecord,
    arrivedAt: NOW,
    dialect: 'hl7v2',
    body: '',
    position: null,
    attributes: {},
    events: [{ id: name, type: 'visit.arrived' }],
    member: {
      outcome: 'translated',
      position: 1,
      kind: 'SIU^S12',
      sender: SENDER,
      facts: [],
      keys: { referralId, others: keys },
      recordedAt: null,
      sequence: '',
      unmapped: [],
      missing: [],
      unmatchedDays: 90,
      needsReferral: true,
    },
  };
}

/** A place where members are tied, and what went into the logs of referrals. */
class Desk {
  readonly aliases: AliasStore;
  readonly unmatched: UnmatchedStore;
  readonly logs = new Map<string, Set<string>>();
  callsLeft = Number.POSITIVE_INFINITY;

  constructor() {
    const { aliases, unmatched } = memoryStores();
    this.aliases = aliases;
    this.unmatched = unmatched;
  }

  /** Takes a batch in as the handler does. Dies at the call that is one too many. */
  async take(said: readonly Said[], now = NOW, receives = 1): Promise<void> {
    const members = said.map((each) => untied(each, receives));
    const { tied, afterwards, failed } = await tie(members, {
      aliases: this.#mortal(this.aliases),
      unmatched: this.#mortal(this.unmatched),
      now,
    });
    for (const { referralId, what } of tied) {
      const log = this.logs.get(referralId) ?? new Set();
      this.logs.set(referralId, log);
      for (const { id } of what.events) log.add(String(id));
    }
    if (failed.size > 0) throw new Error('died');
    for (const { run } of afterwards) await run();
  }

  #mortal<S extends object>(store: S): S {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          this.callsLeft -= 1;
          if (this.callsLeft < 0) throw new Error('died');
          return value.apply(target, args);
        };
      },
    });
  }

  said(): Record<string, string[]> {
    return Object.fromEntries([...this.logs].sort().map(([referralId, log]) => [referralId, [...log].sort()]));
  }

  async held(): Promise<number> {
    return (await this.unmatched.heldBetween(NOW, NOW + 1)).length;
  }
}

const ORDER: Said = { name: 'order', referralId: 'R-1', keys: ['order:1'] };
const BOOKED: Said = { name: 'booked', referralId: null, keys: ['appointment:9', 'order:1'] };
const ARRIVED: Said = { name: 'arrived', referralId: null, keys: ['appointment:9'] };

describe('a member in another dialect', () => {
  it('is of the referral whose id it has, and names its other keys', async () => {
    const desk = new Desk();
    await desk.take([ORDER]);
    expect(desk.said()).toEqual({ 'R-1': ['order'] });
    expect(await desk.aliases.get(SENDER, 'order:1')).toMatchObject({ referralId: 'R-1', isOpen: false });
  });

  it('is found by a key, and names the others', async () => {
    const desk = new Desk();
    await desk.take([ORDER]);
    await desk.take([BOOKED]);
    await desk.take([ARRIVED]);
    expect(desk.said()).toEqual({ 'R-1': ['arrived', 'booked', 'order'] });
    expect(await desk.held()).toBe(0);
  });

  it('waits for its referral, through another that waits', async () => {
    const desk = new Desk();
    await desk.take([ARRIVED]);
    await desk.take([BOOKED]);
    expect(desk.said()).toEqual({});
    expect(await desk.held()).toBe(2);
    await desk.take([ORDER]);
    expect(desk.said()).toEqual({ 'R-1': ['arrived', 'booked', 'order'] });
    expect(await desk.held()).toBe(0);
  });

  it('is tried for as long as its sender says', async () => {
    const desk = new Desk();
    await desk.take([ARRIVED]);
    await desk.take([{ ...ORDER, keys: ['appointment:9'] }], NOW + 91 * 86_400_000);
    expect(desk.said()).toEqual({ 'R-1': ['order'] });
  });

  it('of one sender is nothing to another', async () => {
    const desk = new Desk();
    await desk.take([ORDER]);
    const other = untied(BOOKED);
    const { tied, held } = await tie([{ ...other, member: { ...other.member, sender: 'another' } }], {
      aliases: desk.aliases,
      unmatched: desk.unmatched,
      now: NOW,
    });
    expect([tied, held]).toEqual([[], 1]);
  });

  it('takes no key from the referral that has it', async () => {
    const desk = new Desk();
    await desk.take([ORDER]);
    const { taken, tied } = await tie([untied({ ...ORDER, name: 'order-2', referralId: 'R-2' })], {
      aliases: desk.aliases,
      unmatched: desk.unmatched,
      now: NOW,
    });
    expect(taken).toBe(1);
    expect(tied.map(({ referralId }) => referralId)).toEqual(['R-2']);
    expect(await desk.aliases.get(SENDER, 'order:1')).toMatchObject({ referralId: 'R-1' });
  });

  it('without a key is nobody’s', async () => {
    const desk = new Desk();
    const { keyless, held } = await tie([untied({ ...ARRIVED, keys: [] })], {
      aliases: desk.aliases,
      unmatched: desk.unmatched,
      now: NOW,
    });
    expect([keyless.length, held]).toEqual([1, 0]);
  });
});

/** Members of two referrals, each of which can be found from any other of its own by way of their keys. */
const members = fc
  .tuple(...['R-1', 'R-2'].map((referralId) => chain(referralId)))
  .chain((chains) => fc.shuffledSubarray(chains.flat(), { minLength: chains.flat().length }));

function chain(referralId: string): fc.Arbitrary<Said[]> {
  const key = (number: number) => `${referralId}-${number}`;
  return fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat({ max: 20 }), { minLength: 5, maxLength: 5 }))
    .map(([length, back]) => [
      { name: `${referralId} order`, referralId, keys: [key(0)] },
      // Each has a key of its own, and one that an earlier member has.
      ...Array.from({ length }, (_, index) => ({
        name: `${referralId} ${index}`,
        referralId: null,
        keys: [key(index + 1), key((back[index] ?? 0) % (index + 1))],
      })),
    ]);
}

const batches = members.chain((said) =>
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: said.length, maxLength: said.length }).map((sizes) => {
    const left = [...said];
    return sizes.map((size) => left.splice(0, size)).filter((batch) => batch.length > 0);
  }),
);

const expected = (said: readonly Said[]) =>
  Object.fromEntries(
    ['R-1', 'R-2'].map((id) => [id, said.flatMap(({ name }) => (name.startsWith(id) ? [name] : [])).sort()]),
  );

describe('in whatever order members come', () => {
  it('all find their referral', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (batched) => {
        const desk = new Desk();
        for (const batch of batched) await desk.take(batch);
        expect(desk.said()).toEqual(expected(batched.flat()));
        expect(await desk.held()).toBe(0);
      }),
    );
  });

  it('and in batches at once', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (batched) => {
        const desk = new Desk();
        await Promise.all(batched.map((batch) => desk.take(batch)));
        expect(desk.said()).toEqual(expected(batched.flat()));
        expect(await desk.held()).toBe(0);
      }),
    );
  });

  it('and if the function dies at any call and its batch comes back', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.array(fc.nat({ max: 12 }), { maxLength: 8 }), async (batched, deaths) => {
        const desk = new Desk();
        for (const [index, batch] of batched.entries()) {
          desk.callsLeft = deaths[index] ?? Number.POSITIVE_INFINITY;
          await desk.take(batch).catch(() => {});
          desk.callsLeft = Number.POSITIVE_INFINITY;
          await desk.take(batch, NOW, 2);
        }
        expect(desk.said()).toEqual(expected(batched.flat()));
        expect(await desk.held()).toBe(0);
      }),
    );
  });
});
