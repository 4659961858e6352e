import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { LastingError } from '../platform/lasting-error.ts';
import { ReferralError } from '../platform/logger.ts';
import type { Item } from './dynamo.ts';
import { referralIdOf, referralKey } from './keys.ts';

/**
 * An item doesn't say what this version can read. The message names the table, the shape of the key and the fields; it
 * has no key and no value, as these may be a patient's. Of an item of a referral the log gets the hash.
 */
export class UnreadableItemError extends LastingError {
  override readonly name = 'UnreadableItemError';

  constructor(message: string, { pk }: Item = {}) {
    const isReferrals = typeof pk === 'string' && pk.startsWith(referralKey(''));
    super(message, isReferrals ? { cause: new ReferralError(referralIdOf(pk), undefined) } : {});
  }
}

const MOST_FIELDS = 5;

/**
 * What an item says.
 * @param shape table and key as docs/data-model.md writes them: `referrals referral#<referral> 1#referral`
 * @throws UnreadableItemError if the item doesn't fit the schema
 */
export function readItem<T>(schema: z.ZodType<T>, item: Item, shape: string): T {
  const result = schema.safeParse(item);
  if (result.success) return result.data;
  const wrong = result.error.issues.slice(0, MOST_FIELDS).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UnreadableItemError(`an item ${shape} can't be read: ${wrong.join('; ')}`, item);
}

/**
 * What items say, each by itself.
 * @param onUnreadable is told of each that can't be read, and it is left out; without it one such fails all
 */
export function readEach<T>(
  items: readonly Item[],
  read: (item: Item) => T,
  onUnreadable?: (error: LastingError, item: Item) => void,
): T[] {
  return items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (!(error instanceof LastingError) || onUnreadable === undefined) throw error;
      onUnreadable(error, item);
      return [];
    }
  });
}

export const bytes = z.instanceof(Uint8Array);

/**
 * What an item says, one attribute of which holds JSON, as text or packed.
 * @param attribute its name; the schema has it unpacked. Zod could unpack it in a pipe, but takes 10 us more for it.
 * @param unpack what makes text of it
 * @throws UnreadableItemError if the attribute is no JSON or the item doesn't fit the schema
 */
export function readPacked<T>(
  schema: z.ZodType<T>,
  item: Item,
  shape: string,
  attribute: string,
  unpack: (packed: Uint8Array) => Uint8Array = gunzipSync,
): T {
  return readItem(schema, { ...item, [attribute]: jsonOf(item, shape, attribute, unpack) }, shape);
}

function jsonOf(item: Item, shape: string, attribute: string, unpack: (packed: Uint8Array) => Uint8Array): unknown {
  const stored = item[attribute];
  try {
    return JSON.parse(typeof stored === 'string' ? stored : unpack(stored as Uint8Array).toString());
  } catch {
    // The parser's own message quotes what it couldn't read.
    throw new UnreadableItemError(
      `an item ${shape} can't be read: ${attribute}: no JSON, or packed in another way`,
      item,
    );
  }
}
