import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { canonicalText, type Item, valueSize } from '../cost/item-size.ts';
import { compareKeys } from '../cost/key-condition.ts';
import { validationError } from './errors.ts';

/**
 * The part of DynamoDB's expression language that works on top-level attributes: conditions (comparisons, BETWEEN, IN,
 * AND, OR, NOT, attribute_exists, attribute_not_exists, begins_with, size), updates (SET with `+`, `-` and
 * if_not_exists; REMOVE) and projections. Anything else is refused, never ignored.
 *
 * Source: Developer Guide, "Expressions in DynamoDB" (Expressions).
 */

/** Names and values that an expression refers to by `#name` and `:value`. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

type Test = (item: Item) => boolean;
type Operand = (item: Item) => AttributeValue | undefined;

const TOKEN = /\s*(?:(<=|>=|<>|[=<>(),+-])|([#:]?[\w-]+))/gy;

/** The tokens of expressions that were read before: there are few, and each is used for many items. */
const tokensByText = new Map<string, readonly string[]>();

function tokensOf(expression: string): readonly string[] {
  const known = tokensByText.get(expression);
  if (known) return known;
  const tokens = [...expression.matchAll(TOKEN)].map(([, sign, word]) => sign ?? word ?? '');
  const isWhole = tokens.join('') === expression.replace(/\s/g, '');
  if (!isWhole) throw validationError(`unreadable expression: ${expression}`);
  tokensByText.set(expression, tokens);
  return tokens;
}

/** Reads an expression token by token. Keywords are upper-cased for comparison only. */
class Tokens {
  readonly #tokens: readonly string[];
  readonly #placeholders: Placeholders;
  #next = 0;

  constructor(expression: string, placeholders: Placeholders) {
    this.#tokens = tokensOf(expression);
    this.#placeholders = placeholders;
  }

  get done(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** Takes the next token if it is this word or sign. */
  takes(word: string): boolean {
    if (this.#tokens[this.#next]?.toUpperCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  expect(word: string): void {
    if (!this.takes(word)) throw validationError(`expected ${word}, found ${this.#tokens[this.#next] ?? 'the end'}`);
  }

  take(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw validationError('the expression ends too early');
    this.#next += 1;
    return token;
  }

  name(): string {
    const token = this.take();
    if (!token.startsWith('#')) {
      if (/^[\w-]+$/.test(token)) return token;
      throw validationError(`expected an attribute name, found ${token}`);
    }
    const name = this.#placeholders.ExpressionAttributeNames?.[token];
    if (name === undefined) throw validationError(`the name ${token} is not defined`);
    return name;
  }

  operand(): Operand {
    if (this.takes('SIZE')) {
      this.expect('(');
      const name = this.name();
      this.expect(')');
      return (item) => (item[name] ? { N: String(valueSize(item[name])) } : undefined);
    }
    if (this.#tokens[this.#next]?.startsWith(':')) {
      const token = this.take();
      const value = this.#placeholders.ExpressionAttributeValues?.[token];
      if (value === undefined) throw validationError(`the value ${token} is not defined`);
      return () => value;
    }
    const name = this.name();
    return (item) => item[name];
  }
}

/** Reads a condition. Without one every item passes. */
export function readCondition(expression: string | undefined, placeholders: Placeholders): Test {
  if (expression === undefined) return () => true;
  const tokens = new Tokens(expression, placeholders);
  const test = anyOf(tokens);
  if (!tokens.done) throw validationError(`${tokens.take()} follows a whole condition`);
  return test;
}

function anyOf(tokens: Tokens): Test {
  const tests = [allOf(tokens)];
  while (tokens.takes('OR')) tests.push(allOf(tokens));
  return (item) => tests.some((test) => test(item));
}

function allOf(tokens: Tokens): Test {
  const tests = [one(tokens)];
  while (tokens.takes('AND')) tests.push(one(tokens));
  return (item) => tests.every((test) => test(item));
}

function one(tokens: Tokens): Test {
  if (tokens.takes('NOT')) {
    const test = one(tokens);
    return (item) => !test(item);
  }
  if (tokens.takes('(')) {
    const test = anyOf(tokens);
    tokens.expect(')');
    return test;
  }
  return functionCall(tokens) ?? comparison(tokens);
}

function functionCall(tokens: Tokens): Test | null {
  if (tokens.takes('ATTRIBUTE_EXISTS')) {
    const name = inBrackets(tokens);
    return (item) => item[name] !== undefined;
  }
  if (tokens.takes('ATTRIBUTE_NOT_EXISTS')) {
    const name = inBrackets(tokens);
    return (item) => item[name] === undefined;
  }
  if (tokens.takes('BEGINS_WITH')) {
    tokens.expect('(');
    const whole = tokens.operand();
    tokens.expect(',');
    const start = tokens.operand();
    tokens.expect(')');
    return (item) => whole(item)?.S?.startsWith(start(item)?.S ?? '\u0000') ?? false;
  }
  return null;
}

function inBrackets(tokens: Tokens): string {
  tokens.expect('(');
  const name = tokens.name();
  tokens.expect(')');
  return name;
}

function comparison(tokens: Tokens): Test {
  const left = tokens.operand();
  if (tokens.takes('BETWEEN')) {
    const low = tokens.operand();
    tokens.expect('AND');
    const high = tokens.operand();
    return (item) =>
      ordered(left(item), low(item), (order) => order >= 0) && ordered(left(item), high(item), (order) => order <= 0);
  }
  if (tokens.takes('IN')) {
    tokens.expect('(');
    const options = [tokens.operand()];
    while (tokens.takes(',')) options.push(tokens.operand());
    tokens.expect(')');
    return (item) => options.some((option) => isEqual(left(item), option(item)));
  }
  const sign = tokens.take();
  const right = tokens.operand();
  switch (sign) {
    case '=':
      return (item) => isEqual(left(item), right(item));
    case '<>':
      return (item) => !isEqual(left(item), right(item));
    case '<':
      return (item) => ordered(left(item), right(item), (order) => order < 0);
    case '<=':
      return (item) => ordered(left(item), right(item), (order) => order <= 0);
    case '>':
      return (item) => ordered(left(item), right(item), (order) => order > 0);
    case '>=':
      return (item) => ordered(left(item), right(item), (order) => order >= 0);
    default:
      throw validationError(`unknown comparison ${sign}`);
  }
}

/** An attribute that is absent equals nothing, so `<>` holds for it, as it does in DynamoDB. */
function isEqual(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  return left !== undefined && right !== undefined && canonicalText(left) === canonicalText(right);
}

/** Values of two types have no order: the condition is false. */
function ordered(
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
  holds: (order: number) => boolean,
): boolean {
  if (left === undefined || right === undefined) return false;
  const sameType = Object.keys(left)[0] === Object.keys(right)[0];
  return sameType && holds(compareKeys(left, right));
}

/** Reads an update and applies it to a copy of the item. */
export function readUpdate(expression: string | undefined, placeholders: Placeholders): (item: Item) => Item {
  if (expression === undefined) return (item) => ({ ...item });
  const tokens = new Tokens(expression, placeholders);
  const changes: ((before: Item, after: Item) => void)[] = [];
  while (!tokens.done) {
    if (tokens.takes('SET'))
      do changes.push(assignment(tokens));
      while (tokens.takes(','));
    else if (tokens.takes('REMOVE'))
      do changes.push(removal(tokens));
      while (tokens.takes(','));
    else throw validationError(`unknown clause ${tokens.take()}`);
  }
  return (item) => {
    const after = { ...item };
    for (const change of changes) change(item, after);
    return after;
  };
}

function removal(tokens: Tokens): (before: Item, after: Item) => void {
  const name = tokens.name();
  return (_before, after) => {
    delete after[name];
  };
}

function assignment(tokens: Tokens): (before: Item, after: Item) => void {
  const name = tokens.name();
  tokens.expect('=');
  const value = sum(tokens);
  return (before, after) => {
    const found = value(before);
    if (found === undefined) throw validationError('the expression refers to an attribute that is not in the item');
    after[name] = found;
  };
}

function sum(tokens: Tokens): Operand {
  const left = term(tokens);
  if (tokens.takes('+')) return added(left, term(tokens), 1);
  if (tokens.takes('-')) return added(left, term(tokens), -1);
  return left;
}

function added(left: Operand, right: Operand, sign: 1 | -1): Operand {
  return (item) => {
    const [first, second] = [left(item)?.N, right(item)?.N];
    if (first === undefined || second === undefined) throw validationError('an operand is not a number');
    return { N: String(Number(first) + sign * Number(second)) };
  };
}

function term(tokens: Tokens): Operand {
  if (!tokens.takes('IF_NOT_EXISTS')) return tokens.operand();
  tokens.expect('(');
  const name = tokens.name();
  tokens.expect(',');
  const fallback = tokens.operand();
  tokens.expect(')');
  return (item) => item[name] ?? fallback(item);
}

/** Reads a projection: which attributes of an item an answer holds. */
export function readProjection(expression: string | undefined, placeholders: Placeholders): (item: Item) => Item {
  if (expression === undefined) return (item) => item;
  const tokens = new Tokens(expression, placeholders);
  const names = [tokens.name()];
  while (tokens.takes(',')) names.push(tokens.name());
  return (item) => Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}
