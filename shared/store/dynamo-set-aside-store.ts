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
import type { Key, Table, Update } from './table.ts';
import { expiryOf, KEPT_DAYS } from './time-to-live.ts';

const MET = 'met = if_not_exists(met, :none) + :one';
const COUNTED = `metAt = :at, ${MET}`;
const IS_LATER = '(attribute_not_exists(metAt) OR metAt <= :at)';
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
      for (const again of metAgain(key, by, since)) {
        if ((await this.#table.update(again)) === 'written') return 'written';
      }
      // It was taken back between the two.
      return 'conflict';
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

/** The writes of which the first that can be done notes that what is set aside was met again. */
function metAgain(key: Key, by: string, at: Instant): Update[] {
  const one = { ':none': 0, ':one': 1 };
  const isShared = isUnwatched({ by });
  const own = {
    key,
    ConditionExpression: isShared ? `${IS_ASIDE} AND #by IN (${Object.keys(REPEATED).join(', ')})` : IS_ASIDE,
    ...(isShared && { ExpressionAttributeNames: { '#by': 'by' } }),
    values: { ...one, ...(isShared && REPEATED) },
  };
  const later = {
    ...own,
    UpdateExpression: `SET ${COUNTED}`,
    ConditionExpression: `${own.ConditionExpression} AND ${IS_LATER}`,
    values: { ...own.values, ':at': at },
  };
  // Somebody who began after this one has noted it before.
  const earlier = { ...own, UpdateExpression: `SET ${MET}` };
  if (!isShared) return [later, earlier];
  // An earlier release noted there who else met it. As theirs it is unwatched.
  const taken = {
    ...own,
    UpdateExpression: `SET #by = :by, ${COUNTED}`,
    ConditionExpression: IS_ASIDE,
    values: { ...one, ':at': at, ':by': by },
  };
  return [later, earlier, taken];
}
