import { describe, expect, it } from 'vitest';
import { allows, readStatement } from './policy.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/referrals';
const allow = (Action: unknown, Resource: unknown, rest = {}) =>
  readStatement({ Effect: 'Allow', Action, Resource, ...rest });
const query = (resource: string, action = 'dynamodb:Query') => ({ action, resource });

describe('a role', () => {
  it.each([
    ['the action on the resource', [allow('dynamodb:Query', TABLE)]],
    ['one of several actions on one of several resources', [allow(['a:B', 'dynamodb:Query'], ['x', TABLE])]],
    ['the action in other letters, as IAM reads it', [allow('DynamoDB:query', TABLE)]],
    ['a star of actions', [allow('dynamodb:Q*', TABLE)]],
    ['a star of resources', [allow('dynamodb:Query', TABLE.replace('referrals', '*'))]],
    ['a question mark for one letter', [allow('dynamodb:Query', TABLE.replace('referrals', 'referral?'))]],
    ['it in the second statement', [allow('dynamodb:GetItem', TABLE), allow('dynamodb:Query', TABLE)]],
  ])('may do what it is allowed: %s', (_, statements) => {
    expect(allows(statements, query(TABLE))).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['another action', [allow('dynamodb:GetItem', TABLE)]],
    ['an action that begins the same', [allow('dynamodb:Quer', TABLE)]],
    ['another resource', [allow('dynamodb:Query', `${TABLE}-2`)]],
    ['only an index of the table', [allow('dynamodb:Query', `${TABLE}/index/due`)]],
    [
      'the action on one resource and the resource with another action',
      [allow('a:B', TABLE), allow('dynamodb:Query', 'x')],
    ],
    ['a name in which a dot is a dot', [allow('dynamodb.Query', TABLE)]],
    ['it on a condition', [allow('dynamodb:Query', TABLE, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })]],
  ])('may not do what it is not: it has %s', (_, statements) => {
    expect(allows(statements, query(TABLE))).toBe(false);
  });

  it('may not query an index for a right on its table', () => {
    expect(allows([allow('dynamodb:Query', TABLE)], query(`${TABLE}/index/due`))).toBe(false);
  });

  it.each([
    ['always', {}],
    ['on a condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ])('may not do what it is denied %s, whatever allows it', (_, rest) => {
    const denied = readStatement({ Effect: 'Deny', Action: 'dynamodb:*', Resource: '*', ...rest });
    expect(allows([allow('dynamodb:Query', TABLE), denied], query(TABLE))).toBe(false);
  });
});

describe('a role that is denied some keys', () => {
  const denial = (Condition: unknown) =>
    readStatement({ Effect: 'Deny', Action: 'dynamodb:Query', Resource: TABLE, Condition });
  const SEALED = { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['secret*', 'own'] } };
  const mayQuery = (condition: unknown, leadingKeys?: string[]) =>
    allows([allow('dynamodb:Query', TABLE), denial(condition)], {
      ...query(TABLE),
      ...(leadingKeys && { context: { 'dynamodb:LeadingKeys': leadingKeys } }),
    });

  it.each([
    ['other keys', ['open', 'not-own'], true],
    ['no key', [], true],
    ['such a key', ['own'], false],
    ['a key that begins so', ['secret#1'], false],
    ['such a key among others', ['open', 'secret#1'], false],
    ['keys that nobody knows', undefined, false],
  ])('may ask for %s or not', (_, keys, may) => {
    expect(mayQuery(SEALED, keys)).toBe(may);
  });

  it.each([
    ['operator', { 'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': ['secret*'] } }],
    ['key', { 'ForAnyValue:StringLike': { 'dynamodb:Attributes': ['secret*'] } }],
    ['second operator', { ...SEALED, Bool: { 'aws:SecureTransport': 'true' } }],
  ])('is denied on a condition with another %s, which nobody can judge here', (_, condition) => {
    expect(mayQuery(condition, ['own'])).toBe(false);
  });
});

describe('a statement', () => {
  it.each([
    [{ Effect: 'Allow', NotAction: 'a:B', Resource: '*' }, 'NotAction'],
    [{ Effect: 'Allow', Action: 'a:B', NotResource: 'x' }, 'NotResource'],
    [{ Effect: 'Maybe', Action: 'a:B', Resource: 'x' }, 'not Maybe'],
    [{ Effect: 'Allow', Action: 'a:B' }, 'Resource: expected text or a list of it, got undefined'],
    [{ Effect: 'Allow', Action: 'a:B', Resource: { Ref: 'Table' } }, 'got {"Ref":"Table"}'],
  ])('that cannot be judged is an error: %j', (statement, message) => {
    expect(() => readStatement(statement)).toThrow(message);
  });
});
