import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { DAY_MS, SECOND_MS } from '../../shared/contracts/duration.ts';
import type { RefusalReason } from '../../shared/contracts/vocabulary.ts';
import { LastingError } from '../../shared/platform/lasting-error.ts';
import { fromItem, toItem } from '../../shared/store/dynamo.ts';
import { refusedKey } from '../../shared/store/operations-keys.ts';
import { readEvent } from '../../shared/store/referral-items.ts';
import type { Key } from '../../shared/store/table.ts';
import { KEPT_DAYS } from '../../shared/store/time-to-live.ts';

/** Which item of a restored table is put back, and on which condition. */

export type Item = Record<string, AttributeValue>;

/**
 * Puts an item if there is none of its key, or if it is an event that says something else: events never change, but that
 * intake may have put a later translation in the place of one, which stays.
 */
export function putter(client: DynamoDBClient, TableName: string, isDry: boolean): (item: Item) => Promise<boolean> {
  return async (item) => {
    const { pk, sk, event } = item;
    if (!pk || !sk) return false;
    const read = async (Key: Item) =>
      (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
    const live = await read({ pk, sk });
    if (live !== undefined && (event === undefined || live.event?.S === event.S || isTranslated(live))) return false;
    const refused = live === undefined ? refusedKeyOf(item) : null;
    if (refused !== null && isDiscarded(item, await read(toItem(refused)))) return false;
    return isDry || put(client, { TableName, Item: item, ...(live === undefined ? ABSENT : asRead(live.event)) });
  };
}

/** Whether an event can be read, and was made from a message in another dialect. */
function isTranslated(live: Item): boolean {
  try {
    return readEvent(fromItem(live)).isTranslated === true;
  } catch (error) {
    if (error instanceof LastingError) return false;
    throw error;
  }
}

/** Where the refusal is counted of a message that lies in quarantine, or of a piece of its body. Null: it isn't of one. */
function refusedKeyOf({ pk, sk }: Item): Key | null {
  const [kind, reason, id = sk?.S] = pk?.S?.split('#') ?? [];
  if (kind !== 'quarantine' && kind !== 'quarantine-body') return null;
  return refusedKey(reason as RefusalReason, id ?? '');
}

/** Whether an operator has discarded a message since it arrived. It may have come again after that. */
function isDiscarded({ expiresAt }: Item, refused: Item | undefined): boolean {
  const arrivedAt = Number(expiresAt?.N) * SECOND_MS - KEPT_DAYS.quarantine * DAY_MS;
  return Number(refused?.discardedAt?.N) >= arrivedAt;
}

const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };
/** Intake may write it meanwhile. */
const asRead = (event: AttributeValue | undefined) =>
  event === undefined
    ? { ConditionExpression: 'attribute_not_exists(event)' }
    : { ConditionExpression: 'event = :event', ExpressionAttributeValues: { ':event': event } };

/** @returns whether its condition held: somebody may have put the same meanwhile */
async function put(client: DynamoDBClient, input: PutItemCommandInput): Promise<boolean> {
  try {
    await client.send(new PutItemCommand(input));
    return true;
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    return false;
  }
}
