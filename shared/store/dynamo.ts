import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, NumberValueImpl, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item with plain values. */
export type Item = Record<string, unknown>;

/** Leaves undefined attributes out: an index key that is absent keeps the item out of that index. */
export const toItem = (item: Item): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });
/** Total: a number of somebody's that no number here can hold is no number, so that whoever reads it finds it unreadable. */
export const fromItem = (item: Record<string, AttributeValue>): Item => unmarshall(item, { wrapNumbers: numberOf });

const numberOf = (text: string): number | NumberValueImpl => {
  const number = Number(text);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : NumberValueImpl.from(text);
};
