import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { byCodePoint } from '../../shared/domain/code-point.ts';
import { canonicalText, type Item } from './item-size.ts';

/** The part of a Query that decides which entries it reads. Filters and projections do not change the price. */
export interface KeyConditions {
  readonly KeyConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

// The whole grammar of key conditions: `name op :value`, BETWEEN and begins_with, joined by AND.
const CONDITION =
  /begins_with\s*\(\s*(?<prefixed>[#\w.-]+)\s*,\s*(?<prefix>:\w+)\s*\)|(?<ranged>[#\w.-]+)\s+between\s+(?<low>:\w+)\s+and\s+(?<high>:\w+)|(?<name>[#\w.-]+)\s*(?<operator><=|>=|=|<|>)\s*(?<value>:\w+)/gi;

/** The test of one attribute, and its value if the test is for equality. */
interface KeyCondition {
  readonly name: string;
  readonly equals?: AttributeValue;
  readonly matches: (value: AttributeValue) => boolean;
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
  return [...query.KeyConditionExpression.matchAll(CONDITION)].map(({ groups = {} }) => {
    if (groups.prefixed) {
      const prefix = valued(groups.prefix);
      return { name: named(groups.prefixed), matches: (value) => startsWith(value, prefix) };
    }
    if (groups.ranged) {
      const [low, high] = [valued(groups.low), valued(groups.high)];
      const matches = (value: AttributeValue) => compareKeys(value, low) >= 0 && compareKeys(value, high) <= 0;
      return { name: named(groups.ranged), matches };
    }
    return comparison(named(groups.name), groups.operator ?? '', valued(groups.value));
  });
}

function comparison(name: string, operator: string, operand: AttributeValue): KeyCondition {
  switch (operator) {
    case '=': {
      const text = canonicalText(operand);
      return { name, equals: operand, matches: (value) => canonicalText(value) === text };
    }
    case '<':
      return { name, matches: (value) => compareKeys(value, operand) < 0 };
    case '<=':
      return { name, matches: (value) => compareKeys(value, operand) <= 0 };
    case '>':
      return { name, matches: (value) => compareKeys(value, operand) > 0 };
    case '>=':
      return { name, matches: (value) => compareKeys(value, operand) >= 0 };
    default:
      throw new Error(`Unknown key condition operator ${operator}`);
  }
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
