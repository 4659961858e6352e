import type { Directory, Practice } from '../../contracts/config.ts';
import type { Scope } from '../../contracts/report.ts';
import { directoryScopes, isIn, SCOPE_FIELDS, scopeKey } from './scopes.ts';

type GroupFields = Pick<Group, 'site' | 'specialty' | 'practiceId'>;

/**
 * Referrals of one site, specialty and practice: they count in the same scopes. Millions of referrals fall into a few
 * thousand groups.
 */
export interface Group {
  /** Index in `Groups.all`. */
  number: number;
  site: string | null;
  specialty: string | null;
  practiceId: string | null;
  /** Numbers of the scopes that it belongs to. */
  scopes: readonly number[];
}

/** Numbers the groups and the scopes, so that what is kept for a referral is small. */
export class Groups {
  /** Keys of the scopes, by number. */
  readonly scopes: string[] = [];
  readonly all: Group[] = [];
  readonly #practices: ReadonlyMap<string, Practice>;
  readonly #scopeNumbers = new Map<string, number>();
  readonly #groups = new Map<string, Group>();
  /** Scopes of several fields: each group has to be matched with them. */
  readonly #narrow: Scope[];

  constructor(directory: Directory, practices: ReadonlyMap<string, Practice>) {
    this.#practices = practices;
    const scopes = directoryScopes(directory);
    for (const scope of scopes) this.#number(scope);
    this.#narrow = scopes.filter((scope) => Object.values(scope).filter((value) => value !== undefined).length > 1);
  }

  /** The group of a referral. */
  of({ site, specialty, practiceId }: GroupFields): Group {
    const key = `${site}\u0000${specialty}\u0000${practiceId}`;
    let group = this.#groups.get(key);
    if (!group) {
      const scopes = this.#scopesOf({ site, specialty, practiceId });
      group = { number: this.all.length, site, specialty, practiceId, scopes };
      this.#groups.set(key, group);
      this.all.push(group);
    }
    return group;
  }

  /** By group number 1 if the group belongs to the scope, else 0. */
  membersOf(scope: number): Uint8Array {
    return Uint8Array.from(this.all, ({ scopes }) => (scopes.includes(scope) ? 1 : 0));
  }

  #scopesOf({ site, specialty, practiceId }: GroupFields): number[] {
    const practice = practiceId === null ? undefined : this.#practices.get(practiceId);
    const values = { site, specialty, segment: practice?.segment ?? null, region: practice?.region ?? null };
    const wide = SCOPE_FIELDS.flatMap((field): Scope[] => {
      const value = values[field];
      return value === null ? [] : [{ [field]: value }];
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
