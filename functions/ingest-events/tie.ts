import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import type { Instant } from '../../shared/contracts/instant.ts';
import { forEach } from '../../shared/platform/concurrency.ts';
import type { Alias, AliasStore } from '../../shared/store/alias-store.ts';
import type { Unmatched, UnmatchedStore } from '../../shared/store/unmatched-store.ts';
import type { Received } from './read-record.ts';

export type Untied = Extract<Received, { member: unknown }>;

/** Events whose referral is known. */
export interface Tied {
  /** Whose message brought it, or named what it waited for. */
  record: SQSRecord;
  referralId: string;
  what: Untied | Unmatched;
}

/** What has to be done once the events of a referral are in its log: until then a redelivery finds all as it was. */
export interface Afterwards {
  record: SQSRecord;
  referralId: string;
  run: () => Promise<unknown>;
}

export interface Tying {
  tied: Tied[];
  afterwards: Afterwards[];
  /** Have no key by which a referral could ever be found. */
  keyless: Untied[];
  /** How many wait for their referral to be named. */
  held: number;
  /** How many keys already name another referral. */
  taken: number;
}

interface Deps {
  aliases: AliasStore;
  unmatched: UnmatchedStore;
  now: Instant;
}

const AT_ONCE = 8;
/** A name is kept from when it was last used; noting that once a year is enough. */
const KEEP_LEFT_MS = 380 * DAY_MS;

/**
 * Finds the referrals of translated members: by the referral's own id, else by what its sender's other names stand for. A
 * member with a referral names its other keys; what waited for one of these is tied with it. A member without one waits.
 *
 * Who waits notes that first and looks at its keys again after that; who names a key does that first and looks for who
 * waits after that. So one of two at once finds the other. A name stays open until what waited for it is in the log.
 */
export async function tie(untied: readonly Untied[], deps: Deps): Promise<Tying> {
  const tying: Tying = { tied: [], afterwards: [], keyless: [], held: 0, taken: 0 };
  const names = new Names(deps, tying);
  await names.load(untied);
  let left = [...untied];
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const found = left.flatMap((each) => {
      const referralId = names.referralOf(each);
      return referralId === null ? [] : [{ record: each.record, referralId, what: each }];
    });
    tying.tied.push(...found);
    const done = new Set(found.map(({ what }) => what));
    left = left.filter((each) => !done.has(each));
    for (const each of found) await names.give(each);
  }
  for (const each of left) {
    if (each.member.keys.others.length === 0) tying.keyless.push(each);
    else await wait(each, names, deps, tying);
  }
  return tying;
}

/** Holds a member, unless one of its keys was named meanwhile. */
async function wait(untied: Untied, names: Names, { aliases, unmatched }: Deps, tying: Tying): Promise<void> {
  const held = unmatchedOf(untied);
  await unmatched.hold(held);
  const found = await forEach(held.keys, AT_ONCE, (key) => aliases.get(held.sender, key));
  const [alias] = found.filter((each) => each !== null);
  if (!alias) {
    tying.held += 1;
    return;
  }
  const { referralId } = alias;
  const tied = { record: untied.record, referralId, what: untied };
  tying.tied.push(tied);
  tying.afterwards.push({ ...tied, run: () => unmatched.release(held) });
  await names.give(tied);
}

function unmatchedOf({ member, dialect, events, arrivedAt, record, position }: Untied): Unmatched {
  const { sender, kind, keys, unmapped, unmatchedDays } = member;
  const said = JSON.stringify([sender, keys.others, events]);
  return {
    id: createHash('sha256').update(said).digest('hex').slice(0, 32),
    sender,
    dialect,
    kind,
    arrivedAt,
    until: arrivedAt + unmatchedDays * DAY_MS,
    file: record.messageAttributes.file?.stringValue ?? null,
    position,
    keys: [...keys.others],
    events: [...events],
    unmapped: [...unmapped],
  };
}

/** What senders' other names stand for, as far as a batch has to know it. */
class Names {
  readonly #deps: Deps;
  readonly #tying: Tying;
  readonly #known = new Map<string, Alias>();
  readonly #settled = new Set<string>();

  constructor(deps: Deps, tying: Tying) {
    this.#deps = deps;
    this.#tying = tying;
  }

  async load(untied: readonly Untied[]): Promise<void> {
    const bySender = Map.groupBy(untied, ({ member }) => member.sender);
    for (const [sender, own] of bySender) {
      const keys = own.flatMap(({ member }) => member.keys.others);
      if (keys.length === 0) continue;
      for (const alias of await this.#deps.aliases.find(sender, keys)) this.#known.set(keyOf(sender, alias.key), alias);
    }
  }

  /** Null: nothing that a member names is known. */
  referralOf({ member: { keys, sender } }: Untied): string | null {
    if (keys.referralId !== null) return keys.referralId;
    const known = keys.others.map((key) => this.#known.get(keyOf(sender, key)));
    return known.find((alias) => alias !== undefined)?.referralId ?? null;
  }

  /** Gives a referral the names that a member has for it, and ties what waited for them. */
  async give(tied: Tied): Promise<void> {
    const work = [tied];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const { record, referralId } = next;
      const { sender, keys } = namesIn(next.what);
      for (const key of keys) {
        const alias = await this.#named(sender, key, referralId);
        if (alias.referralId !== referralId) this.#tying.taken += 1;
        else if (alias.isOpen) work.push(...(await this.#awake(alias, record)));
      }
    }
  }

  async #named(sender: string, key: string, referralId: string): Promise<Alias> {
    const { aliases, now } = this.#deps;
    const known = this.#known.get(keyOf(sender, key));
    if (known) {
      if (known.expiresAt - now < KEEP_LEFT_MS) await aliases.keep(known, now);
      return known;
    }
    await aliases.name({ sender, key, referralId }, now);
    // Somebody else may have been first, for this referral or for another.
    const alias = await aliases.get(sender, key);
    if (!alias) throw new Error('a name that was just given is gone');
    this.#known.set(keyOf(sender, key), alias);
    return alias;
  }

  /** What waited for a name that is open. Once it is in the log, the name is settled. */
  async #awake(alias: Alias, record: SQSRecord): Promise<Tied[]> {
    const { sender, key, referralId } = alias;
    if (this.#settled.has(keyOf(sender, key))) return [];
    this.#settled.add(keyOf(sender, key));
    const { aliases, unmatched, now } = this.#deps;
    const waiting = (await unmatched.waitingFor(sender, key)).filter(({ until }) => until > now);
    const tied = waiting.map((what): Tied => ({ record, referralId, what }));
    this.#tying.tied.push(...tied);
    for (const held of waiting) this.#tying.afterwards.push({ record, referralId, run: () => unmatched.release(held) });
    this.#tying.afterwards.push({ record, referralId, run: () => aliases.settle(alias) });
    return tied;
  }
}

const keyOf = (sender: string, key: string): string => JSON.stringify([sender, key]);

const namesIn = (what: Untied | Unmatched): { sender: string; keys: readonly string[] } =>
  'member' in what
    ? { sender: what.member.sender, keys: what.member.keys.others }
    : { sender: what.sender, keys: what.keys };
