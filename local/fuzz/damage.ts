import { type AttributeValue, DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EVENTS, referralKey } from '../../shared/store/keys.ts';
import type { Item } from '../cost/item-size.ts';
import type { Random } from '../simulate/random.ts';

/** Damage to what is stored, as a hand or a faulty tool does it: bytes, attributes that are missing or of another type. */

/** Attributes by which an index finds an item: DynamoDB takes no other type there. */
const INDEXED: Readonly<Record<string, 'S' | 'N'>> = {
  dueShard: 'S',
  wakeAt: 'N',
  coordinatorKey: 'S',
  liaisonKey: 'S',
  escalatedKey: 'S',
  urgentKey: 'S',
  practiceKey: 'S',
  receivedAt: 'N',
};

/** What was done to a referral. */
export interface Damage {
  referralId: string;
  what: string;
  /** Events of its log were damaged, so that it can't be made anew as it was. */
  ofLog: boolean;
}

/** Damages one of a referral's items. @returns what was done; null if nothing is stored of it */
export async function damageReferral(
  referralId: string,
  { client, table, items }: { client: DynamoDBClient; table: string; items: readonly Item[] },
  random: Random,
): Promise<Damage | null> {
  const own = items.filter(({ pk }) => pk?.S === referralKey(referralId));
  const [events, rest] = [own.filter(isEvent), own.filter((item) => !isEvent(item))];
  const item = events.length > 0 && (rest.length === 0 || random.chance(0.2)) ? random.pick(events) : rest[0];
  if (item === undefined) return null;
  const { pk, sk } = item as Record<'pk' | 'sk', AttributeValue>;
  const ofLog = isEvent(item);
  if (!ofLog && random.chance(0.1)) {
    await client.send(new DeleteItemCommand({ TableName: table, Key: { pk, sk } }));
    return { referralId, what: 'its item was taken away', ofLog };
  }
  const { changed, what } = withDamage(item, random);
  await client.send(new PutItemCommand({ TableName: table, Item: changed }));
  return { referralId, what: `${ofLog ? 'an event' : 'its item'}, ${what}`, ofLog };
}

function withDamage(item: Item, random: Random): { changed: Item; what: string } {
  const names = Object.keys(item).filter((name) => name !== 'pk' && name !== 'sk');
  const changed = { ...item };
  const what: string[] = [];
  for (let count = random.chance(0.8) ? 1 : random.int(2, names.length); count > 0; count -= 1) {
    const name = random.pick(names);
    const next = random.chance(0.25) ? undefined : damaged(name, item[name] as AttributeValue, random);
    if (next === undefined) delete changed[name];
    else changed[name] = next;
    what.push(`${name}: ${next === undefined ? 'missing' : JSON.stringify(next).slice(0, 60)}`);
  }
  return { changed, what: what.join('; ') };
}

const isEvent = ({ sk }: Item): boolean => sk?.S?.startsWith(EVENTS) === true;

function damaged(name: string, value: AttributeValue, random: Random): AttributeValue {
  const indexed = INDEXED[name];
  if (indexed === 'S') return { S: random.pick(['x', 'due#9#9', 'practice#', '\u{1F600}']) };
  if (indexed === 'N') return { N: random.pick(['0', '-1', '1e20', '0.5', '253402300799999']) };
  if (value.B !== undefined && random.chance(0.6)) return { B: otherBytes(value.B, random) };
  if (value.S !== undefined && random.chance(0.6)) return { S: otherText(value.S, random) };
  return random.pick<AttributeValue>([
    { S: '' },
    { S: 'x' },
    { N: '7' },
    { N: '-1.5' },
    { BOOL: true },
    { NULL: true },
    { B: new Uint8Array([1, 2, 3]) },
    { L: [] },
    { M: { version: { N: '1' } } },
    { SS: ['a'] },
  ]);
}

function otherBytes(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.3)) return bytes.slice(0, random.int(0, bytes.length - 1));
  const copy = bytes.slice();
  for (let count = random.int(1, 4); count > 0; count -= 1) copy[random.int(0, copy.length - 1)] = random.int(0, 255);
  return copy;
}

function otherText(text: string, random: Random): string {
  const end = random.int(0, Math.max(0, text.length - 1));
  return random.chance(0.5) ? text.slice(0, end) : `${text.slice(0, end)}\0${text.slice(end + 1)}`;
}
