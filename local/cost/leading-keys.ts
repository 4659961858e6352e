import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './item-size.ts';
import { type KeyConditions, keyConditions } from './key-condition.ts';

/** The part of an item operation's input that names keys. */
interface Named extends KeyConditions {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly RequestItems?: Record<string, { Keys?: Item[] }>;
}

/**
 * The partition keys that the input of a call of DynamoDB names, each once; of a query those it asks to be equal. Empty if
 * it names none, as a scan or another service's input.
 */
export function leadingKeysOf(input: object): string[] {
  const { Key, Item, RequestItems, KeyConditionExpression, ...rest } = input as Named;
  const batch = typeof RequestItems === 'object' ? Object.values(RequestItems).flatMap(({ Keys = [] }) => Keys) : [];
  const keys = [Key, Item, ...batch].flatMap((item) => item?.pk ?? []);
  const asked = KeyConditionExpression === undefined ? [] : keyConditions({ ...rest, KeyConditionExpression });
  // The partition key is the first condition, and the only one that has to be an equality.
  return [...new Set([...keys, ...asked.slice(0, 1).flatMap(({ equals }) => equals ?? [])].map(textOf))];
}

const textOf = ({ S, N }: AttributeValue): string => S ?? N ?? '';
