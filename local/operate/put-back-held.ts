import { LastingError } from '../../shared/platform/lasting-error.ts';
import type { Alias } from '../../shared/store/alias-store.ts';
import { fromItem } from '../../shared/store/dynamo.ts';
import { dynamoStores } from '../../shared/store/dynamo-stores.ts';
import { readHeld } from '../../shared/store/dynamo-unmatched-store.ts';
import { aliasKey, unmatchedKey } from '../../shared/store/operations-keys.ts';
import { Table } from '../../shared/store/table.ts';
import type { Unmatched } from '../../shared/store/unmatched-store.ts';
import type { Tables } from '../explain/tables.ts';
import type { Item } from './put-back.ts';
import { areStored } from './taken-in.ts';

/** Whether an item of a restored table is a part of a member that waits for its referral: what it says, or where it is found. */
export const isOfHeld = ({ pk }: Item): boolean => /^(?:unmatched|unmatched-day|waiting)#/.test(pk?.S ?? '');

/**
 * Puts back members that wait for their referral: from what each says, in the order in which intake holds one. Not one that
 * was let go since, as its events are in a log. One whose key was named while it was lost is tied by the next message that
 * uses the key. One that can't be read is put back as it is, with where it is found.
 * @param restored the name of the restored table
 * @param putAsIs for what can't be read
 * @returns of an item whether it was lacking
 */
export function heldPutter(
  tables: Tables,
  restored: string,
  isDry: boolean,
  putAsIs: (item: Item) => Promise<boolean>,
): (item: Item) => Promise<boolean> {
  const contents = new Table(tables.client, restored);
  const { aliases, unmatched } = dynamoStores(tables.client, tables.names);
  const namesOf = ({ sender, keys }: Unmatched): Promise<Alias[]> => aliases.find(sender, keys, { consistent: true });
  const isInLog = async (held: Unmatched): Promise<boolean> => {
    for (const { referralId } of await namesOf(held)) {
      if (await areStored(held.events, referralId, tables)) return true;
    }
    return false;
  };
  return async (item) => {
    if (!item.pk?.S?.startsWith('unmatched#')) {
      // Where it is found comes with what it says.
      const content = await contents.get(unmatchedKey(item.sk?.S ?? ''));
      return content !== null && read(content) === null && putAsIs(item);
    }
    const held = read(fromItem(item));
    if (held === null) return putAsIs(item);
    if (await isInLog(held)) return false;
    const isLacking = (await unmatched.find([held.id], () => {})).length === 0;
    if (isDry) return isLacking;
    await unmatched.hold(held);
    for (const name of await namesOf(held)) await reopen(name, tables);
    // Intake may have let it go meanwhile.
    if (await isInLog(held)) await unmatched.release(held);
    return isLacking;
  };
}

/** Null: it can't be read. */
function read(item: Parameters<typeof readHeld>[0]): Unmatched | null {
  try {
    return readHeld(item);
  } catch (error) {
    if (error instanceof LastingError) return null;
    throw error;
  }
}

/** Notes of a name that something may wait for it. */
async function reopen({ sender, key, referralId }: Alias, { client, names }: Tables): Promise<void> {
  await new Table(client, names.operations).update({
    key: aliasKey(sender, key),
    UpdateExpression: 'SET isOpen = :true',
    ConditionExpression: 'referralId = :referralId',
    values: { ':true': true, ':referralId': referralId },
  });
}
