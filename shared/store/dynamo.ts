import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item with plain values. */
export type Item = Record<string, unknown>;

/** Leaves undefined attributes out: an index key that is absent keeps the item out of that index. */
export const toItem = (item: Item): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });
export const fromItem = (item: Record<string, AttributeValue>): Item => unmarshall(item);
