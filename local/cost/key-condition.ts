import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import type { Item } from './item-size.ts';

/** The part of a Query that decides which entries it reads. Filters and projections do not change the price. */
export interface KeyConditions {
  readonly KeyConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

// The whole grammar of key conditions: `name op :value`, BETWEEN and begins_with, joined by AND.
const CONDITION =
  /begins_with\s*\(\s*(?<prefixed>[#\w.-]+)\s*,\s*(?<prefix>:\w+)\s*\)|(?<ranged>[#\w.-]+)\s+between\s+(?<low>:\w+)\s+and\s+(?<high>:\w+)|(?<name>[#\w.-]+)\s*(?<operator><=|>=|=|<|>)\s*(?<value>:\w+)/gi;

/** What one attribute has to be: a range in the order of sort keys, or a single value. */
export interface KeyCondition {
  readonly name: string;
  readonly equals?: AttributeValue;
  /** Where a value lies: negative below the range, 0 in it, positive above. */
  readonly side: (value: AttributeValue) => number;
}

/** The parts of expressions that were read before: there are few, and each is used for many queries. */
const partsByText = new Map<string, readonly Partial<Record<string, string>>[]>();

function partsOf(expression: string): readonly Partial<Record<string, string>>[] {
  const parts = partsByText.get(expression) ?? [...expression.matchAll(CONDITION)].map(({ groups = {} }) => groups);
  partsByText.set(expression, parts);
  return parts;
}

/** Reads a KeyConditionExpression. Throws if there is none, as the older `KeyConditions` isn't supported. */
export function keyConditions(query: KeyConditions): KeyCondition[] {
  if (!query.KeyConditionExpression) throw new Error('Only a Query with a KeyConditionExpression can be costed');
  const named = (text = '') => query.ExpressionAttributeNames?.[text] ?? text;
  const valued = (text = '') => {
    const value = query.ExpressionAttributeValues?.[text];
    if (!value) throw new Error(`The key condition's value ${text} is missing`);
    return value;
  };
  return partsOf(query.KeyConditionExpression).map((parts) => {
    if (parts.prefixed) {
      const prefix = valued(parts.prefix);
      const side = (value: AttributeValue) => (startsWith(value, prefix) ? 0 : compareKeys(value, prefix));
      return { name: named(parts.prefixed), side };
    }
    if (parts.ranged) {
      const [low, high] = [valued(parts.low), valued(parts.high)];
      const side = (value: AttributeValue) =>
        Math.min(0, compareKeys(value, low)) || Math.max(0, compareKeys(value, high));
      return { name: named(parts.ranged), side };
    }
    return comparison(named(parts.name), parts.operator ?? '', valued(parts.value));
  });
}

function comparison(name: string, operator: string, operand: AttributeValue): KeyCondition {
  switch (operator) {
    case '=':
      return { name, equals: operand, side: (value) => compareKeys(value, operand) };
    case '<':
      return { name, side: (value) => (compareKeys(value, operand) < 0 ? 0 : 1) };
    case '<=':
      return { name, side: (value) => Math.max(0, compareKeys(value, operand)) };
    case '>':
      return { name, side: (value) => (compareKeys(value, operand) > 0 ? 0 : -1) };
    case '>=':
      return { name, side: (value) => Math.min(0, compareKeys(value, operand)) };
    default:
      throw new Error(`Unknown key condition operator ${operator}`);
  }
}

/** The order of two items by some of their attributes, the first that differs. One that either lacks decides nothing. */
export function compareBy(names: readonly string[], one: Item, other: Item): number {
  for (const name of names) {
    const [left, right] = [one[name], other[name]];
    if (!left || !right) continue;
    const difference = compareKeys(left, right);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** DynamoDB's order of sort keys: numbers by value, strings and binary by bytes. */
export function compareKeys(one: AttributeValue, other: AttributeValue): number {
  if (one.N !== undefined && other.N !== undefined) return Number(one.N) - Number(other.N);
  // The order of code points is that of their UTF-8 bytes.
  if (one.S !== undefined && other.S !== undefined) return byCodePoint(one.S, other.S);
  return Buffer.compare(bytesOf(one), bytesOf(other));
}

function startsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  const start = bytesOf(prefix);
  return bytesOf(value).subarray(0, start.length).equals(start);
}

function bytesOf(value: AttributeValue): Buffer {
  if (value.B !== undefined) return Buffer.from(value.B);
  return Buffer.from(value.S ?? value.N ?? '');
}
