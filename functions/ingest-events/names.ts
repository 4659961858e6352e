import type { SQSRecord } from 'aws-lambda';
import { DAY_MS } from '../../shared/contracts/duration.ts';
import { settleEach } from '../../shared/platform/concurrency.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Alias } from '../../shared/store/alias-store.ts';
import type { Unmatched } from '../../shared/store/unmatched-store.ts';
import { noteFailure, type TieDeps, type Tied, type Tying, type Untied } from './tying.ts';

const AT_ONCE = 8;
/** A name is kept from when it was last used; noting that once a year is enough. */
const KEEP_LEFT_MS = 380 * DAY_MS;
/** Of a name that was given a moment ago. */
const NOT_YET = Number.POSITIVE_INFINITY;

/** What senders' other names stand for, as far as a batch has to know it. */
export class Names {
  readonly #deps: TieDeps;
  readonly #tying: Tying;
  readonly #known = new Map<string, Alias>();
  readonly #used = new Set<string>();
  readonly #settled = new Set<string>();

  constructor(deps: TieDeps, tying: Tying) {
    this.#deps = deps;
    this.#tying = tying;
  }

  /** @param consistent whether it must find what was named a moment ago */
  async load(untied: readonly Untied[], consistent = false): Promise<void> {
    const bySender = Map.groupBy(untied, ({ member }) => member.sender);
    for (const [sender, own] of bySender) {
      const keys = own.flatMap(({ member }) => member.keys.others);
      if (keys.length === 0) continue;
      for (const alias of await this.#find(sender, keys, consistent)) this.#known.set(keyOf(sender, alias.key), alias);
    }
  }

  async #find(sender: string, keys: readonly string[], consistent: boolean): Promise<Alias[]> {
    const { aliases } = this.#deps;
    try {
      return await aliases.find(sender, keys, { consistent });
    } catch (error) {
      if (!(error instanceof LastingError)) throw error;
      // One that can't be read holds up only those that it names.
      const each = await settleEach(keys, AT_ONCE, (key) => aliases.get(sender, key));
      return each.flatMap((result) => (result.status === 'fulfilled' && result.value !== null ? [result.value] : []));
    }
  }

  /** Those of some members whose referral is known. */
  tiedOf(untied: Iterable<Untied>): (Tied & { what: Untied })[] {
    return [...untied].flatMap((what) => {
      const referralId = this.#referralOf(what);
      return referralId === null ? [] : [{ record: what.record, referralId, what }];
    });
  }

  /** Null: nothing that a member names is known. */
  #referralOf({ member: { keys, sender } }: Untied): string | null {
    if (keys.referralId !== null) return keys.referralId;
    const known = keys.others.map((key) => this.#known.get(keyOf(sender, key)));
    return known.find((alias) => alias !== undefined)?.referralId ?? null;
  }

  /** Gives referrals the names that members have for them, and ties what waited for these. */
  async give(tied: readonly Tied[]): Promise<void> {
    for (let work = [...tied]; work.length > 0; ) {
      await this.#each(namings(work), (naming) => this.#name(naming));
      const woken = await this.#each(this.#openOf(work), ({ alias, record }) => this.#awake(alias, record));
      work = woken.flat();
    }
  }

  /** The names of some members for which something may wait, each once. What another referral has is counted. */
  #openOf(tied: readonly Tied[]): { alias: Alias; record: SQSRecord }[] {
    const open = new Map<string, { alias: Alias; record: SQSRecord }>();
    const named = tied.flatMap((each) => keysOf(each.what).map((key) => ({ ...each, key })));
    for (const { key, record, referralId } of named) {
      const alias = this.#known.get(key);
      if (alias === undefined) continue;
      if (alias.referralId !== referralId) this.#tying.taken += 1;
      else if (alias.isOpen && !open.has(key)) open.set(key, { alias, record });
    }
    return [...open.values()];
  }

  /** Does work for each; where it fails, its record comes back. */
  async #each<T extends { record: SQSRecord }, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
    const results = await settleEach(list, AT_ONCE, async (one) => {
      this.#deps.inTime?.();
      return work(one);
    });
    for (const [index, { record }] of list.entries()) noteFailure(this.#tying, record, results[index]);
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  async #name({ sender, key, referralId }: Naming): Promise<void> {
    const { aliases, now } = this.#deps;
    const known = this.#known.get(keyOf(sender, key));
    if (known) {
      const isUsed = known.referralId === referralId && !this.#used.has(keyOf(sender, key));
      this.#used.add(keyOf(sender, key));
      if (isUsed && known.expiresAt - now < KEEP_LEFT_MS) await aliases.keep(known, now);
      return;
    }
    const given = await aliases.name({ sender, key, referralId }, now);
    const isOwn = given === 'written';
    // Somebody else may have been first, for this referral or for another.
    const alias = isOwn
      ? { sender, key, referralId, isOpen: true, expiresAt: NOT_YET }
      : await aliases.get(sender, key);
    if (!alias) throw new Error('a name that somebody has is gone');
    this.#known.set(keyOf(sender, key), alias);
  }

  /** What waited for a name that is open. Once it is in the log, the name is settled. */
  async #awake(alias: Alias, record: SQSRecord): Promise<Tied[]> {
    const { sender, key, referralId } = alias;
    if (this.#settled.has(keyOf(sender, key))) return [];
    const { aliases, unmatched, now, onUnreadable } = this.#deps;
    const waiting = (await unmatched.waitingFor(sender, key, onUnreadable)).filter(({ until }) => until > now);
    this.#settled.add(keyOf(sender, key));
    const tied = waiting.map((what): Tied => ({ record, referralId, what }));
    this.#tying.tied.push(...tied);
    // In the end the last comes first: a name is settled after all that was found by way of it is let go.
    this.#tying.afterwards.push({ record, referralId, run: () => aliases.settle(alias) });
    for (const held of waiting) this.#tying.afterwards.push({ record, referralId, run: () => unmatched.release(held) });
    return tied;
  }
}

/** A name that a member gives its referral. */
interface Naming {
  record: SQSRecord;
  sender: string;
  key: string;
  referralId: string;
}

/** Each name of some members once: of several referrals that claim one the first has it. */
function namings(tied: readonly Tied[]): Naming[] {
  const claimed = new Map<string, Naming>();
  for (const { record, referralId, what } of tied) {
    const { sender, keys } = namesIn(what);
    for (const key of keys) {
      const said = keyOf(sender, key);
      if (!claimed.has(said)) claimed.set(said, { record, sender, key, referralId });
    }
  }
  return [...claimed.values()];
}

const keyOf = (sender: string, key: string): string => JSON.stringify([sender, key]);

/** The names that a member has for its referral, as a batch knows them. */
export const keysOf = (what: Untied | Unmatched): string[] => {
  const { sender, keys } = namesIn(what);
  return keys.map((key) => keyOf(sender, key));
};

const namesIn = (what: Untied | Unmatched): { sender: string; keys: readonly string[] } =>
  'member' in what
    ? { sender: what.member.sender, keys: what.member.keys.others }
    : { sender: what.sender, keys: what.keys };
