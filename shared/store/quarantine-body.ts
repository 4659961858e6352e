import { gunzipSync, gzipSync } from 'node:zlib';

/** An item holds 400 KB at most, a message 1 MiB: a long body is packed and cut into items of its own. */
const INLINE_CHARACTERS = 50_000;
const CHUNK_BYTES = 350_000;

/** Cuts a body into pieces that fit an item. Null: it is short enough for its quarantine item. */
export function cutBody(body: string): Uint8Array[] | null {
  if (body.length <= INLINE_CHARACTERS) return null;
  const packed = gzipSync(body);
  const count = Math.ceil(packed.length / CHUNK_BYTES);
  return Array.from({ length: count }, (_, index) => packed.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES));
}

/** Puts a body together again from its pieces, in order. */
export function joinBody(chunks: readonly Uint8Array[]): string {
  return gunzipSync(Buffer.concat(chunks)).toString();
}
