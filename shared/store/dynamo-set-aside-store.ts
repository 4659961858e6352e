import type { Instant } from '../contracts/instant.ts';
import type { Written } from './conditional-write.ts';
import { SET_ASIDE, setAsideKey } from './operations-keys.ts';
import { readItem } from './read-item.ts';
import { type SetAside, type SetAsideStore, setAside } from './set-aside-store.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

/** Referrals that are set aside, in the operations table. */
export class DynamoSetAsideStore implements SetAsideStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  put(aside: SetAside): Promise<Written> {
    return this.#table.put({
      item: { ...setAsideKey(aside.referralId), ...aside },
      ConditionExpression: 'attribute_not_exists(pk) OR attribute_exists(takenBackAt)',
    });
  }

  takeBack(referralId: string, now: Instant): Promise<Written> {
    // Marked, not deleted: no function may delete from a table.
    return this.#table.update({
      key: setAsideKey(referralId),
      UpdateExpression: 'SET takenBackAt = :now, expiresAt = :expiresAt',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(takenBackAt)',
      values: { ':now': now, ':expiresAt': expiryOf(now, KEPT_DAYS.setAside) },
    });
  }

  async all(): Promise<SetAside[]> {
    const items = await this.#table.partition(SET_ASIDE);
    return items
      .filter(({ takenBackAt }) => takenBackAt === undefined)
      .map((item) => readItem(setAside, item, 'operations set-aside <hash of referral>'));
  }
}
