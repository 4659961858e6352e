import type { Directory } from '../../contracts/config.ts';
import type { Scope } from '../../contracts/report.ts';
import { directoryScopes, isIn, SCOPE_FIELDS, scopeKey } from './scopes.ts';

/** What decides in which scopes a referral counts, and where it came from. Millions of referrals share a few thousand. */
export interface Group {
  /** Counts the places. */
  number: number;
  site: string | null;
  specialty: string | null;
  practiceId: string | null;
  /** Numbers of the scopes that it belongs to. */
  scopes: readonly number[];
}

type Practices = ReadonlyMap<string, Directory['practices'][number]>;

/** Numbers places and scopes, so that what is kept of a referral is small. */
export class Groups {
  /** Keys of the scopes, by number. */
  readonly scopes: string[] = [];
  readonly all: Group[] = [];
  readonly #practices: Practices;
  readonly #scopeNumbers = new Map<string, number>();
  readonly #groups = new Map<string, Group>();
  /** Scopes of several fields: each place has to be matched with them. */
  readonly #narrow: Scope[];

  constructor(directory: Directory, practices: Practices) {
    this.#practices = practices;
    const scopes = directoryScopes(directory);
    for (const scope of scopes) this.#number(scope);
    this.#narrow = scopes.filter((scope) => Object.values(scope).filter((value) => value !== undefined).length > 1);
  }

  /** The place of a referral. */
  of({ site, specialty, practiceId }: Pick<Group, 'site' | 'specialty' | 'practiceId'>): Group {
    const key = `${site}\u0000${specialty}\u0000${practiceId}`;
    let place = this.#groups.get(key);
    if (!place) {
      const scopes = this.#scopesOf({ site, specialty, practiceId });
      place = { number: this.all.length, site, specialty, practiceId, scopes };
      this.#groups.set(key, place);
      this.all.push(place);
    }
    return place;
  }

  /** For each place, by number, whether it belongs to a scope. */
  membersOf(scope: number): Uint8Array {
    return Uint8Array.from(this.all, ({ scopes }) => (scopes.includes(scope) ? 1 : 0));
  }

  #scopesOf({ site, specialty, practiceId }: Pick<Group, 'site' | 'specialty' | 'practiceId'>): number[] {
    const practice = practiceId === null ? undefined : this.#practices.get(practiceId);
    const values = { site, specialty, segment: practice?.segment ?? null, region: practice?.region ?? null };
    const wide = SCOPE_FIELDS.flatMap((dimension): Scope[] => {
      const value = values[dimension];
      return value === null ? [] : [{ [dimension]: value }];
    });
    const narrow = this.#narrow.filter((scope) => isIn(scope, values));
    return [...new Set([{}, ...wide, ...narrow].map((scope) => this.#number(scope)))];
  }

  #number(scope: Scope): number {
    const key = scopeKey(scope);
    let number = this.#scopeNumbers.get(key);
    if (number === undefined) {
      number = this.scopes.length;
      this.#scopeNumbers.set(key, number);
      this.scopes.push(key);
    }
    return number;
  }
}
