import { gunzipSync, gzipSync } from 'node:zlib';
import { cutBytes } from './item-parts.ts';

/** An item holds 400 KB at most, a message 1 MiB: a long body is packed and cut into items of its own. */
const INLINE_CHARACTERS = 50_000;

/** Cuts a body into pieces that fit an item. Null: it is short enough for its quarantine item. */
export function cutBody(body: string): Uint8Array[] | null {
  return body.length <= INLINE_CHARACTERS ? null : cutBytes(gzipSync(body));
}

/** Puts a body together again from its pieces, in order. */
export function joinBody(chunks: readonly Uint8Array[]): string {
  return gunzipSync(Buffer.concat(chunks)).toString();
}
