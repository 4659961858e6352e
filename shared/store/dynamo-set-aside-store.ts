import type { Instant } from '../contracts/instant.ts';
import { jitteredBackoff } from '../platform/backoff.ts';
import type { LastingError } from '../platform/lasting-error.ts';
import { retryOnConflict, type Written } from './conditional-write.ts';
import type { Item } from './dynamo.ts';
import { SET_ASIDE, setAsideKey } from './operations-keys.ts';
import { readEach, readItem } from './read-item.ts';
import {
  isUnwatched,
  type MetAside,
  REPEATED_BY_DETECTION,
  type SetAside,
  type SetAsideStore,
  setAside,
} from './set-aside-store.ts';
import type { Table } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const COUNTED = 'metAt = :at, met = if_not_exists(met, :none) + :one';
const IS_ASIDE = 'attribute_exists(pk) AND attribute_not_exists(takenBackAt)';
/** Whose notes are under the key of a referral alone. */
const REPEATED = Object.fromEntries(REPEATED_BY_DETECTION.map((by, index) => [`:by${index}`, by]));

/** Referrals that are set aside, in the operations table. */
export class DynamoSetAsideStore implements SetAsideStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async put({ referralId, by, error, since }: MetAside): Promise<void> {
    const key = setAsideKey(referralId, isUnwatched({ by }) ? null : by);
    const counted = { ':at': since, ':none': 0, ':one': 1 };
    await retryOnConflict('what is set aside', jitteredBackoff, async () => {
      const noted = await this.#table.update({
        key,
        UpdateExpression: `SET referralId = :referral, #by = :by, #error = :error, #since = :at, ${COUNTED} REMOVE takenBackAt, expiresAt`,
        ConditionExpression: 'attribute_not_exists(pk) OR attribute_exists(takenBackAt)',
        ExpressionAttributeNames: { '#by': 'by', '#error': 'error', '#since': 'since' },
        values: { ...counted, ':referral': referralId, ':by': by, ':error': error },
      });
      if (noted === 'written') return noted;
      // A conflict: it was taken back between the two.
      const again = { key, UpdateExpression: `SET ${COUNTED}`, ConditionExpression: IS_ASIDE, values: counted };
      if (!isUnwatched({ by })) return this.#table.update(again);
      const own = await this.#table.update({
        ...again,
        ConditionExpression: `${IS_ASIDE} AND #by IN (${Object.keys(REPEATED).join(', ')})`,
        ExpressionAttributeNames: { '#by': 'by' },
        values: { ...counted, ...REPEATED },
      });
      if (own === 'written') return own;
      // An earlier release noted there who else met it. As theirs it is unwatched.
      return this.#table.update({
        ...again,
        UpdateExpression: `SET #by = :by, ${COUNTED}`,
        ExpressionAttributeNames: { '#by': 'by' },
        values: { ...counted, ':by': by },
      });
    });
  }

  takeBack({ id, met }: Pick<SetAside, 'id' | 'met'>, now: Instant): Promise<Written> {
    // Marked, not deleted: no function may delete from a table.
    return this.#table.update({
      key: { pk: SET_ASIDE, sk: id },
      UpdateExpression: 'SET takenBackAt = :now, expiresAt = :expiresAt',
      ConditionExpression: `${IS_ASIDE} AND ${met === 0 ? 'attribute_not_exists(met)' : 'met = :met'}`,
      values: {
        ':now': now,
        ':expiresAt': expiryOf(now, KEPT_DAYS.setAside),
        ...(met !== 0 && { ':met': met }),
      },
    });
  }

  async all(onUnreadable?: (error: LastingError) => void): Promise<SetAside[]> {
    const items = await this.#table.partition(SET_ASIDE);
    const asides = items.filter(({ takenBackAt }) => takenBackAt === undefined);
    return readEach(asides, readAside, onUnreadable);
  }
}

const readAside = ({ sk, ...item }: Item): SetAside =>
  readItem(setAside, { ...item, id: sk }, 'operations set-aside <hash of referral>');
