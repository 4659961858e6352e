import {
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { TABLE } from '../cost/local-table.ts';

/** Calls of DynamoDB on the table of `local-table.ts`, of every kind that the product makes. */

const pk = fc.constantFrom('a', 'b');
const sk = fc.constantFrom('1', '2', '3', 'é', '𐐷');
const key = fc.record({ pk, sk });
const text = fc.constantFrom('x', 'y', 'z');
const number = fc.integer({ min: -3, max: 12 });
const attributes = fc.record(
  { shard: text, due: text, week: text, stage: text, version: number, note: fc.string({ maxLength: 9 }) },
  { requiredKeys: [] },
);
const values = fc
  .record({ low: number, more: fc.nat({ max: 5 }), text })
  // BETWEEN refuses bounds in the wrong order.
  .map(({ low, more, text }) => ({ ':n': low, ':m': low + more, ':t': text }));

/** `shard` is a reserved word, which the tables in memory don't check. */
const NAMES = { '#s': 'shard', '#v': 'version' };
const CONDITIONS = [
  undefined,
  'attribute_not_exists(pk)',
  'attribute_exists(pk)',
  'version = :n',
  'version <> :n',
  'attribute_not_exists(version) OR version < :n',
  'version >= :n AND (stage = :t OR NOT attribute_exists(due))',
  'version BETWEEN :n AND :m',
  'stage IN (:t, :n)',
  '#v IN (:n, :m) OR begins_with(note, :t)',
];
const UPDATES = [
  'SET version = :n, stage = :t REMOVE due',
  'SET version = if_not_exists(version, :n) + :m',
  'SET due = :t, #s = if_not_exists(#s, :t)',
  'REMOVE #s, week',
  'SET #v = #v - :n',
  'SET week = stage',
];
const KEY_CONDITIONS: [index: string | undefined, condition: string][] = [
  [undefined, 'pk = :p'],
  [undefined, 'pk = :p AND sk >= :s'],
  [undefined, 'pk = :p AND sk > :s'],
  [undefined, 'pk = :p AND sk < :s'],
  [undefined, 'pk = :p AND sk = :s'],
  [undefined, 'pk = :p AND sk BETWEEN :s AND :z'],
  [undefined, 'pk = :p AND begins_with(sk, :s)'],
  ['due', '#s = :t'],
  ['due', '#s = :t AND due <= :t'],
  ['cohort', 'week = :t'],
];

const COMMANDS = {
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  BatchGetItem: BatchGetItemCommand,
  Query: QueryCommand,
};
export type Call = [action: keyof typeof COMMANDS, input: object];
/** Plain data, which fast-check prints and shrinks well; a command is made of it when it is sent. */
const call = (...made: Call): Call => made;

/** Only what an expression refers to may be given along with it. */
function placeholders(expression: string, given: Record<string, unknown>) {
  const names = Object.entries(NAMES).filter(([name]) => expression.includes(name));
  const used = Object.entries(given).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
  return {
    ...(used.length > 0 && { ExpressionAttributeValues: marshall(Object.fromEntries(used)) }),
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
  };
}

export const calls = fc.oneof(
  fc
    .record({ key, attributes, condition: fc.constantFrom(...CONDITIONS), values })
    .map(({ key, attributes, condition = '', values }) =>
      call('PutItem', {
        TableName: TABLE,
        Item: marshall({ ...attributes, ...key }),
        ReturnValues: 'ALL_OLD',
        ...(condition && { ConditionExpression: condition }),
        ...placeholders(condition, values),
      }),
    ),
  fc
    .record({ key, update: fc.constantFrom(...UPDATES), condition: fc.constantFrom(...CONDITIONS), values })
    .map(({ key, update, condition = '', values }) =>
      call('UpdateItem', {
        TableName: TABLE,
        Key: marshall(key),
        UpdateExpression: update,
        ReturnValues: 'ALL_NEW',
        ...(condition && { ConditionExpression: condition }),
        ...placeholders(`${update} ${condition}`, values),
      }),
    ),
  fc.record({ key, condition: fc.constantFrom(...CONDITIONS), values }).map(({ key, condition = '', values }) =>
    call('DeleteItem', {
      TableName: TABLE,
      Key: marshall(key),
      ReturnValues: 'ALL_OLD',
      ...(condition && { ConditionExpression: condition }),
      ...placeholders(condition, values),
    }),
  ),
  key.map((key) => call('GetItem', { TableName: TABLE, Key: marshall(key), ConsistentRead: true })),
  fc
    .uniqueArray(key, { selector: ({ pk, sk }) => pk + sk, minLength: 1, maxLength: 4 })
    .map((keys) => call('BatchGetItem', { RequestItems: { [TABLE]: { Keys: keys.map((key) => marshall(key)) } } })),
  fc
    .record({
      over: fc.constantFrom(...KEY_CONDITIONS),
      values: fc.record({ ':p': pk, ':s': sk, ':t': text }),
      forward: fc.boolean(),
      limit: fc.option(fc.integer({ min: 1, max: 3 })),
      start: fc.option(sk),
      names: fc.constantFrom(undefined, 'pk, sk', 'sk, #v'),
    })
    .map(({ over: [index, condition], values, forward, limit, start, names }) =>
      call('Query', {
        TableName: TABLE,
        KeyConditionExpression: condition,
        ScanIndexForward: forward,
        ...(index && { IndexName: index }),
        ...(index === undefined && limit !== null && { Limit: limit }),
        // A start outside of what is asked for is refused.
        ...(condition === 'pk = :p' && start && { ExclusiveStartKey: marshall({ pk: values[':p'], sk: start }) }),
        ...(names && { ProjectionExpression: names }),
        ...placeholders(`${condition} ${names}`, { ...values, ':z': '𐐷' }),
      }),
    ),
);

export const commandOf = ([action, input]: Call): QueryCommand =>
  new (COMMANDS[action] as typeof QueryCommand)(input as QueryCommandInput);
