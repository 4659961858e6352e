import type { Alias, AliasStore } from '../../shared/store/alias-store.ts';
import type { Written } from '../../shared/store/conditional-write.ts';
import type { Unmatched, UnmatchedPlace, UnmatchedStore } from '../../shared/store/unmatched-store.ts';

const keyOf = (sender: string, key: string): string => JSON.stringify([sender, key]);

/** Names of referrals, for as long as a command runs. */
export class RememberedAliases implements AliasStore {
  readonly #aliases = new Map<string, Alias>();

  async find(sender: string, keys: readonly string[]): Promise<Alias[]> {
    return keys.flatMap((key) => this.#aliases.get(keyOf(sender, key)) ?? []);
  }

  async get(sender: string, key: string): Promise<Alias | null> {
    return this.#aliases.get(keyOf(sender, key)) ?? null;
  }

  async name({ sender, key, referralId }: Pick<Alias, 'sender' | 'key' | 'referralId'>): Promise<Written> {
    if (this.#aliases.has(keyOf(sender, key))) return 'conflict';
    const alias = { sender, key, referralId, isOpen: true, expiresAt: Number.POSITIVE_INFINITY };
    this.#aliases.set(keyOf(sender, key), alias);
    return 'written';
  }

  async settle({ sender, key }: Alias): Promise<Written> {
    const alias = this.#aliases.get(keyOf(sender, key));
    if (alias) this.#aliases.set(keyOf(sender, key), { ...alias, isOpen: false });
    return 'written';
  }

  async keep(): Promise<Written> {
    return 'written';
  }
}

/** What waits for its referral, for as long as a command runs. */
export class RememberedUnmatched implements UnmatchedStore {
  readonly #held = new Map<string, Unmatched>();

  async hold(held: Unmatched): Promise<Unmatched> {
    this.#held.set(held.id, held);
    return held;
  }

  async find(ids: readonly string[]): Promise<Unmatched[]> {
    return ids.flatMap((id) => this.#held.get(id) ?? []);
  }

  async waitingFor(sender: string, key: string): Promise<Unmatched[]> {
    return [...this.#held.values()].filter((each) => each.sender === sender && each.keys.includes(key));
  }

  async release({ id }: Pick<Unmatched, 'id'>): Promise<void> {
    this.#held.delete(id);
  }

  async heldBetween(): Promise<UnmatchedPlace[]> {
    return [...this.#held.values()];
  }
}
