import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as z from 'zod';
import { mailContent } from '../contracts/frozen-mail.ts';
import type { MailContent } from '../contracts/mail.ts';
import type { Item } from './dynamo.ts';
import { cutBytes } from './item-parts.ts';
import { bytes, readItem, readPacked, UnreadableItemError } from './read-item.ts';

/**
 * What a mail says, as its items keep it: packed, and cut into as many parts as it needs. The first part stands in the
 * item `content`, which says how many there are and gives the hash of the whole; the other parts' keys contain that hash.
 */

/** The largest window: a digest says an id again megabytes further on. 5,000 rows come out at nearly half of gzip's. */
const PACKING = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 } };

const FIRST = 'operations mail-content#<mail> content';
const OTHER = 'operations mail-content#<mail> part#<hash>#<number>';

const firstItem = z.object({ content: bytes, parts: z.int().min(1), hash: z.string() });
const otherItem = z.object({ content: bytes });
const contentItem = z.object({ content: mailContent });

const hashOf = (packed: Uint8Array): string => createHash('sha256').update(packed).digest('base64url');

interface PackedMail {
  /** What the item `content` says. */
  first: { content: Uint8Array; parts: number; hash: string };
  /** The parts after the first, in order. */
  others: Uint8Array[];
}

/** Packs what a mail says, in parts each of which fits an item. */
export function packMail(content: MailContent): PackedMail {
  const packed = brotliCompressSync(JSON.stringify(content), PACKING);
  const [first = packed, ...others] = cutBytes(packed);
  return { first: { content: first, parts: 1 + others.length, hash: hashOf(packed) }, others };
}

/**
 * What a mail said, from its item `content`.
 * @param readOther reads the item of another part, by hash and number, from 1; null: there is none
 * @throws UnreadableItemError if a part is missing, or what they say together isn't what was packed
 */
export async function unpackMail(
  item: Item,
  readOther: (hash: string, number: number) => Promise<Item | null>,
): Promise<MailContent> {
  // Earlier releases kept it in one item: gzipped, and before reports were mailed as text.
  if (item.parts === undefined) return readPacked(contentItem, item, FIRST, 'content').content;
  const { content: first, parts, hash } = readItem(firstItem, item, FIRST);
  const others = await Promise.all(
    Array.from({ length: parts - 1 }, async (_, index) => {
      const other = await readOther(hash, index + 1);
      if (other === null) throw new UnreadableItemError(`an item ${OTHER} can't be read: there is none`);
      return readItem(otherItem, other, OTHER).content;
    }),
  );
  const packed = Buffer.concat([first, ...others]);
  if (hashOf(packed) !== hash)
    throw new UnreadableItemError(`an item ${FIRST} can't be read: hash: not that of its parts`);
  return readPacked(contentItem, { content: packed }, FIRST, 'content', brotliDecompressSync).content;
}
